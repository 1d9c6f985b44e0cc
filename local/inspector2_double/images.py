"""Coverage and severity counts of the images that findings belong to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .documents import Document, value_at, values_at

_IMAGE_TYPE = "AWS_ECR_CONTAINER_IMAGE"
_DETAILS = ("details", "awsEcrContainerImage")
_LAYER = ("packageVulnerabilityDetails", "vulnerablePackages", "sourceLayerHash")
_COUNTED = ("critical", "high", "medium")


def derive_coverage(findings: Iterable[Document]) -> list[Document]:
    """A SUCCESSFUL CoveredResource for each image, last scanned when its newest finding changed."""
    covered: dict[str, dict[str, Any]] = {}
    for finding, image in _images(findings):
        entry = covered.setdefault(image["id"], _covered(finding, image))
        seen = finding.get("updatedAt", finding.get("lastObservedAt", 0))
        entry["lastScannedAt"] = max(entry.get("lastScannedAt", 0), seen)
    return [covered[image_id] for image_id in sorted(covered)]


def count_by_image(findings: Iterable[Document]) -> list[Document]:
    """An AwsEcrContainerAggregationResponse for each image, in the order of resource ids.

    Only ACTIVE findings are counted, as in the console; the API does not document it.
    """
    counted: dict[str, dict[str, Any]] = {}
    for finding, image in _images(findings):
        if finding.get("status") == "ACTIVE":
            row = counted.setdefault(image["id"], _counted(finding, image))
            _count(row["severityCounts"], str(finding.get("severity")).lower())
    return [counted[image_id] for image_id in sorted(counted)]


def count_by_layer(findings: Iterable[Document]) -> list[Document]:
    """An ImageLayerAggregationResponse for each layer in an image, by layer and resource id.

    A finding counts in each layer that one of its packages is in.
    """
    counted: dict[tuple[str, str], dict[str, Any]] = {}
    for finding, image in _images(findings):
        if finding.get("status") != "ACTIVE":
            continue
        for layer in sorted(set(values_at(finding, _LAYER))):
            row = counted.setdefault((layer, image["id"]), _counted_layer(finding, image, layer))
            _count(row["severityCounts"], str(finding.get("severity")).lower())
    return [counted[key] for key in sorted(counted)]


def _counted_layer(finding: Document, image: Document, layer: str) -> dict[str, Any]:
    return {
        "accountId": finding.get("awsAccountId"),
        "layerHash": layer,
        "repository": value_at(image, (*_DETAILS, "repositoryName")),
        "resourceId": image["id"],
        "severityCounts": dict.fromkeys(("all", *_COUNTED), 0),
    }


def _images(findings: Iterable[Document]) -> Iterator[tuple[Document, Document]]:
    for finding in findings:
        for resource in values_at(finding, ("resources",)):
            if value_at(resource, ("type",)) == _IMAGE_TYPE and isinstance(
                value_at(resource, ("id",)), str
            ):
                yield finding, resource


def _covered(finding: Document, image: Document) -> dict[str, Any]:
    name = value_at(image, (*_DETAILS, "repositoryName"))
    return {
        "resourceType": _IMAGE_TYPE,
        "resourceId": image["id"],
        "accountId": finding.get("awsAccountId"),
        "scanType": "PACKAGE",
        "scanStatus": {"statusCode": "ACTIVE", "reason": "SUCCESSFUL"},
        "resourceMetadata": {
            "ecrRepository": {"name": name, "scanFrequency": "CONTINUOUS_SCAN"},
            "ecrImage": {"tags": values_at(image, (*_DETAILS, "imageTags"))},
        },
    }


def _counted(finding: Document, image: Document) -> dict[str, Any]:
    known = {
        "accountId": finding.get("awsAccountId"),
        "architecture": value_at(image, (*_DETAILS, "architecture")),
        "imageSha": value_at(image, (*_DETAILS, "imageHash")),
        "repository": value_at(image, (*_DETAILS, "repositoryName")),
    }
    return {
        **{name: value for name, value in known.items() if value is not None},
        "resourceId": image["id"],
        "imageTags": values_at(image, (*_DETAILS, "imageTags")),
        "severityCounts": dict.fromkeys(("all", *_COUNTED), 0),
    }


def _count(counts: dict[str, int], severity: str) -> None:
    counts["all"] += 1
    if severity in _COUNTED:
        counts[severity] += 1

"""Findings as ListFindings selects them for one image. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from scan_brief.scan.request import ScanRequest

_IMAGE = "AWS_ECR_CONTAINER_IMAGE"


def select_findings(
    findings: Iterable[dict[str, Any]],
    request: ScanRequest,
    status: Literal["ACTIVE", "SUPPRESSED"] = "ACTIVE",
) -> Iterator[dict[str, Any]]:
    """The findings of the request's image with this status, in their order.

    findings: as boto3 returns them. The criteria are those of
    scan_brief.aws.inspector.Reader.list_findings.
    """
    for finding in findings:
        if finding.get("status") == status and any(
            _is_of_image(resource, request) for resource in finding.get("resources", []) if resource
        ):
            yield finding


def group_by_digest(
    findings: Iterable[dict[str, Any]], request: ScanRequest
) -> dict[str, list[dict[str, Any]]]:
    """The findings of all images in the request's repository, by the images' digests."""
    images: dict[str, list[dict[str, Any]]] = {}
    for finding in findings:
        for digest in {_find_digest(of, request) for of in finding.get("resources", []) if of}:
            if digest:
                images.setdefault(digest, []).append(finding)
    return images


def _find_digest(resource: Mapping[str, Any], request: ScanRequest) -> str:
    """Empty for a resource that is no image of the request's repository."""
    image = resource.get("details", {}).get("awsEcrContainerImage", {})
    found = str(image.get("imageHash") or "")
    return found if _is_of_image(resource, replace(request, digest=found)) else ""


def _is_of_image(resource: Mapping[str, Any], request: ScanRequest) -> bool:
    image = resource.get("details", {}).get("awsEcrContainerImage", {})
    return (
        resource.get("type") == _IMAGE
        and image.get("imageHash") == request.digest
        and image.get("repositoryName") == request.repository
        and image.get("registry") == request.registry.account
    )

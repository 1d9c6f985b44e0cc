"""Findings as ListFindings selects them for one image. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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


def _is_of_image(resource: Mapping[str, Any], request: ScanRequest) -> bool:
    image = resource.get("details", {}).get("awsEcrContainerImage", {})
    return (
        resource.get("type") == _IMAGE
        and image.get("imageHash") == request.digest
        and image.get("repositoryName") == request.repository
        and image.get("registry") == request.registry.account
    )

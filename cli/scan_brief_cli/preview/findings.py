"""Findings as boto3 returns them, and as ListFindings selects them for one image. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Literal

from botocore.loaders import create_loader
from botocore.model import ServiceModel, Shape
from botocore.parsers import ResponseParser, ResponseParserError, create_parser

from scan_brief.scan.request import ScanRequest
from scan_brief_cli.bad_input import BadInput

_IMAGE = "AWS_ECR_CONTAINER_IMAGE"


def parse_findings(findings: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each finding of a ListFindings response as boto3 returns it.

    boto3's own parser and model of the service: timestamps become datetimes, unknown members are
    dropped. Raises BadInput for a finding that the model does not fit.
    """
    parser, shape = _load_parser()
    for finding in findings:
        body = json.dumps({"findings": [finding]}).encode()
        try:
            parsed = parser.parse({"status_code": 200, "headers": {}, "body": body}, shape)
        except (AttributeError, TypeError, ValueError, ResponseParserError) as fault:
            raise BadInput(
                f"finding {finding['findingArn']}: not as ListFindings returns it: {fault}"
            ) from fault
        yield from parsed["findings"]


def select_findings(
    findings: Iterable[dict[str, Any]],
    request: ScanRequest,
    status: Literal["ACTIVE", "SUPPRESSED"] = "ACTIVE",
) -> Iterator[dict[str, Any]]:
    """The findings of the request's image with this status, in their order.

    findings: as parse_findings yields them. The criteria are those of
    scan_brief.aws.inspector.list_findings.
    """
    for finding in findings:
        if finding.get("status") == status and any(
            _is_of_image(resource, request) for resource in finding.get("resources", [])
        ):
            yield finding


@cache
def _load_parser() -> tuple[ResponseParser, Shape]:
    """The parser of the service's protocol, and the shape of ListFindings' output."""
    model = ServiceModel(create_loader().load_service_model("inspector2", "service-2"))
    shape = model.operation_model("ListFindings").output_shape
    return create_parser(model.resolved_protocol), shape


def _is_of_image(resource: Mapping[str, Any], request: ScanRequest) -> bool:
    image = resource.get("details", {}).get("awsEcrContainerImage", {})
    return (
        resource.get("type") == _IMAGE
        and image.get("imageHash") == request.digest
        and image.get("repositoryName") == request.repository
        and image.get("registry") == request.registry.account
    )

"""The only module that calls AWS: Amazon Inspector2's ListFindings and ListCoverage, their faults
given names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection

from scan_brief.findings.finding import Json
from scan_brief.scan.errors import InspectorRefused, InspectorUnavailable
from scan_brief.scan.request import ScanRequest

_PAGE_SIZE = 100  # the API's most; a page of 100 weighs about 260 KB
_PASSING = (
    "ThrottlingException",
    "TooManyRequestsException",
    "InternalServerException",
    "ServiceUnavailable",
)


def connect(*, connect_timeout: float = 5, read_timeout: float = 20, tries: int = 3) -> Any:
    """An Inspector2 client. A page may take `read_timeout` seconds, and is asked for `tries` times
    at the most; longer pauses are the state machine's, which waits without paying for a
    function."""
    retries = {"mode": "standard", "total_max_attempts": tries}
    return boto3.client(
        "inspector2",
        config=Config(connect_timeout=connect_timeout, read_timeout=read_timeout, retries=retries),
    )


def list_findings(client: Any, request: ScanRequest) -> Iterator[Json]:
    """Every active finding of the request's image, page by page, in the API's own order.

    Yields Finding structures of botocore's model; raises InspectorUnavailable or InspectorRefused.
    """
    criteria = {
        "ecrImageHash": _equals(request.digest),
        "ecrImageRepositoryName": _equals(request.repository),
        "ecrImageRegistry": _equals(request.registry.account),
        "resourceType": _equals("AWS_ECR_CONTAINER_IMAGE"),
        "findingStatus": _equals("ACTIVE"),  # what the API returns without it is not documented
    }
    return _pages(client, "list_findings", "findings", criteria)


def list_coverage(client: Any, request: ScanRequest) -> list[Json]:
    """What Inspector knows of the request's image, by tag or by digest: CoveredResource structures.

    There is no filter for a digest; a covered image's resourceId is REPOSITORY_ARN/DIGEST, as in
    findings.
    """
    criteria = {
        "ecrRepositoryName": _equals(request.repository),
        "accountId": _equals(request.registry.account),
        "resourceType": _equals("AWS_ECR_CONTAINER_IMAGE"),
    }
    if request.tag:
        criteria["ecrImageTags"] = _equals(request.tag)
    else:
        criteria["resourceId"] = _equals(f"{request.repository_arn}/{request.digest}")
    return list(_pages(client, "list_coverage", "coveredResources", criteria))


def _pages(client: Any, operation: str, key: str, criteria: dict[str, Any]) -> Iterator[Json]:
    pages = client.get_paginator(operation).paginate(
        filterCriteria=criteria, PaginationConfig={"PageSize": _PAGE_SIZE}
    )
    with _named_faults(operation):
        for page in pages:
            yield from page[key]


def _equals(value: str | None) -> list[dict[str, str | None]]:
    return [{"comparison": "EQUALS", "value": value}]


@contextmanager
def _named_faults(operation: str) -> Iterator[None]:
    """The state machine retries by the error's name: what may pass apart from what will not."""
    try:
        yield
    except ClientError as fault:
        status = fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        passing = fault.response["Error"]["Code"] in _PASSING or status == 429 or status >= 500
        raise (InspectorUnavailable if passing else InspectorRefused)(
            f"{operation}: {fault}"
        ) from fault
    except (HTTPClientError, NoConnection) as fault:  # no connection, no answer in time
        raise InspectorUnavailable(f"{operation}: {fault}") from fault
    except BotoCoreError as fault:  # no credentials, a parameter that the API does not have
        raise InspectorRefused(f"{operation}: {fault}") from fault

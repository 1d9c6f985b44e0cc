"""The only module that calls AWS: Amazon Inspector's ListFindings and ListCoverage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import boto3
from botocore.config import Config

from scan_brief.aws.faults import FAULTS, PASSING, classify
from scan_brief.scan.errors import InspectorRefused, InspectorUnavailable
from scan_brief.scan.request import ScanRequest

if TYPE_CHECKING:
    from mypy_boto3_inspector2 import Inspector2Client
    from mypy_boto3_inspector2.type_defs import (
        CoverageFilterCriteriaTypeDef,
        CoverageStringFilterTypeDef,
        FilterCriteriaTypeDef,
        ListCoverageResponseTypeDef,
        ListFindingsResponseTypeDef,
        PaginatorConfigTypeDef,
        StringFilterTypeDef,
    )

    from scan_brief.model import CoveredResource, Finding

_PAGES: PaginatorConfigTypeDef = {"PageSize": 100}  # the API's maximum, about 260 KB


def connect(
    *, connect_timeout: float = 5, read_timeout: float = 20, tries: int = 3
) -> Inspector2Client:
    """An Inspector client that waits `read_timeout` seconds for a page, at most `tries` times.

    Longer pauses are the state machine's, which waits without paying for a function.
    """
    retries = {"mode": "standard", "total_max_attempts": tries}
    client: Inspector2Client = boto3.client(
        "inspector2",
        config=Config(connect_timeout=connect_timeout, read_timeout=read_timeout, retries=retries),
    )
    return client


def list_findings(
    client: Inspector2Client,
    request: ScanRequest,
    status: Literal["ACTIVE", "SUPPRESSED"] = "ACTIVE",
) -> Iterator[Finding]:
    """Every finding with this status of the request's image, page by page, in the API's own order.

    SUPPRESSED: hidden by the account's suppression rules. Raises InspectorUnavailable or
    InspectorRefused.
    """
    criteria: FilterCriteriaTypeDef = {
        "ecrImageHash": _equals(request.digest),
        "ecrImageRepositoryName": _equals(request.repository),
        "ecrImageRegistry": _equals(request.registry.account),
        "resourceType": _equals("AWS_ECR_CONTAINER_IMAGE"),
        # The API's documentation does not say which findings it returns without this.
        "findingStatus": _equals(status),
    }
    paginator = client.get_paginator("list_findings")
    pages: Iterable[ListFindingsResponseTypeDef] = paginator.paginate(
        filterCriteria=criteria, PaginationConfig=_PAGES
    )
    with _named_faults("list_findings"):
        for page in pages:
            yield from page["findings"]


def list_coverage(client: Inspector2Client, request: ScanRequest) -> list[CoveredResource]:
    """What Inspector knows of the request's image, by tag or by digest.

    The API has no filter for a digest, but the resourceId of a covered image is
    REPOSITORY_ARN/DIGEST, as in findings. Raises InspectorUnavailable or InspectorRefused.
    """
    criteria: CoverageFilterCriteriaTypeDef = {
        "ecrRepositoryName": _covers(request.repository),
        "accountId": _covers(request.registry.account),
        "resourceType": _covers("AWS_ECR_CONTAINER_IMAGE"),
    }
    if request.tag:
        criteria["ecrImageTags"] = _covers(request.tag)
    else:
        criteria["resourceId"] = _covers(f"{request.repository_arn}/{request.digest}")
    paginator = client.get_paginator("list_coverage")
    pages: Iterable[ListCoverageResponseTypeDef] = paginator.paginate(
        filterCriteria=criteria, PaginationConfig=_PAGES
    )
    with _named_faults("list_coverage"):
        return [resource for page in pages for resource in page["coveredResources"]]


def _equals(value: str) -> list[StringFilterTypeDef]:
    return [{"comparison": "EQUALS", "value": value}]


def _covers(value: str) -> list[CoverageStringFilterTypeDef]:
    return [{"comparison": "EQUALS", "value": value}]


@contextmanager
def _named_faults(operation: str) -> Iterator[None]:
    """The state machine retries by the error's name, so what may pass has a name of its own."""
    try:
        yield
    except FAULTS as fault:
        found = classify(fault)
        error = InspectorUnavailable if found.kind in PASSING else InspectorRefused
        raise error(f"{operation}: {found.said}") from fault

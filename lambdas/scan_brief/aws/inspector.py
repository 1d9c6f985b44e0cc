"""What is asked of Amazon Inspector: ListFindings and ListCoverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from botocore.config import Config

from scan_brief.aws.lanes import read_side_by_side
from scan_brief.aws.listing import Listing
from scan_brief.aws.pace import Pace, Stopped
from scan_brief.aws.session import create_client
from scan_brief.findings.agreement import count_announced
from scan_brief.scan.errors import InspectorUnavailable
from scan_brief.scan.request import Registry, ScanRequest

if TYPE_CHECKING:
    from mypy_boto3_inspector2 import Inspector2Client
    from mypy_boto3_inspector2.type_defs import (
        CoverageFilterCriteriaTypeDef,
        CoverageStringFilterTypeDef,
        FilterCriteriaTypeDef,
        StringFilterTypeDef,
    )

    from scan_brief.model import CoveredResource, Finding

    FindingStatus = Literal["ACTIVE", "SUPPRESSED"]

# Inspector's service model in the bundle. The runtime's own may be older, and botocore drops what
# its model does not have. Without the folder, as in a checkout, botocore's own model is used.
_MODELS = Path(__file__).parents[2] / "aws-models"

_GONE = ("RESOURCE_TERMINATED", "IMAGE_ARCHIVED")
_CONNECTIONS = 12  # those of a lookup, and of two more calls next to it


def connect(*, connect_timeout: float = 5, read_timeout: float = 20) -> Inspector2Client:
    """An Inspector client that waits `read_timeout` seconds for a page, and tries it once.

    botocore's retries do not wait for as long as Inspector asks; those of aws.listing do.
    """
    retries = {"mode": "standard", "total_max_attempts": 1}
    config = Config(
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        retries=retries,
        max_pool_connections=_CONNECTIONS,
    )
    client: Inspector2Client = create_client("inspector2", config, [_MODELS])
    return client


class Reader:
    """What one invocation reads of Inspector. complete: no listing ended for lack of time."""

    def __init__(self, client: Inspector2Client, pace: Pace) -> None:
        self.complete = True
        self.client = client
        self.pace = pace

    def list_findings(self, request: ScanRequest, status: FindingStatus) -> Iterator[Finding]:
        """Every finding with this status of the request's image, in any order.

        One may come more than once. SUPPRESSED: hidden by the account's suppression rules. If the
        time runs out, the findings end and `complete` is False. Raises InspectorUnavailable or
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
        listing = Listing(self.client, self.pace, "list_findings", criteria)
        if status == "ACTIVE" and request.announced:
            listing.announced = count_announced(request.announced)
        try:
            for rows in read_side_by_side(listing, self.pace):
                yield from rows
        except Stopped:
            self.complete = False

    def list_matching(self, criteria: FilterCriteriaTypeDef) -> Iterator[Finding]:
        """Every active finding of images that fulfils the criteria, as list_findings does."""
        whole: FilterCriteriaTypeDef = {
            "resourceType": _equals("AWS_ECR_CONTAINER_IMAGE"),
            "findingStatus": _equals("ACTIVE"),
            **criteria,
        }
        listing = Listing(self.client, self.pace, "list_findings", whole)
        try:
            for rows in read_side_by_side(listing, self.pace):
                yield from rows
        except Stopped:
            self.complete = False

    def find(self, arns: Sequence[str]) -> Iterator[Finding]:
        """The findings with these ARNs, at most 10. Raises InspectorUnavailable or
        InspectorRefused.
        """
        criteria: FilterCriteriaTypeDef = {
            "findingArn": [{"comparison": "EQUALS", "value": arn} for arn in arns]
        }
        try:
            for page in Listing(self.client, self.pace, "list_findings", criteria).pages():
                yield from page.rows
        except Stopped:
            return

    def list_inactive(
        self, registry: Registry, repositories: Sequence[str]
    ) -> Iterator[CoveredResource]:
        """Images that are not scanned, of these repositories (at most 10), or of all.

        Raises InspectorUnavailable or InspectorRefused.
        """
        criteria: CoverageFilterCriteriaTypeDef = {
            "accountId": _covers(registry.account),
            "resourceType": _covers("AWS_ECR_CONTAINER_IMAGE"),
            "scanStatusCode": _covers("INACTIVE"),
            "scanStatusReason": [{"comparison": "NOT_EQUALS", "value": reason} for reason in _GONE],
        }
        if repositories:
            criteria["ecrRepositoryName"] = [_covers(name)[0] for name in repositories]
        try:
            for page in Listing(self.client, self.pace, "list_coverage", criteria).pages():
                yield from page.rows
        except Stopped:
            self.complete = False

    def list_coverage(self, request: ScanRequest) -> list[CoveredResource]:
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
        listing = Listing(self.client, self.pace, "list_coverage", criteria)
        covered: list[CoveredResource]
        try:
            covered = [resource for page in listing.pages() for resource in page.rows]
        except Stopped:
            raise InspectorUnavailable("list_coverage: the function's time is used up") from None
        return list({str(resource.get("resourceId")): resource for resource in covered}.values())


def _equals(value: str) -> list[StringFilterTypeDef]:
    return [{"comparison": "EQUALS", "value": value}]


def _covers(value: str) -> list[CoverageStringFilterTypeDef]:
    return [{"comparison": "EQUALS", "value": value}]

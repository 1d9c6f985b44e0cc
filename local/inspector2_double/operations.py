"""The six operations of Inspector2 that the double serves: request in, response out. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from .documents import Document, Path
from .errors import invalid
from .filters import (
    COVERAGE_COMPARISONS,
    COVERAGE_PATHS,
    FINDING_COMPARISONS,
    FINDING_PATHS,
    IMAGE_PATHS,
    LAYER_PATHS,
    read_filters,
    select,
)
from .order import read_direction, sort_findings
from .paging import cut_page, request_scope
from .store import Store

Answer = dict[str, Any]
_ARN = re.compile(
    r"arn:(aws[a-zA-Z-]*)?:inspector2:[a-z]{2}(-gov)?-[a-z]+-\d:\d{12}:finding/[a-f0-9]{32}"
)
_IMAGE_ARN = re.compile(
    r"arn:.*:ecr:.*:\d{12}:repository/[a-zA-Z0-9._/-]+(/sha256:[a-z0-9]{64})?", re.ASCII
)
_IMAGE_SORT = {"ALL": "all", "CRITICAL": "critical", "HIGH": "high"}
_MOST_ARNS = 10
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_OWN_ACCOUNT = "111122223333"
_MOST_ACCOUNTS = 100


class Query(NamedTuple):
    """A request, the documents, and how many rows at most it lists (None: all)."""

    store: Store
    request: Document
    visible: int | None = None


class Operation(NamedTuple):
    """An operation's name and its function, which raises WireError."""

    name: str
    answer: Callable[[Query], Answer]


class _Listing(NamedTuple):
    operation: str
    member: str
    largest: int

    def answer(self, query: Query, compute: Callable[[], Sequence[Document]]) -> Answer:
        scope = request_scope(self.operation, query.request)
        rows = query.store.remember(scope, compute)[: query.visible]
        page, more = cut_page(rows, query.request, scope=scope, largest=self.largest)
        return {self.member: page, **more}


_FINDINGS = _Listing("ListFindings", "findings", 100)
_COVERAGE = _Listing("ListCoverage", "coveredResources", 200)


class _Aggregation(NamedTuple):
    """An aggregation type: its member of the unions, its filters and its rows."""

    member: str
    paths: Mapping[str, Path]
    rows: Callable[[Store], Sequence[Document]]


_AGGREGATION_TYPES = {
    "AWS_ECR_CONTAINER": _Aggregation(
        "awsEcrContainerAggregation", IMAGE_PATHS, lambda store: store.image_counts
    ),
    "IMAGE_LAYER": _Aggregation(
        "imageLayerAggregation", LAYER_PATHS, lambda store: store.layer_counts
    ),
}
_AGGREGATIONS = _Listing("ListFindingAggregations", "responses", 100)

_CLUSTERS = _Listing("GetClustersForImage", "cluster", 100)


def list_findings(query: Query) -> Answer:
    """ListFindings: all filters must match; in order of findingArn or sorted; pages of 100."""
    store, request, _ = query
    _check_members(request, ("filterCriteria", "sortCriteria", "maxResults", "nextToken"))

    def compute() -> Sequence[Document]:
        filters = read_filters(request.get("filterCriteria"), FINDING_PATHS, FINDING_COMPARISONS)
        return sort_findings(select(store.findings, filters), request.get("sortCriteria"))

    return _FINDINGS.answer(query, compute)


def list_coverage(query: Query) -> Answer:
    """ListCoverage: all filters must match; in the order given; pages of 200."""
    store, request, _ = query
    _check_members(request, ("filterCriteria", "maxResults", "nextToken"))

    def compute() -> Sequence[Document]:
        filters = read_filters(request.get("filterCriteria"), COVERAGE_PATHS, COVERAGE_COMPARISONS)
        return select(store.coverage, filters)

    return _COVERAGE.answer(query, compute)


def list_finding_aggregations(query: Query) -> Answer:
    """ListFindingAggregations of AWS_ECR_CONTAINER and IMAGE_LAYER, pages of at most 100."""
    store, request, _ = query
    members = ("aggregationType", "aggregationRequest", "accountIds", "maxResults", "nextToken")
    _check_members(request, members)
    aggregation = _AGGREGATION_TYPES.get(str(request.get("aggregationType")))
    if aggregation is None:
        supported = " and ".join(_AGGREGATION_TYPES)
        raise invalid("aggregationType", f"this double only supports {supported}")

    def compute() -> Sequence[Document]:
        rows = aggregation.rows(store)
        return [{aggregation.member: row} for row in _aggregate(rows, request, aggregation)]

    listed = _AGGREGATIONS.answer(query, compute)
    return {"aggregationType": request["aggregationType"], **listed}


def batch_get_finding_details(query: Query) -> Answer:
    """BatchGetFindingDetails for 1 to 10 ARNs; `errors` lists the ARNs without details."""
    store, request, _ = query
    _check_members(request, ("findingArns",))
    arns = request.get("findingArns")
    if not isinstance(arns, list) or not 1 <= len(arns) <= _MOST_ARNS:
        raise invalid("findingArns", f"must be a list of 1 to {_MOST_ARNS} finding ARNs")
    for number, arn in enumerate(arns):
        if not isinstance(arn, str) or not _ARN.fullmatch(arn):
            raise invalid(f"findingArns[{number}]", "must be the ARN of a finding")
    known = store.details_by_arn
    missing = [_not_found(arn) for arn in arns if arn not in known]
    return {"findingDetails": [known[arn] for arn in arns if arn in known], "errors": missing}


def get_clusters_for_image(query: Query) -> Answer:
    """GetClustersForImage: the clusters that the double has for the image, in pages of 100."""
    store, request, _ = query
    _check_members(request, ("filter", "maxResults", "nextToken"))
    criteria = request.get("filter")
    image = criteria.get("resourceId") if isinstance(criteria, dict) else None
    if not isinstance(image, str) or not _IMAGE_ARN.fullmatch(image):
        raise invalid("filter.resourceId", "must be the ARN of an image")
    return _CLUSTERS.answer(query, lambda: store.clusters.get(image, ()))


def batch_get_account_status(query: Query) -> Answer:
    """BatchGetAccountStatus for up to 100 accounts; without accountIds, the sample's account."""
    store, request, _ = query
    _check_members(request, ("accountIds",))
    accounts = request.get("accountIds", [_OWN_ACCOUNT])
    if not isinstance(accounts, list) or len(accounts) > _MOST_ACCOUNTS:
        raise invalid("accountIds", f"must be a list of at most {_MOST_ACCOUNTS} account ids")
    for number, account in enumerate(accounts):
        if not isinstance(account, str) or not _ACCOUNT.fullmatch(account):
            raise invalid(f"accountIds[{number}]", "must be 12 digits")
    statuses = [(account, store.statuses.get(account, "ENABLED")) for account in accounts]
    return {
        "accounts": [_account_state(account, status) for account, status in statuses],
        "failedAccounts": [],
    }


OPERATIONS: Mapping[str, Operation] = {
    "/findings/list": Operation("ListFindings", list_findings),
    "/coverage/list": Operation("ListCoverage", list_coverage),
    "/findings/aggregation/list": Operation("ListFindingAggregations", list_finding_aggregations),
    "/findings/details/batch/get": Operation("BatchGetFindingDetails", batch_get_finding_details),
    "/cluster/get": Operation("GetClustersForImage", get_clusters_for_image),
    "/status/batch/get": Operation("BatchGetAccountStatus", batch_get_account_status),
}


def _check_members(request: Document, allowed: Collection[str]) -> None:
    for name in request:
        if name not in allowed:
            raise invalid(name, f"is not a member of the request; members: {', '.join(allowed)}")


def _aggregate(
    rows: Sequence[Document], request: Document, aggregation: _Aggregation
) -> list[Document]:
    criteria = _read_aggregation(request.get("aggregationRequest"), aggregation.member)
    sort_by, sort_order = criteria.pop("sortBy", None), criteria.pop("sortOrder", None)
    where = f"aggregationRequest.{aggregation.member}"
    filters = read_filters(criteria, aggregation.paths, FINDING_COMPARISONS, where)
    if "accountIds" in request:
        accounts = {"accountIds": request["accountIds"]}
        filters += read_filters(accounts, aggregation.paths, FINDING_COMPARISONS, "request")
    return _sort_images(select(rows, filters), sort_by, sort_order)


def _read_aggregation(union: object, member: str) -> dict[str, Any]:
    if union is None:
        return {}
    criteria = union.get(member) if isinstance(union, dict) and len(union) == 1 else None
    if not isinstance(criteria, dict):
        raise invalid("aggregationRequest", f"must hold {member}, and nothing else")
    return dict(criteria)


def _sort_images(rows: list[Document], sort_by: object, sort_order: object) -> list[Document]:
    # The API does not document its default order; here it is DESC.
    descending = read_direction(sort_order or "DESC", "sortOrder")
    if sort_by is None:
        return rows
    if sort_by not in tuple(_IMAGE_SORT):
        raise invalid("sortBy", f"must be one of {', '.join(_IMAGE_SORT)}")
    counted = _IMAGE_SORT[str(sort_by)]
    return sorted(rows, key=lambda row: int(row["severityCounts"][counted]), reverse=descending)


def _not_found(arn: str) -> Answer:
    message = "There are no details for this finding."
    return {"findingArn": arn, "errorCode": "FINDING_DETAILS_NOT_FOUND", "errorMessage": message}


def _account_state(account: str, status: str) -> Answer:
    """The model requires EC2's state too, which nothing reads."""
    ecr, ec2 = _state(status), _state("DISABLED")
    return {"accountId": account, "state": ecr, "resourceState": {"ec2": ec2, "ecr": ecr}}


def _state(status: str) -> Answer:
    # The model requires an error code without an error too, and has no code for that.
    return {"status": status, "errorCode": "ALREADY_ENABLED", "errorMessage": "No error"}

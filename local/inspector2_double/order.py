"""The order of findings: by findingArn, unless the request has sort criteria. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .documents import Document, Path, value_at
from .errors import invalid

_IMAGE: Path = ("resources", "details", "awsEcrContainerImage")
_PACKAGE: Path = ("packageVulnerabilityDetails",)
# The API documents no order of severities; this is the console's, lowest first.
_SEVERITIES = ("UNTRIAGED", "INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL")

_SORT_PATHS: Mapping[str, Path] = {
    "AWS_ACCOUNT_ID": ("awsAccountId",),
    "ECR_IMAGE_PUSHED_AT": (*_IMAGE, "pushedAt"),
    "ECR_IMAGE_REGISTRY": (*_IMAGE, "registry"),
    "ECR_IMAGE_REPOSITORY_NAME": (*_IMAGE, "repositoryName"),
    "EPSS_SCORE": ("epss", "score"),
    "FINDING_STATUS": ("status",),
    "FINDING_TYPE": ("type",),
    "FIRST_OBSERVED_AT": ("firstObservedAt",),
    "INSPECTOR_SCORE": ("inspectorScore",),
    "LAST_OBSERVED_AT": ("lastObservedAt",),
    "RESOURCE_TYPE": ("resources", "type"),
    "SEVERITY": ("severity",),
    "VENDOR_SEVERITY": (*_PACKAGE, "vendorSeverity"),
    "VULNERABILITY_ID": (*_PACKAGE, "vulnerabilityId"),
    "VULNERABILITY_SOURCE": (*_PACKAGE, "source"),
}

Key = tuple[float, str]


def sort_findings(findings: Iterable[Document], criteria: object) -> tuple[Document, ...]:
    """The findings in the order of a SortCriteria (None: findingArn).

    Equal findings are in the order of findingArn; those without a value are last.
    """
    by_arn = sorted(findings, key=lambda finding: str(finding.get("findingArn")))
    if criteria is None:
        return tuple(by_arn)
    field, descending = _read_criteria(criteria)
    keys = [_key(field, finding) for finding in by_arn]
    valued = [(key, number) for number, key in enumerate(keys) if key is not None]
    # The sort is stable in both directions: equal findings stay in the order of their ARNs.
    valued.sort(key=lambda pair: pair[0], reverse=descending)
    missing = [finding for finding, key in zip(by_arn, keys, strict=True) if key is None]
    return (*(by_arn[number] for _, number in valued), *missing)


def read_direction(value: object, where: str) -> bool:
    """Whether a sortOrder is DESC. Raises ValidationException if it is neither ASC nor DESC."""
    if value not in ("ASC", "DESC"):
        raise invalid(where, "must be ASC or DESC")
    return value == "DESC"


def _read_criteria(criteria: object) -> tuple[str, bool]:
    if not isinstance(criteria, dict) or set(criteria) != {"field", "sortOrder"}:
        raise invalid("sortCriteria", "must hold field and sortOrder, and nothing else")
    field = criteria["field"]
    if not isinstance(field, str) or field not in _SORT_PATHS:
        supported = ", ".join(sorted(_SORT_PATHS))
        raise invalid(
            "sortCriteria.field", f"this double does not sort by it; supported: {supported}"
        )
    return field, read_direction(criteria["sortOrder"], "sortCriteria.sortOrder")


def _key(field: str, finding: Document) -> Key | None:
    value = value_at(finding, _SORT_PATHS[field])
    if value is None:
        return None
    if field == "SEVERITY":
        return (float(_SEVERITIES.index(value)) if value in _SEVERITIES else -1.0, "")
    if isinstance(value, (int, float)):
        return (float(value), "")
    return (0.0, str(value))

"""The filters of a request: read strictly, then matched against documents. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .date_filters import DATE_PATHS, DateFilter, read_date_filter
from .documents import Document, Path, values_at
from .errors import invalid

FINDING_COMPARISONS = ("EQUALS", "PREFIX", "NOT_EQUALS")
COVERAGE_COMPARISONS = ("EQUALS", "NOT_EQUALS")
_MOST_VALUES = 10
_LONGEST_VALUE = 1024

_IMAGE: Path = ("resources", "details", "awsEcrContainerImage")
_PACKAGE: Path = ("packageVulnerabilityDetails",)

FINDING_PATHS: Mapping[str, Path] = {
    "awsAccountId": ("awsAccountId",),
    "ecrImageArchitecture": (*_IMAGE, "architecture"),
    "ecrImageHash": (*_IMAGE, "imageHash"),
    "ecrImageRegistry": (*_IMAGE, "registry"),
    "ecrImageRepositoryName": (*_IMAGE, "repositoryName"),
    "ecrImageTags": (*_IMAGE, "imageTags"),
    "exploitAvailable": ("exploitAvailable",),
    "findingArn": ("findingArn",),
    "findingStatus": ("status",),
    "findingType": ("type",),
    "fixAvailable": ("fixAvailable",),
    "resourceId": ("resources", "id"),
    "resourceType": ("resources", "type"),
    "severity": ("severity",),
    "title": ("title",),
    "vendorSeverity": (*_PACKAGE, "vendorSeverity"),
    "vulnerabilityId": (*_PACKAGE, "vulnerabilityId"),
    "vulnerabilitySource": (*_PACKAGE, "source"),
    **DATE_PATHS,
}

COVERAGE_PATHS: Mapping[str, Path] = {
    "accountId": ("accountId",),
    "ecrImageTags": ("resourceMetadata", "ecrImage", "tags"),
    "ecrRepositoryName": ("resourceMetadata", "ecrRepository", "name"),
    "resourceId": ("resourceId",),
    "resourceType": ("resourceType",),
    "scanStatusCode": ("scanStatus", "statusCode"),
    "scanStatusReason": ("scanStatus", "reason"),
    "scanType": ("scanType",),
}

IMAGE_PATHS: Mapping[str, Path] = {
    "accountIds": ("accountId",),
    "architectures": ("architecture",),
    "imageShas": ("imageSha",),
    "imageTags": ("imageTags",),
    "repositories": ("repository",),
    "resourceIds": ("resourceId",),
}

LAYER_PATHS: Mapping[str, Path] = {
    "accountIds": ("accountId",),
    "layerHashes": ("layerHash",),
    "repositories": ("repository",),
    "resourceIds": ("resourceId",),
}


@dataclass(frozen=True)
class StringFilter:
    """One filter: the path to its values, and which values it accepts or refuses.

    EQUALS and PREFIX are alternatives. NOT_EQUALS must all hold: as alternatives they would accept
    everything. Security Hub documents this for filters of the same shape; Inspector does not.
    """

    path: Path
    equal: frozenset[str]
    prefixes: tuple[str, ...]
    refused: frozenset[str]

    def accepts(self, document: Document) -> bool:
        """Whether the document passes. A document without a value passes if none is required."""
        values = [value for value in values_at(document, self.path) if isinstance(value, str)]
        if not self.refused.isdisjoint(values):
            return False
        if not (self.equal or self.prefixes):
            return True
        return not self.equal.isdisjoint(values) or any(
            value.startswith(self.prefixes) for value in values
        )


def select(
    documents: Iterable[Document], filters: Collection[StringFilter | DateFilter]
) -> list[Document]:
    """The documents that pass every filter, in their order."""
    return [
        document for document in documents if all(filter_.accepts(document) for filter_ in filters)
    ]


def read_filters(
    criteria: object,
    paths: Mapping[str, Path],
    comparisons: Collection[str],
    where: str = "filterCriteria",
) -> list[StringFilter | DateFilter]:
    """The filters of `criteria`. Raises ValidationException for an unknown or malformed filter."""
    if criteria is None:
        return []
    if not isinstance(criteria, dict):
        raise invalid(where, "must be an object")
    for name in criteria:
        if name not in paths:
            supported = ", ".join(sorted(paths))
            raise invalid(
                f"{where}.{name}",
                f"this double does not support the filter; supported: {supported}",
            )
    return [
        read_date_filter(f"{where}.{name}", paths[name], value)
        if name in DATE_PATHS
        else _read_filter(f"{where}.{name}", paths[name], value, comparisons)
        for name, value in criteria.items()
    ]


def _read_filter(
    where: str, path: Path, entries: object, comparisons: Collection[str]
) -> StringFilter:
    if not isinstance(entries, list) or not 1 <= len(entries) <= _MOST_VALUES:
        raise invalid(where, f"must be a list of 1 to {_MOST_VALUES} string filters")
    read = [
        _read_value(f"{where}[{number}]", entry, comparisons)
        for number, entry in enumerate(entries)
    ]
    by = {
        comparison: [value for used, value in read if used == comparison]
        for comparison in FINDING_COMPARISONS
    }
    return StringFilter(
        path, frozenset(by["EQUALS"]), tuple(by["PREFIX"]), frozenset(by["NOT_EQUALS"])
    )


def _read_value(where: str, entry: object, comparisons: Collection[str]) -> tuple[str, str]:
    if not isinstance(entry, dict) or set(entry) != {"comparison", "value"}:
        raise invalid(where, "must hold comparison and value, and nothing else")
    comparison, value = entry["comparison"], entry["value"]
    if comparison not in comparisons:
        raise invalid(f"{where}.comparison", f"must be one of {', '.join(comparisons)}")
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST_VALUE:
        raise invalid(f"{where}.value", f"must be a string of 1 to {_LONGEST_VALUE} characters")
    return comparison, value

"""What a digest asks of Amazon Inspector: findings and coverage of many repositories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from scan_brief_common.patterns import prefix_of

if TYPE_CHECKING:
    from mypy_boto3_inspector2.type_defs import (
        DateFilterTypeDef,
        FilterCriteriaTypeDef,
        StringFilterTypeDef,
    )

    from scan_brief.aws.inspector import Reader
    from scan_brief.model import CoveredResource, Finding
    from scan_brief.scan.request import Registry

_MOST_ROWS = 20_000  # of what only makes a digest more complete
_VALUES = 10  # Amazon Inspector API Reference, FilterCriteria: of each filter


class DigestReader:
    """Reads for an audience. routes: names of repositories, or prefixes followed by *."""

    def __init__(self, reader: Reader, registry: Registry, routes: Sequence[str]) -> None:
        self._reader = reader
        self._registry = registry
        self._filters = _filter_names(routes)
        self._coverage_filters = _filter_coverage(routes)

    @property
    def complete(self) -> bool:
        """Whether no listing ended for lack of time."""
        return self._reader.complete

    def list_new(self, since: datetime, until: datetime) -> Iterator[Finding]:
        """Findings that were first observed within the time, both ends included.

        Raises InspectorUnavailable or InspectorRefused.
        """
        observed: DateFilterTypeDef = {"startInclusive": since, "endInclusive": until}
        for names in self._filters:
            yield from self._list({**names, "firstObservedAt": [observed]})

    def list_fixed(self, since: datetime, until: datetime) -> Iterator[Finding]:
        """Findings with a fix that changed within the time, both ends included."""
        updated: DateFilterTypeDef = {"startInclusive": since, "endInclusive": until}
        fixes = [_equals(value) for value in ("YES", "PARTIAL")]
        for names in self._filters:
            yield from self._list({**names, "updatedAt": [updated], "fixAvailable": fixes})

    def list_unfixed(self) -> Iterator[Finding]:
        """Findings that not all packages have a fix for, as far as they are read for a digest."""
        fixes = [_equals(value) for value in ("NO", "PARTIAL")]
        for names in self._filters:
            yield from islice(self._list({**names, "fixAvailable": fixes}), _MOST_ROWS)

    def list_open(self, ids: Sequence[str]) -> Iterator[Finding]:
        """Findings of these vulnerabilities."""
        for at in range(0, len(ids), _VALUES):
            named = [_equals(name) for name in ids[at : at + _VALUES]]
            for names in self._filters:
                yield from self._list({**names, "vulnerabilityId": named})

    def list_inactive(self) -> Iterator[CoveredResource]:
        """Images that are not scanned, except for those that are deleted or archived."""
        for names in self._coverage_filters:
            yield from islice(self._reader.list_inactive(self._registry, names), _MOST_ROWS)

    def _list(self, criteria: FilterCriteriaTypeDef) -> Iterator[Finding]:
        own = _equals(self._registry.account)
        yield from self._reader.list_matching({**criteria, "ecrImageRegistry": [own]})


def _filter_names(routes: Sequence[str]) -> list[FilterCriteriaTypeDef]:
    """A filter for each listing, which together list every repository of the routes."""
    if any(prefix_of(route) == "" for route in routes):
        return [{}]
    values = [_write(route) for route in routes if not _is_covered(route, routes)]
    return [
        {"ecrImageRepositoryName": values[at : at + _VALUES]}
        for at in range(0, len(values), _VALUES)
    ]


def _filter_coverage(routes: Sequence[str]) -> list[Sequence[str]]:
    """Names of repositories for each listing; none for all: coverage has no filter for prefixes."""
    if any(prefix_of(route) is not None for route in routes):
        return [()]
    return [routes[at : at + _VALUES] for at in range(0, len(routes), _VALUES)]


def _equals(value: str) -> StringFilterTypeDef:
    return {"comparison": "EQUALS", "value": value}


def _write(route: str) -> StringFilterTypeDef:
    prefix = prefix_of(route)
    if prefix is None:
        return _equals(route)
    return {"comparison": "PREFIX", "value": prefix}


def _is_covered(route: str, routes: Sequence[str]) -> bool:
    prefixes = [prefix for other in routes if other != route and (prefix := prefix_of(other))]
    return route.startswith(tuple(prefixes)) if prefixes else False

"""Pure: which repositories the registry's scanning configuration covers."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from scan_brief.untrusted import read_objects

if TYPE_CHECKING:
    from scan_brief.model import RepositoryFilter, ScanningConfiguration, ScanningRule

_SCANNING = ("CONTINUOUS_SCAN", "SCAN_ON_PUSH")


def matches(pattern: str, repository: str) -> bool:
    """A filter with * must match the whole name; a filter without * must occur in it.

    Amazon ECR user guide, "Filters to choose which repositories are scanned in Amazon ECR".
    """
    if "*" not in pattern:
        return pattern in repository
    literal = pattern.replace("[", "[[]").replace("?", "[?]")
    return fnmatchcase(repository, literal)


def is_enhanced(configuration: ScanningConfiguration) -> bool:
    """Whether Inspector scans the registry; without a type, its scanning is basic."""
    return configuration.get("scanType") == "ENHANCED"


def is_covered(configuration: ScanningConfiguration, repository: str) -> bool | None:
    """Whether a rule of enhanced scanning covers the repository; None if that is not known."""
    known = True
    rules: list[ScanningRule] = list(read_objects(configuration.get("rules")))
    for rule in rules:
        filters: list[RepositoryFilter] = list(read_objects(rule.get("repositoryFilters")))
        for each in filters:
            known = known and each.get("filterType") == "WILDCARD"
            pattern = str(each.get("filter"))
            if rule.get("scanFrequency") in _SCANNING and matches(pattern, repository):
                return True
    return False if known else None

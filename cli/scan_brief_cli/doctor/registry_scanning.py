"""Pure: does the registry's scanning configuration have Inspector scan a repository?

The registry's own answer is read, not BatchGetRepositoryScanningConfiguration, which a repository's
policy can deny.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scan_brief_cli.doctor.check import Check, failure, ok, warning
from scan_brief_cli.doctor.conditions import like

NAME = "registry-scanning"
_SCANNING = ("CONTINUOUS_SCAN", "SCAN_ON_PUSH")
_CONSOLE = "ECR console, Private registry, Settings, Scanning configuration"


def matches(pattern: str, repository: str) -> bool:
    """A filter with * has to be the whole name, * being any text; one without * only has to occur
    in it.

    Amazon ECR user guide, "Filters to choose which repositories are scanned in Amazon ECR".
    """
    return like(repository, pattern) if "*" in pattern else pattern in repository


def check_registry(answer: Mapping[str, Any], repository: str | None) -> Check:
    """`answer` of GetRegistryScanningConfiguration; without a repository only the type of scanning
    counts.
    """
    configuration = answer.get("scanningConfiguration") or {}
    kind = configuration.get("scanType") or "BASIC"  # what holds where nothing was ever set
    if kind != "ENHANCED":
        said = f"the registry's scanning is {kind}, not ENHANCED: Inspector scans nothing"
        return failure(NAME, said, f"{_CONSOLE}: choose enhanced scanning")
    if repository is None:
        return ok(NAME, "the registry's scanning is ENHANCED")
    return _check_rules(configuration.get("rules") or [], repository)


def _check_rules(rules: list[Mapping[str, Any]], repository: str) -> Check:
    filters = [(one, rule["scanFrequency"]) for rule in rules for one in rule["repositoryFilters"]]
    known = [(one["filter"], how) for one, how in filters if one["filterType"] == "WILDCARD"]
    found = [(pattern, how) for pattern, how in known if matches(pattern, repository)]
    scanning = [(pattern, how) for pattern, how in found if how in _SCANNING]
    if scanning:
        pattern, how = min(scanning, key=lambda one: _SCANNING.index(one[1]))
        return ok(
            NAME,
            f'registry scanning is ENHANCED; its filter "{pattern}" covers {repository} ({how})',
        )
    if len(known) < len(filters):
        said = (
            f"whether the registry's filters cover {repository} cannot be told: one is of a kind"
            " unknown here"
        )
        return warning(NAME, said, f"look at it: {_CONSOLE}")
    if found:
        pattern, how = found[0]
        said = f'the registry\'s filter "{pattern}" covers {repository}, but its frequency is {how}'
        return failure(NAME, said, f"{_CONSOLE}: scan continuously or on push")
    given = ", ".join(f'"{pattern}"' for pattern, _ in known) or "none"
    said = f"no filter of the registry's enhanced scanning covers {repository}; filters: {given}"
    return failure(
        NAME,
        said,
        f"{_CONSOLE}: add a filter for it; one without * covers every name that it occurs in",
    )

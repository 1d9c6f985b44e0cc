"""Whether the registry's scanning configuration makes Inspector scan a repository. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scan_brief.scan.scanning_rules import matches
from scan_brief_cli.doctor.check import Check, failure, ok, warning

NAME = "registry-scanning"
_SCANNING = ("CONTINUOUS_SCAN", "SCAN_ON_PUSH")
_CONSOLE = "ECR console, Private registry, Settings, Scanning configuration"


def check_registry(answer: Mapping[str, Any], repository: str | None) -> Check:
    """answer: of GetRegistryScanningConfiguration. Without a repository, checks the type only.

    A repository's policy can deny BatchGetRepositoryScanningConfiguration, but not this operation.
    """
    configuration = answer.get("scanningConfiguration") or {}
    kind = configuration.get("scanType") or "BASIC"  # the default
    if kind != "ENHANCED":
        text = f"the registry's scanning is {kind}, not ENHANCED: Inspector scans nothing"
        return failure(NAME, text, f"{_CONSOLE}: choose enhanced scanning")
    if repository is None:
        return ok(NAME, "the registry's scanning is ENHANCED")
    return _check_rules(configuration.get("rules") or [], repository)


def _check_rules(rules: list[Mapping[str, Any]], repository: str) -> Check:
    filters = [
        (repository_filter, rule["scanFrequency"])
        for rule in rules
        for repository_filter in rule["repositoryFilters"]
    ]
    known = [(each["filter"], how) for each, how in filters if each["filterType"] == "WILDCARD"]
    found = [(pattern, how) for pattern, how in known if matches(pattern, repository)]
    scanning = [(pattern, how) for pattern, how in found if how in _SCANNING]
    if scanning:
        pattern, how = min(scanning, key=lambda pair: _SCANNING.index(pair[1]))
        return ok(
            NAME,
            f'registry scanning is ENHANCED; its filter "{pattern}" covers {repository} ({how})',
        )
    if len(known) < len(filters):
        text = (
            f"whether the registry's filters cover {repository} cannot be determined: one has a"
            " type that this version does not know"
        )
        return warning(NAME, text, f"check it: {_CONSOLE}")
    if found:
        pattern, how = found[0]
        text = f'the registry\'s filter "{pattern}" covers {repository}, but its frequency is {how}'
        return failure(NAME, text, f"{_CONSOLE}: scan continuously or on push")
    given = ", ".join(f'"{pattern}"' for pattern, _ in known) or "none"
    text = f"no filter of the registry's enhanced scanning covers {repository}; filters: {given}"
    return failure(
        NAME,
        text,
        f"{_CONSOLE}: add a filter for it; a filter without * covers every name that contains it",
    )

"""Which repositories the registry's scanning configuration has Inspector scan."""

from __future__ import annotations

from typing import Any

import pytest

from scan_brief.scan.scanning_rules import matches
from scan_brief_cli.doctor.registry_scanning import check_registry


@pytest.mark.parametrize(
    ("pattern", "repository", "expected"),
    [
        ("*", "sample-app", True),
        ("*", "team/sample-app", True),
        ("sample", "sample-app", True),  # without a wildcard it only has to occur
        ("app", "team/sample-app", True),
        ("sample-app", "sample-app", True),
        ("sample-app-2", "sample-app", False),
        ("sample*", "sample-app", True),
        ("sample*", "team/sample-app", False),  # with one it is the whole name
        ("*app", "team/sample-app", True),
        ("*app", "sample-app-2", False),
        ("*ample*app*", "team/sample-app-2", True),
        ("sample-app*", "sample-app", True),
        ("team/*", "team/sample-app", True),
        ("a.b", "axb", False),
        ("a.b*", "axbc", False),
    ],
)
def test_a_filter(pattern: str, repository: str, expected: bool) -> None:
    assert matches(pattern, repository) is expected


def enhanced(*rules: tuple[str, str], kind: str = "WILDCARD") -> dict[str, Any]:
    given = [
        {"scanFrequency": how, "repositoryFilters": [{"filter": pattern, "filterType": kind}]}
        for how, pattern in rules
    ]
    return {
        "registryId": "111122223333",
        "scanningConfiguration": {"scanType": "ENHANCED", "rules": given},
    }


BASIC = {
    "scanningConfiguration": {"scanType": "BASIC", "rules": [{"scanFrequency": "SCAN_ON_PUSH"}]}
}


@pytest.mark.parametrize(
    ("answer", "verdict", "expected"),
    [
        (
            enhanced(("CONTINUOUS_SCAN", "*")),
            "ok",
            'its filter "*" covers sample-app (CONTINUOUS_SCAN)',
        ),
        (
            enhanced(("SCAN_ON_PUSH", "sample")),
            "ok",
            'its filter "sample" covers sample-app (SCAN_ON_PUSH)',
        ),
        (
            enhanced(("SCAN_ON_PUSH", "*"), ("CONTINUOUS_SCAN", "sample*")),
            "ok",
            "(CONTINUOUS_SCAN)",
        ),
        (enhanced(("MANUAL", "*"), ("SCAN_ON_PUSH", "app")), "ok", "(SCAN_ON_PUSH)"),
        (enhanced(("MANUAL", "*")), "failure", "its frequency is MANUAL"),
        (
            enhanced(("CONTINUOUS_SCAN", "prod-*"), ("SCAN_ON_PUSH", "x")),
            "failure",
            'filters: "prod-*", "x"',
        ),
        (enhanced(), "failure", "filters: none"),
        (
            enhanced(("SCAN_ON_PUSH", "app"), kind="PREFIX"),
            "warning",
            "a type that this version does not know",
        ),
        (BASIC, "failure", "BASIC, not ENHANCED"),
        ({}, "failure", "BASIC, not ENHANCED"),
        ({"scanningConfiguration": {}}, "failure", "BASIC, not ENHANCED"),
    ],
)
def test_a_configuration(answer: dict[str, Any], verdict: str, expected: str) -> None:
    check = check_registry(answer, "sample-app")
    assert (check.name, check.verdict) == ("registry-scanning", verdict)
    assert expected in check.text
    assert bool(check.advice) == (verdict != "ok")


def test_without_a_repository_only_the_type_counts() -> None:
    assert check_registry(enhanced(), None).verdict == "ok"
    assert check_registry(BASIC, None).verdict == "failure"

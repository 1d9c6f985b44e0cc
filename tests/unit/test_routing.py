"""Filters of routes: what passes, and when nothing is known to be exploited."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from scan_brief.findings.reported import count_known_exploited
from scan_brief.model import WorstSeverity
from scan_brief_common.routing import MINIMUM_SEVERITIES, NOT_KNOWN, list_passing, passes
from tests.unit.builders import make_finding, make_report

IN_DOUBT = {"UNTRIAGED", "OTHER", "UNKNOWN"}


def test_what_is_in_doubt_passes_every_minimum_and_a_clean_image_none() -> None:
    words = {word for kind in get_args(WorstSeverity) for word in (*get_args(kind), kind)}
    severities = {word for word in words if isinstance(word, str)}
    assert severities == {*MINIMUM_SEVERITIES, *IN_DOUBT, "NONE"}
    for place, minimum in enumerate(MINIMUM_SEVERITIES):
        assert set(list_passing(minimum)) == {*MINIMUM_SEVERITIES[: place + 1], *IN_DOUBT}


@pytest.mark.parametrize(
    ("severity", "exploited", "minimum", "only", "expected"),
    [
        ("LOW", 0, None, False, True),
        ("NONE", 0, None, False, True),
        ("LOW", 1, "HIGH", False, False),
        ("HIGH", 0, "HIGH", False, True),
        ("HIGH", 0, "HIGH", True, False),
        ("HIGH", 1, "HIGH", True, True),
        ("LOW", 1, None, True, True),
        ("LOW", 1, "HIGH", True, False),
        ("UNKNOWN", NOT_KNOWN, "CRITICAL", True, True),
        ("NONE", 0, "INFORMATIONAL", False, False),
        ("NONE", 0, None, True, False),
    ],
)
def test_both_conditions_must_hold(
    severity: str, exploited: int, minimum: str | None, only: bool, expected: bool
) -> None:
    found = passes(severity, exploited, minimum=minimum, known_exploited_only=only)
    assert found == expected


ASKED = {"findings": 1, "left": 0, "failure": None}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, 0),
        ({"knownExploited": 2, "lookedUp": {**ASKED, "left": 5}}, 2),
        ({"knownExploited": 2, "settled": "NO"}, 2),
        ({"lookedUp": None}, NOT_KNOWN),
        ({"lookedUp": {**ASKED, "left": 1}}, NOT_KNOWN),
        ({"settled": "NO"}, NOT_KNOWN),
        ({"complete": False}, NOT_KNOWN),
        ({"total": 0, "lookedUp": None}, 0),
        ({"total": 0, "lookedUp": None, "unconfirmed": "NO_COUNTS"}, NOT_KNOWN),
    ],
)
def test_zero_is_said_only_if_every_finding_was_looked_up(changed: Any, expected: int) -> None:
    made: Any = make_report([make_finding()])
    report: Any = {**made, "settled": "YES", "lookedUp": ASKED, **changed}
    assert count_known_exploited(report) == expected

"""ranking: each rule of the order, that no two findings tie, in any order of arrival."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan_brief.findings.finding import SEVERITIES
from scan_brief.findings.ranking import rank, take_top
from tests.unit.builders import make_finding
from tests.unit.findings.finding_shapes import findings


def member(name: str, *values: Any) -> list[dict[str, Any]]:
    """Findings that differ in one member, and in their ids, whose order is the opposite."""
    return [make_finding(900 - place, **{name: value}) for place, value in enumerate(values)]


def cvss(score: float | None, version: str) -> dict[str, Any]:
    return {"cvss": [] if score is None else [{"baseScore": score, "version": version}]}


# Each list is in the right order, by the one rule that its name gives.
RULES = {
    "severity": member("severity", *SEVERITIES, "CATASTROPHIC"),
    "exploit": member("exploitAvailable", "YES", "NO"),
    "EPSS": member("epss", {"score": 0.9}, {"score": 0.1}, {"score": 0.0}, None),
    "score": member("inspectorScore", 9.8, 4.0, 0.0, None),
    "CVSS": member("details", cvss(9.0, "3.1"), cvss(8.0, "2.0"), cvss(7.0, "4.0"), cvss(None, "")),
    "fix": member("fixAvailable", "YES", "PARTIAL", "NO", "SOON"),
    "id": [make_finding(1), make_finding(2), make_finding(10)],
    "ARN": [make_finding(1, findingArn=arn) for arn in ("arn:aws:a", "arn:aws:b")],
}
# The first of each pair wins by one rule and loses by the later ones.
WINNERS = [
    ({"severity": "CRITICAL"}, {"exploitAvailable": "YES"}),
    ({"exploitAvailable": "YES"}, {"epss": {"score": 1.0}}),
    ({"epss": {"score": 0.2}}, {"inspectorScore": 10.0, "epss": {"score": 0.1}}),
    ({"inspectorScore": 7.0, "fixAvailable": "NO"}, {"inspectorScore": 6.9, "fixAvailable": "YES"}),
    ({"fixAvailable": "PARTIAL"}, {"fixAvailable": "NO"}),
]


@pytest.mark.parametrize("ranked", RULES.values(), ids=RULES)
def test_each_rule_puts_findings_in_order(ranked: list[dict[str, Any]]) -> None:
    for seed in range(5):
        shuffled = random.Random(seed).sample(ranked, len(ranked))  # noqa: S311
        assert take_top(shuffled, 50) == ranked


@pytest.mark.parametrize(("winner", "loser"), WINNERS)
def test_an_earlier_rule_wins_over_later_rules(
    winner: dict[str, Any], loser: dict[str, Any]
) -> None:
    first, second = make_finding(2, **winner), make_finding(1, **loser)
    assert take_top([second, first], 2) == [first, second]


def test_no_more_findings_are_selected_than_requested() -> None:
    assert len(take_top((make_finding(number) for number in range(100)), 7)) == 7
    assert take_top([], 7) == []


@given(st.lists(findings(), min_size=2, max_size=2))
def test_no_two_findings_tie(pair: list[dict[str, Any]]) -> None:
    left, right = ({**finding, "findingArn": f"arn:{place}"} for place, finding in enumerate(pair))
    assert rank(left) != rank(right)
    assert (rank(left) < rank(right)) != (rank(right) < rank(left))


@given(st.lists(findings(), max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(
    listed: list[dict[str, Any]], chance: random.Random
) -> None:
    numbered = [{**finding, "findingArn": f"arn:{place}"} for place, finding in enumerate(listed)]
    assert take_top(chance.sample(numbered, len(numbered)), 4) == take_top(numbered, 4)

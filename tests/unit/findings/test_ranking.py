"""ranking: each term of the order, that no two findings tie, in any order of arrival."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan_brief.findings.finding import SEVERITIES
from scan_brief.findings.ranking import Best, make_candidate, order
from scan_brief.findings.risk import RiskFacts, estimate_risk
from scan_brief.model import Intelligence
from tests.unit.builders import make_finding, make_package
from tests.unit.findings.finding_shapes import findings
from tests.unit.findings.test_selection import NOTHING

REMOTE = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
LOCAL = "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"
WEAK = "CVSS:3.1/AV:N/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"


def cvss(vector: str, score: float = 7.5, version: str = "3.1") -> dict[str, Any]:
    entry = {"baseScore": score, "version": version, "scoringVector": vector}
    return {"details": {"cvss": [entry]}}


def reach(*stated: str | None) -> dict[str, Any]:
    packages = [make_package(runtimeReachability=value) for value in stated]
    return {"details": {"vulnerablePackages": packages}}


def known(*, exploited: bool = False, epss: float | None = None) -> Intelligence:
    return {**NOTHING, "knownExploited": exploited, "epss": epss}


def rank_all(given: list[dict[str, Any]], **found: Intelligence) -> list[str]:
    """The ids in order, from any order of arrival."""
    by_id = {name.replace("_", "-"): value for name, value in found.items()}
    orders = set()
    for seed in range(5):
        shuffled = random.Random(seed).sample(given, len(given))  # noqa: S311
        candidates = [make_candidate(finding) for finding in shuffled]
        orders.add(tuple(candidate.id for candidate in order(candidates, by_id)))
    assert len(orders) == 1
    return list(orders.pop())


# Findings that differ in these members, in the right order.
RULES: dict[str, list[dict[str, Any]]] = {
    "severity": [{"severity": name} for name in SEVERITIES[:4]],
    "exploit code": [{"exploitAvailable": "YES"}, {"exploitAvailable": "NO"}],
    "EPSS": [{"epss": {"score": score}} for score in (0.9, 0.1, 0.01, 0.0)],
    "EPSS before severity": [
        {"severity": "MEDIUM", "epss": {"score": 0.94}},
        {"severity": "HIGH", "epss": {"score": 0.001}},
    ],
    "no EPSS is not the least EPSS": [{"severity": "HIGH"}, {"epss": {"score": 0.0}}],
    "vector": [cvss(REMOTE), cvss(LOCAL), cvss(WEAK)],
    "vector of version 4": [
        cvss("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", version="4.0"),
        cvss("CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", version="4.0"),
    ],
    "vector of version 2": [
        cvss("AV:N/AC:L/Au:N/C:C/I:C/A:C", version="2.0"),
        cvss("AV:N/AC:M/Au:S/C:P/I:N/A:N", version="2.0"),
    ],
    "young EPSS and vector": [
        {**cvss(REMOTE), "epss": {"score": 0.0005}},
        {**cvss(WEAK), "epss": {"score": 0.0006}},
    ],
    "score": [{"inspectorScore": score} for score in (9.8, 4.0, 0.1)],
    "reachability": [
        reach("NOT_REACHABLE", "REACHABLE"),
        reach("NOT_REACHABLE", "UNKNOWN"),
        reach("NOT_REACHABLE"),
    ],
    "fix": [{"fixAvailable": name} for name in ("YES", "PARTIAL", "NO")],
    "id": [{}, {}, {}],
    "year": [{"details": {"vulnerabilityId": f"CVE-{year}-0001"}} for year in (2025, 2024, 1999)],
}


@pytest.mark.parametrize("members", RULES.values(), ids=RULES)
def test_each_term_puts_findings_in_order(members: list[dict[str, Any]]) -> None:
    # Their ids would give the opposite order, except where nothing else decides.
    differ = any(members)
    numbers = [900 - place if differ else place for place in range(len(members))]
    given = [
        make_finding(number, **member) for number, member in zip(numbers, members, strict=True)
    ]
    assert rank_all(given) == [make_candidate(finding).id for finding in given]


def test_what_is_known_to_be_exploited_comes_first() -> None:
    given = [
        make_finding(1, severity="CRITICAL", epss={"score": 0.99}, exploitAvailable="YES"),
        make_finding(2, severity="LOW", fixAvailable="NO"),
        make_finding(3, severity="LOW", **reach("NOT_REACHABLE")),
    ]
    found = {f"CVE_2026_000{number}": known(exploited=True) for number in (2, 3)}
    assert rank_all(given, **found)[2] == "CVE-2026-0001"


def test_what_is_exploited_weighs_more_than_any_prediction() -> None:
    predicted = RiskFacts(severity="CRITICAL", epss=1.0, exploit_code=True)
    exploited = RiskFacts(severity="CRITICAL", known_exploited=True)
    assert estimate_risk(exploited) > estimate_risk(predicted)


def test_known_exploited_code_that_never_runs_and_cannot_be_fixed_is_ranked_by_its_risk() -> None:
    idle = reach("NOT_REACHABLE")
    given = [
        make_finding(1, severity="CRITICAL", epss={"score": 0.99}),
        make_finding(2, fixAvailable="NO", **idle),
        make_finding(3, fixAvailable="NO", epss={"score": 0.01}),
    ]
    order_ = rank_all(given, CVE_2026_0002=known(exploited=True))
    assert order_ == ["CVE-2026-0001", "CVE-2026-0002", "CVE-2026-0003"]


def test_the_epss_of_the_details_counts_where_the_list_has_none() -> None:
    given = [make_finding(1, epss={"score": 0.5}), make_finding(2), make_finding(3)]
    found = {"CVE_2026_0001": known(epss=0.0), "CVE_2026_0002": known(epss=0.9)}
    assert rank_all(given, **found) == ["CVE-2026-0002", "CVE-2026-0001", "CVE-2026-0003"]


@given(st.lists(findings(), min_size=2, max_size=2))
def test_no_two_findings_tie(pair: list[dict[str, Any]]) -> None:
    left, right = (
        make_candidate(finding | {"findingArn": f"arn:{place}"}).rank
        for place, finding in enumerate(pair)
    )
    assert left != right
    assert (left < right) != (right < left)


@given(st.lists(st.integers(0, 50), max_size=200), st.integers(1, 20))
def test_the_best_are_kept_in_order(numbers: list[int], most: int) -> None:
    best: Best[int] = Best(most)
    ranks = [
        (False, float(number), 0, 0, "", f"{place:03}") for place, number in enumerate(numbers)
    ]
    for rank, number in zip(ranks, numbers, strict=True):
        best.add(rank, number)
        assert len(best._entries) <= 2 * most
    assert best.take() == [int(rank[1]) for rank in sorted(ranks)[:most]]

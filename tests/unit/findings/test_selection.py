"""selection: known-exploited findings reach the top, whatever the list says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from scan_brief.findings.intelligence import read_intelligence
from scan_brief.findings.report import build_report
from scan_brief.findings.selection import Lookup
from scan_brief.model import FindingSummary, Intelligence, Report
from tests.shapes import assert_shape
from tests.unit.builders import make_counts, make_finding, make_request, make_settings

NOTHING: Intelligence = {
    "knownExploited": False,
    "inCatalog": False,
    "dateAdded": None,
    "dueDate": None,
    "exploitObserved": False,
    "firstSeen": None,
    "lastSeen": None,
    "epss": None,
    "cwes": [],
}
CATALOGED: Intelligence = {**NOTHING, "knownExploited": True, "inCatalog": True}
EXPLOITED: Intelligence = {**CATALOGED, "dueDate": "2022-04-28"}
DAY = datetime(2022, 4, 28, tzinfo=UTC)
LEAST: dict[str, Any] = {"severity": "LOW", "epss": {"score": 0.0}, "inspectorScore": 0.1}


class FakeLookups:
    """Knows some vulnerabilities; refuses to look up or to fetch if told so."""

    def __init__(
        self,
        found: Mapping[str, Intelligence],
        *,
        most: int = 2_000,
        failure: Any = None,
        findings: Iterable[dict[str, Any]] = (),
    ) -> None:
        self.most = most
        self.asked: list[str] = []
        self.fetched: list[str] = []
        self._found = found
        self._failure = failure
        self._findings = list(findings)

    def look_up(self, arns: Mapping[str, str]) -> Lookup:
        self.asked += arns
        if self._failure:
            return Lookup(failure=self._failure)
        return Lookup({name: self._found.get(name, NOTHING) for name in arns}, set(arns))

    def fetch(self, arns: Sequence[str]) -> Iterable[dict[str, Any]]:
        self.fetched += arns
        return [finding for finding in self._findings if finding["findingArn"] in arns]


def report_of(
    findings: Sequence[dict[str, Any]], lookups: FakeLookups, top: int = 2, **request: Any
) -> Report:
    return build_report(
        make_request(**request), findings, make_settings(top), attempt=1, lookups=lookups
    )


def list_ids(report: Report) -> list[str]:
    return [finding["id"] for finding in report["topFindings"]]


MANY = [make_finding(number, epss={"score": 0.5}) for number in range(1, 100)]
HIDDEN = make_finding(900, **LEAST)


def test_a_known_exploited_finding_reaches_the_top_from_anywhere() -> None:
    lookups = FakeLookups({"CVE-2026-0900": EXPLOITED}, findings=[HIDDEN])
    report = report_of([*MANY, HIDDEN], lookups)
    assert list_ids(report) == ["CVE-2026-0900", "CVE-2026-0001"]
    assert lookups.fetched == [HIDDEN["findingArn"]]
    assert report["knownExploited"] == 1
    assert report["lookedUp"] == {"findings": 100, "left": 0, "failure": None}
    first, second = report["topFindings"]
    assert (first["intelligence"], second["intelligence"]) == (EXPLOITED, NOTHING)
    assert first["packages"]


def test_a_finding_that_cannot_be_read_again_keeps_its_place() -> None:
    report = report_of([*MANY, HIDDEN], FakeLookups({"CVE-2026-0900": EXPLOITED}))
    summary = report["topFindings"][0]
    assert_shape(summary, FindingSummary)
    assert (summary["id"], summary["severity"], summary["packages"]) == ("CVE-2026-0900", "LOW", [])


def test_each_vulnerability_is_looked_up_once() -> None:
    same = {"details": {"vulnerabilityId": "CVE-2026-0001"}}
    lookups = FakeLookups({"CVE-2026-0001": EXPLOITED})
    report = report_of([make_finding(1), make_finding(2, **same), make_finding(3)], lookups)
    assert lookups.asked == ["CVE-2026-0001", "CVE-2026-0003"]
    assert report["knownExploited"] == 2
    assert report["lookedUp"] == {"findings": 3, "left": 0, "failure": None}


def test_beyond_the_budget_the_report_says_how_many_were_not_looked_up() -> None:
    lookups = FakeLookups({}, most=30)
    report = report_of([*MANY, HIDDEN], lookups)
    assert len(lookups.asked) == 30
    assert "CVE-2026-0900" not in lookups.asked
    assert report["lookedUp"] == {"findings": 30, "left": 70, "failure": None}


@pytest.mark.parametrize("failure", ["DENIED", "THROTTLED", "OUT_OF_TIME", "FAILED"])
def test_a_failure_costs_the_details_and_not_the_report(failure: str) -> None:
    report = report_of(MANY, FakeLookups({}, failure=failure))
    assert list_ids(report) == ["CVE-2026-0001", "CVE-2026-0002"]
    assert report["lookedUp"] == {"findings": 0, "left": 99, "failure": failure}
    assert all(finding["intelligence"] is None for finding in report["topFindings"])


def test_nothing_is_looked_up_while_waiting_or_without_findings() -> None:
    for announced, findings in ((make_counts(high=500), MANY), (make_counts(TOTAL=0), [])):
        lookups = FakeLookups({})
        report = report_of(findings, lookups, announced=announced)
        assert (lookups.asked, report["lookedUp"]) == ([], None)


def test_without_lookups_the_list_alone_decides() -> None:
    report = build_report(make_request(), MANY, make_settings(2), 1)
    assert (report["lookedUp"], report["knownExploited"]) == (None, 0)
    none = report_of(MANY, FakeLookups({}, most=0))
    assert none["lookedUp"] == {"findings": 0, "left": 99, "failure": None}


@pytest.mark.parametrize(
    ("detail", "read"),
    [
        ({}, NOTHING),
        ({"cisaData": {}}, NOTHING),
        ({"cisaData": {"action": "x"}}, CATALOGED),
        (
            {"cisaData": {"dateAdded": DAY, "dateDue": DAY}},
            {**EXPLOITED, "dateAdded": "2022-04-28"},
        ),
        (
            {"exploitObserved": {"firstSeen": "x", "lastSeen": DAY}},
            {
                **NOTHING,
                "knownExploited": True,
                "exploitObserved": True,
                "lastSeen": "2022-04-28",
            },
        ),
        ({"epssScore": 0.97, "cwes": ["CWE-79", 7]}, {**NOTHING, "epss": 0.97, "cwes": ["CWE-79"]}),
        ({"epssScore": 97, "cwes": "CWE-79"}, NOTHING),
    ],
)
def test_details_are_read(detail: dict[str, Any], read: Intelligence) -> None:
    intelligence = read_intelligence(detail)
    assert_shape(intelligence, Intelligence)
    assert intelligence == read

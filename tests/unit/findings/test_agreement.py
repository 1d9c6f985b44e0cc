"""agreement: what Inspector lists against what its event announced, severity by severity."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scan_brief.findings.agreement import count_announced
from scan_brief.findings.report import build_report
from scan_brief.findings.reported import list_differences
from scan_brief.model import Difference, Report
from tests.shapes import assert_shape
from tests.unit.builders import (
    COUNTS,
    SCANNED_AT,
    make_counts,
    make_finding,
    make_request,
    make_settings,
)

SCAN_ENDED = datetime.fromisoformat(SCANNED_AT)


def make_findings(first: int = 1, **counts: int) -> list[dict[str, Any]]:
    """As many findings of each severity as `counts` says, numbered from `first`."""
    severities = [name for name, count in counts.items() for _ in range(count)]
    return [make_finding(number, severity=name) for number, name in enumerate(severities, first)]


def report_of(
    announced: Any,
    listed: Iterable[dict[str, Any]],
    *,
    suppressed: Iterable[dict[str, Any]] = (),
    attempt: int = 1,
    seconds: float = 3600,
    complete: bool = True,
    **request: Any,
) -> Report:
    """The report after an attempt, `seconds` after the end of the scan."""
    return build_report(
        make_request(announced=announced, **request),
        listed,
        make_settings(settle_attempts=3),
        attempt,
        now=SCAN_ENDED + timedelta(seconds=seconds),
        list_suppressed=lambda: suppressed,
        is_complete=lambda: complete,
    )


ENOUGH = make_findings(CRITICAL=1, HIGH=2, MEDIUM=3, LOW=3)


@pytest.mark.parametrize(
    ("announced", "listed", "agrees"),
    [
        (COUNTS, ENOUGH, True),
        (COUNTS, [*ENOUGH, make_finding(99)], True),
        (COUNTS, ENOUGH[:-1], False),
        (COUNTS, [], False),
        (COUNTS, make_findings(HIGH=3, MEDIUM=3, LOW=3), False),
        (COUNTS, make_findings(CRITICAL=3, MEDIUM=3, LOW=3), False),
        (COUNTS, make_findings(CRITICAL=1, HIGH=5, LOW=3), False),
        (COUNTS, [*ENOUGH[1:], make_finding(2, severity="CRITICAL")], False),
        (make_counts(high=2), make_findings(HIGH=2), True),
        (make_counts(high=2), make_findings(HIGH=1, LOW=9), False),
        (make_counts(TOTAL=0), [], True),
        (make_counts(), [], False),
        (None, [], False),
        (None, make_findings(LOW=1), True),
    ],
)
def test_each_announced_severity_and_the_total_are_reached_or_the_scan_is_not_settled(
    announced: Any, listed: list[dict[str, Any]], agrees: bool
) -> None:
    settled = [report_of(announced, listed, attempt=n)["settled"] for n in (1, 2, 3)]
    assert settled == (["YES"] * 3 if agrees else ["WAIT", "WAIT", "NO"])


def test_a_finding_that_comes_twice_does_not_hide_a_missing_one() -> None:
    report = report_of(make_counts(high=2, TOTAL=2), [make_finding(1), make_finding(1)])
    assert (report["settled"], report["total"]) == ("WAIT", 1)
    assert [finding["id"] for finding in report["topFindings"]] == ["CVE-2026-0001"]


def test_findings_without_an_arn_all_count() -> None:
    nameless = [make_finding(findingArn=arn) for arn in (None, None, "", 7, 7)]
    assert report_of(None, nameless)["total"] == 5


@pytest.mark.parametrize(
    ("suppressed", "settled"),
    [
        (make_findings(50, CRITICAL=1, HIGH=1), "YES"),
        (make_findings(50, CRITICAL=1), "WAIT"),
        (make_findings(50, HIGH=2), "WAIT"),
        ([], "WAIT"),
    ],
)
def test_what_is_suppressed_is_not_missing(suppressed: list[dict[str, Any]], settled: str) -> None:
    announced = make_counts(1, 2, TOTAL=3)
    report = report_of(announced, make_findings(HIGH=1), suppressed=suppressed)
    assert (report["settled"], report["total"]) == (settled, 1)
    assert report["suppressed"] is not None
    assert sum(report["suppressed"].values()) == len(suppressed)  # type: ignore[arg-type]


def test_suppressed_findings_are_asked_for_only_if_they_would_explain_something() -> None:
    def refuse() -> Any:
        raise AssertionError("asked")

    for announced, listed in ((COUNTS, ENOUGH), (None, ENOUGH), (make_counts(), ENOUGH)):
        request = make_request(announced=announced)
        report = build_report(request, listed, make_settings(), 1, list_suppressed=refuse)
        assert report["suppressed"] is None
    assert report_of(None, [])["suppressed"] is not None


def test_a_finding_that_was_suppressed_between_two_pages_counts_once() -> None:
    report = report_of(
        make_counts(high=2), [make_finding(1)], suppressed=[make_finding(1), make_finding(2)]
    )
    assert report["suppressed"] is not None
    assert (report["total"], report["suppressed"]["HIGH"]) == (1, 1)


def row(severity: Any, announced: int, listed: int, suppressed: int = 0) -> Difference:
    return {
        "severity": severity,
        "announced": announced,
        "listed": listed,
        "suppressed": suppressed,
        "ignored": 0,
    }


def test_announced_and_listed_are_compared_where_they_differ() -> None:
    listed = make_findings(HIGH=2, LOW=1)
    report = report_of(COUNTS, listed, suppressed=make_findings(50, CRITICAL=1, LOW=2))
    rows = list_differences(report)
    for each in rows:
        assert_shape(each, Difference)
    assert rows == [
        row("CRITICAL", 1, 0, 1),
        row("HIGH", 2, 2),
        row("MEDIUM", 3, 0),
        row("TOTAL", 9, 3, 3),
    ]
    assert list_differences(report_of(COUNTS, ENOUGH)) == []
    assert list_differences(report_of(None, ENOUGH)) == []
    assert list_differences(report_of(COUNTS, [*ENOUGH, make_finding(99)]))[-1] == row(
        "TOTAL", 9, 10
    )
    assert [each["severity"] for each in list_differences(report_of(make_counts(1), []))] == [
        "CRITICAL",
        "HIGH",
        "MEDIUM",
    ]


@pytest.mark.parametrize(
    ("announced", "least"),
    [
        (make_counts(2, 3, 1, TOTAL=4), 6),
        (make_counts(2, 3, 1, TOTAL=9), 9),
        (make_counts(2, 3, 1), 6),
    ],
)
def test_a_total_below_the_sum_of_its_items_is_ignored(announced: Any, least: int) -> None:
    assert count_announced(announced) == least


@pytest.mark.parametrize(
    ("seconds", "listed", "settled", "doubt"),
    [
        (5, [], "WAIT", "JUST_SCANNED"),
        (-5, [], "WAIT", "JUST_SCANNED"),
        (89, [], "WAIT", "JUST_SCANNED"),
        (91, [], "YES", None),
        (5, make_findings(LOW=1), "YES", None),
    ],
)
def test_by_hand_an_image_scanned_seconds_ago_is_settled_like_an_event(
    seconds: float, listed: list[dict[str, Any]], settled: str, doubt: str | None
) -> None:
    report = report_of(None, listed, seconds=seconds, by_hand=True, status="SUCCESSFUL")
    assert (report["settled"], report["unconfirmed"]) == (settled, doubt)


def test_without_a_time_an_image_was_not_just_scanned() -> None:
    report = report_of(None, [], seconds=1, by_hand=True, status="SUCCESSFUL", scanned_at=None)
    assert (report["settled"], report["unconfirmed"]) == ("YES", None)
    now = datetime.now(UTC)
    event = build_report(
        make_request(announced=make_counts(TOTAL=0), scanned_at=now.isoformat()),
        [],
        make_settings(),
        1,
        now=now,
    )
    assert (event["settled"], event["unconfirmed"]) == ("YES", None)


def test_what_could_not_be_read_to_the_end_is_neither_waited_for_nor_clear() -> None:
    assert report_of(COUNTS, ENOUGH[:1], complete=False)["settled"] == "NO"
    report = report_of(make_counts(TOTAL=0), [], complete=False)
    assert (report["complete"], report["unconfirmed"]) == (False, "NOT_ALL_READ")


def test_exploitable_and_fixable_findings_are_counted_among_all() -> None:
    fixes = ["YES", "PARTIAL", "NO", None]
    given = [
        make_finding(
            number, fixAvailable=fixes[number % 4], exploitAvailable="YES" if number < 3 else "NO"
        )
        for number in range(20)
    ]
    report = report_of(None, given)
    assert (report["exploitable"], report["fixable"], report["partlyFixable"]) == (3, 10, 5)

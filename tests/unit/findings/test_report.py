"""report: the counts, whether Inspector lists all that was announced, and the bounds."""

from __future__ import annotations

from typing import Any

import pytest

from scan_brief.findings.finding import SEVERITIES
from scan_brief.findings.report import (
    bound_report,
    build_report,
    count_announced,
    decide_settled,
    json_size,
    worst_severity,
)
from tests.unit.builders import (
    DIGEST,
    REPOSITORY_ARN,
    SCANNED_AT,
    make_finding,
    make_report,
    make_request,
    make_settings,
)

TOTAL_9 = {"CRITICAL": 1, "HIGH": 2, "MEDIUM": 3, "TOTAL": 9}


def test_a_report_is_all_that_the_workflow_knows() -> None:
    report = build_report(make_request(announced=TOTAL_9), [make_finding()], make_settings(5, 3), 2)
    summary = report["topFindings"][0]
    assert summary["id"] == "CVE-2026-0001"
    assert report == {
        "scan": {"status": "INITIAL_SCAN_COMPLETE", "scannedAt": SCANNED_AT, "byHand": False},
        "image": {
            "repository": "sample-app",
            "repositoryArn": REPOSITORY_ARN,
            "digest": DIGEST,
            "tags": ["latest"],
            "tagsOmitted": 0,
            "account": "111122223333",
            "region": "eu-central-1",
            "partition": "aws",
        },
        "counts": {**dict.fromkeys(SEVERITIES, 0), "HIGH": 1},
        "total": 1,
        "announced": TOTAL_9,
        "settled": "WAIT",
        "attempt": 2,
        "waitSeconds": 30,
        "topFindings": [summary],
        "topFindingsOmitted": 0,
    }


def test_all_are_counted_and_the_top_kept_in_order() -> None:
    given = [make_finding(n, severity=("LOW", "CRITICAL", "HIGH")[n % 3]) for n in range(1, 31)]
    report = make_report(given, top=4)
    assert (report["counts"]["CRITICAL"], report["counts"]["HIGH"], report["counts"]["LOW"]) == (
        10,
        10,
        10,
    )
    assert report["total"] == 30
    assert [one["id"][-4:] for one in report["topFindings"]] == ["0001", "0004", "0007", "0010"]


def test_all_six_severities_are_told_in_order_and_an_unknown_one_only_where_there_is() -> None:
    assert list(make_report([])["counts"].items()) == [(name, 0) for name in SEVERITIES]
    counts = make_report([make_finding(severity="CATASTROPHIC"), make_finding(2)])["counts"]
    assert list(counts) == [*SEVERITIES, "OTHER"]
    assert counts["OTHER"] == 1


@pytest.mark.parametrize(
    ("announced", "total", "attempt", "settled"),
    [
        (TOTAL_9, 9, 1, "YES"),
        (TOTAL_9, 10, 1, "YES"),
        (TOTAL_9, 8, 1, "WAIT"),
        (TOTAL_9, 8, 2, "WAIT"),
        (TOTAL_9, 8, 3, "NO"),
        (TOTAL_9, 0, 3, "NO"),
        (TOTAL_9, 9, 3, "YES"),
        ({"CRITICAL": 0, "HIGH": 2, "MEDIUM": 0}, 2, 1, "YES"),
        ({"CRITICAL": 0, "HIGH": 2, "MEDIUM": 0}, 1, 1, "WAIT"),
        ({"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "TOTAL": 0}, 0, 1, "YES"),
        (None, 1, 1, "YES"),
        (None, 0, 1, "WAIT"),
        (None, 0, 3, "YES"),
    ],
)
def test_what_is_listed_is_held_against_the_event(
    announced: dict[str, int] | None, total: int, attempt: int, settled: str
) -> None:
    assert decide_settled(make_request(announced=announced), total, attempt, 3) == settled


@pytest.mark.parametrize("total", [0, 5])
def test_a_request_by_hand_announces_nothing(total: int) -> None:
    assert decide_settled(make_request(by_hand=True), total, 1, 4) == "YES"


def test_a_total_below_its_own_items_is_not_believed() -> None:
    assert count_announced({"CRITICAL": 2, "HIGH": 3, "TOTAL": 4}) == 5
    assert count_announced({"CRITICAL": 2, "HIGH": 3, "TOTAL": 9}) == 9
    assert count_announced({"HIGH": 3}) == 3


@pytest.mark.parametrize(
    ("listed", "announced", "settled", "worst"),
    [
        ({"HIGH": 1, "LOW": 4}, None, "YES", "HIGH"),
        ({"OTHER": 1}, None, "YES", "OTHER"),
        ({"OTHER": 1, "UNTRIAGED": 1}, None, "YES", "UNTRIAGED"),
        ({}, None, "YES", None),
        ({"HIGH": 1}, {"CRITICAL": 1, "TOTAL": 2}, "NO", "CRITICAL"),
        ({"HIGH": 1}, {"CRITICAL": 1, "TOTAL": 1}, "YES", "HIGH"),
        ({}, {"CRITICAL": 0, "TOTAL": 3}, "NO", None),
    ],
)
def test_the_worst_is_listed_or_while_incomplete_announced(
    listed: dict[str, int], announced: dict[str, int] | None, settled: str, worst: str | None
) -> None:
    assert worst_severity({"counts": listed, "announced": announced, "settled": settled}) == worst


def test_tags_are_clean_and_twenty_at_the_most() -> None:
    image = make_report(tags=("a\u202eb", "\x00", *(f"t{n}" for n in range(24))))["image"]
    assert image["tags"][:2] == ["ab", "t0"]
    assert (len(image["tags"]), image["tagsOmitted"]) == (20, 5)
    assert make_report(tags=tuple("abc"))["image"]["tagsOmitted"] == 0


@pytest.mark.parametrize(
    ("given", "told"), [(None, None), ("\x00", None), ("A\nB", "A B"), ("x" * 99, "x" * 59 + "…")]
)
def test_the_status_is_clean(given: str | None, told: str | None) -> None:
    assert make_report(status=given)["scan"]["status"] == told


def test_a_report_that_fits_loses_nothing() -> None:
    report = make_report([make_finding(n) for n in range(9)])
    assert bound_report(dict(report), json_size(report)) == report


def test_what_does_not_fit_is_dropped_from_the_end_and_counted() -> None:
    report = make_report([make_finding(n) for n in range(9)])
    ids = [one["id"] for one in report["topFindings"]]
    bounded = bound_report(report, json_size(report) - 1)
    assert [one["id"] for one in bounded["topFindings"]] == ids[:8]
    assert bounded["topFindingsOmitted"] == 1
    assert bound_report(report, 1)["topFindingsOmitted"] == 9


@pytest.mark.parametrize("filler", ["x", "重", "🦀"])
def test_the_largest_report_is_at_most_64_kib(filler: str) -> None:
    packages: list[dict[str, Any]] = [
        {
            "name": f"{n}{filler * 300}",
            "version": filler * 99,
            "fixedInVersion": filler * 99,
            "remediation": filler * 200,
        }
        for n in range(5)
    ]
    details = {"vulnerabilityId": filler * 300, "vulnerablePackages": packages}
    tags = tuple(f"{n}{filler * 200}" for n in range(50))
    report = make_report(
        [make_finding(n, details=details) for n in range(80)], top=50, tags=tags, status=filler * 99
    )
    assert 60_000 < json_size(report) <= 65_536
    assert len(report["topFindings"]) + report["topFindingsOmitted"] == 50
    assert report["total"] == 80


def test_size_is_counted_as_the_widest_runtime_writes_it() -> None:
    assert json_size({"a": "é🦀"}) == len('{"a": "\\u00e9\\ud83e\\udd80"}')

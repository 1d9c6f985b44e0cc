"""report: the counts, whether Inspector lists all that the event announced, and the bounds."""

from __future__ import annotations

from typing import Any

import pytest

from scan_brief.findings.finding import SEVERITIES, SEVERITY_ORDER
from scan_brief.findings.report import (
    Worst,
    bound_report,
    build_report,
    count_announced,
    decide_settled,
    find_worst,
    json_size,
)
from scan_brief.model import Report
from scan_brief_common.limits import REPORT_BYTES
from tests.shapes import assert_shape
from tests.unit.builders import (
    COUNTS,
    DIGEST,
    REPOSITORY_ARN,
    SCANNED_AT,
    make_counts,
    make_finding,
    make_report,
    make_request,
    make_settings,
)


def list_ids(report: Report) -> list[str]:
    return [finding["id"] for finding in report["topFindings"]]


def test_a_report_has_all_that_the_workflow_knows() -> None:
    report = build_report(make_request(announced=COUNTS), [make_finding()], make_settings(5, 3), 2)
    assert_shape(report, Report)
    assert list_ids(report) == ["CVE-2026-0001"]
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
        "announced": COUNTS,
        "settled": "WAIT",
        "attempt": 2,
        "waitSeconds": 30,
        "topFindings": report["topFindings"],
        "topFindingsOmitted": 0,
    }


def test_all_findings_are_counted_and_the_top_kept_in_order() -> None:
    given = [make_finding(n, severity=("LOW", "CRITICAL", "HIGH")[n % 3]) for n in range(1, 31)]
    report = make_report(given, top=4)
    counted = {name: 10 if name in ("CRITICAL", "HIGH", "LOW") else 0 for name in SEVERITIES}
    assert report["counts"] == counted
    assert report["total"] == 30
    assert [number[-4:] for number in list_ids(report)] == ["0001", "0004", "0007", "0010"]


def test_each_severity_has_its_own_count_in_order_and_an_unknown_one_only_if_there_is_one() -> None:
    given = [make_finding(severity=name) for n, name in enumerate(SEVERITIES, 1) for _ in range(n)]
    counts = make_report(given)["counts"]
    assert list(counts.items()) == [(name, n) for n, name in enumerate(SEVERITIES, 1)]
    counts = make_report([make_finding(severity="CATASTROPHIC"), make_finding(2)])["counts"]
    assert tuple(counts) == SEVERITY_ORDER
    assert counts["OTHER"] == 1


@pytest.mark.parametrize(
    ("announced", "total", "attempt", "settled"),
    [
        (COUNTS, 9, 1, "YES"),
        (COUNTS, 10, 1, "YES"),
        (COUNTS, 8, 1, "WAIT"),
        (COUNTS, 8, 2, "WAIT"),
        (COUNTS, 8, 3, "NO"),
        (COUNTS, 0, 3, "NO"),
        (COUNTS, 9, 3, "YES"),
        (make_counts(high=2), 2, 1, "YES"),
        (make_counts(high=2), 1, 1, "WAIT"),
        (make_counts(TOTAL=0), 0, 1, "YES"),
        (None, 1, 1, "YES"),
        (None, 0, 1, "WAIT"),
        (None, 0, 3, "YES"),
    ],
)
def test_what_inspector_lists_is_compared_with_the_event(
    announced: object, total: int, attempt: int, settled: str
) -> None:
    assert decide_settled(make_request(announced=announced), total, attempt, 3) == settled


@pytest.mark.parametrize("total", [0, 5])
def test_a_request_by_hand_is_always_settled(total: int) -> None:
    assert decide_settled(make_request(by_hand=True), total, 1, 4) == "YES"


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
    ("listed", "announced", "settled", "worst"),
    [
        ({"HIGH": 1, "LOW": 4}, None, "YES", Worst("HIGH", 1, True)),
        ({"OTHER": 1}, None, "YES", Worst("OTHER", 1, True)),
        ({"OTHER": 1, "UNTRIAGED": 1}, None, "YES", Worst("UNTRIAGED", 1, True)),
        ({}, None, "YES", None),
        ({"HIGH": 1}, make_counts(3, TOTAL=4), "NO", Worst("CRITICAL", 3, False)),
        ({"HIGH": 1}, make_counts(high=3), "NO", Worst("HIGH", 1, True)),
        ({"LOW": 1}, make_counts(medium=2), "NO", Worst("MEDIUM", 2, False)),
        ({"HIGH": 1}, make_counts(1, TOTAL=1), "YES", Worst("HIGH", 1, True)),
        ({}, make_counts(TOTAL=3), "NO", None),
    ],
)
def test_the_worst_severity_is_listed_or_while_incomplete_announced(
    listed: dict[str, int], announced: Any, settled: Any, worst: Worst | None
) -> None:
    report = make_report(announced=announced)
    counts: Any = {**report["counts"], **listed}
    assert find_worst({**report, "counts": counts, "settled": settled}) == worst


def test_tags_are_clean_and_at_most_twenty() -> None:
    image = make_report(tags=("a\u202eb", "\x00", *(f"t{n}" for n in range(24))))["image"]
    assert image["tags"][:2] == ["ab", "t0"]
    assert (len(image["tags"]), image["tagsOmitted"]) == (20, 5)
    assert make_report(tags=tuple("abc"))["image"]["tagsOmitted"] == 0


@pytest.mark.parametrize(
    ("given", "kept"), [(None, None), ("\x00", None), ("A\nB", "A B"), ("x" * 99, "x" * 59 + "…")]
)
def test_the_status_is_clean(given: str | None, kept: str | None) -> None:
    assert make_report(status=given)["scan"]["status"] == kept


def test_findings_that_do_not_fit_are_dropped_from_the_end_and_counted() -> None:
    report = make_report([make_finding(n) for n in range(9)])
    ids, size = list_ids(report), json_size(report)
    assert list_ids(bound_report(report, size)) == ids
    bounded = bound_report(report, size - 1)
    assert list_ids(bounded) == ids[:8]
    assert bounded["topFindingsOmitted"] == 1
    assert bound_report(report, 1)["topFindingsOmitted"] == 9


@pytest.mark.parametrize("filler", ["x", "重", "🦀"])
def test_the_largest_report_fits_its_limit(filler: str) -> None:
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
    assert 60_000 < json_size(report) <= REPORT_BYTES == 65_536
    assert len(report["topFindings"]) + report["topFindingsOmitted"] == 50
    assert report["total"] == 80


def test_a_size_counts_every_character_escaped() -> None:
    assert json_size({"a": "é🦀"}) == len('{"a": "\\u00e9\\ud83e\\udd80"}')

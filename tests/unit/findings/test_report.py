"""report: the counts, whether Inspector lists all that the event announced, and the bounds."""

from __future__ import annotations

from typing import Any

import pytest

from scan_brief.findings.finding import SEVERITIES, SEVERITY_ORDER
from scan_brief.findings.report import bound_report, build_report
from scan_brief.findings.reported import Worst, decide_kind, find_worst, json_size
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
            "platform": "DEBIAN_12",
            "architecture": "arm64",
            "inUseCount": None,
            "lastInUseAt": None,
        },
        "urgent": None,
        "counts": {**dict.fromkeys(SEVERITIES, 0), "HIGH": 1},
        "total": 1,
        "knownExploited": 0,
        "criticalKnownExploited": 0,
        "exploitable": 0,
        "fixable": 1,
        "partlyFixable": 0,
        "subscriptionOnly": 0,
        "lookedUp": None,
        "layers": None,
        "clusters": None,
        "suppressed": None,
        "ignored": None,
        "announced": COUNTS,
        "complete": True,
        "settled": "WAIT",
        "unconfirmed": None,
        "attempt": 2,
        "waitSeconds": 30,
        "plan": make_report()["plan"],
        "topFindings": report["topFindings"],
        "topFindingsOmitted": 0,
        "changes": None,
        "remember": None,
    }


def test_all_findings_are_counted_and_the_top_kept_in_order() -> None:
    given = [make_finding(n, severity=("LOW", "CRITICAL", "HIGH")[n % 3]) for n in range(1, 31)]
    report = make_report(given, top=4)
    counted = {name: 10 if name in ("CRITICAL", "HIGH", "LOW") else 0 for name in SEVERITIES}
    assert report["counts"] == counted
    assert report["total"] == 30
    assert [number[-4:] for number in list_ids(report)] == ["0001", "0004", "0007", "0010"]


def test_each_severity_has_its_own_count_in_order_and_an_unknown_one_only_if_there_is_one() -> None:
    severities = [name for n, name in enumerate(SEVERITIES, 1) for _ in range(n)]
    given = [make_finding(number, severity=name) for number, name in enumerate(severities)]
    counts = make_report(given)["counts"]
    assert list(counts.items()) == [(name, n) for n, name in enumerate(SEVERITIES, 1)]
    counts = make_report([make_finding(severity="CATASTROPHIC"), make_finding(2)])["counts"]
    assert tuple(counts) == SEVERITY_ORDER
    assert counts["OTHER"] == 1


@pytest.mark.parametrize(
    ("listed", "announced", "settled", "worst"),
    [
        ({"HIGH": 1, "LOW": 4}, None, "YES", Worst("HIGH", 1, 0)),
        ({"OTHER": 1}, None, "YES", Worst("OTHER", 1, 0)),
        ({"OTHER": 1, "UNTRIAGED": 1}, None, "YES", Worst("UNTRIAGED", 1, 0)),
        ({}, None, "YES", None),
        ({"HIGH": 1}, make_counts(3, TOTAL=4), "NO", Worst("CRITICAL", 0, 3)),
        ({"HIGH": 1}, make_counts(3, TOTAL=4), "WAIT", Worst("CRITICAL", 0, 3)),
        ({"HIGH": 1}, make_counts(high=3), "NO", Worst("HIGH", 1, 3)),
        ({"LOW": 1}, make_counts(medium=2), "NO", Worst("MEDIUM", 0, 2)),
        ({"HIGH": 1}, make_counts(1, TOTAL=1), "YES", Worst("HIGH", 1, 0)),
        ({}, make_counts(TOTAL=3), "NO", None),
    ],
)
def test_the_worst_severity_is_listed_or_while_some_are_missing_announced(
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
            "filePath": filler * 300,
        }
        for n in range(5)
    ]
    details = {"vulnerabilityId": filler * 300, "vulnerablePackages": packages}
    tags = tuple(f"{n}{filler * 200}" for n in range(50))
    report = make_report(
        [make_finding(n, details=details, description=filler * 300) for n in range(80)],
        top=50,
        tags=tags,
        status=filler * 99,
    )
    assert 45_000 < json_size(report) <= REPORT_BYTES == 65_536
    assert len(report["topFindings"]) + report["topFindingsOmitted"] == 50
    assert report["total"] == 80


def test_a_size_counts_every_character_escaped() -> None:
    assert json_size({"a": "é🦀"}) == len('{"a": "\\u00e9\\ud83e\\udd80"}')


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"announced": make_counts(TOTAL=0)}, "CLEAR"),
        ({"announced": make_counts(TOTAL=1)}, "FINDINGS"),
        ({"announced": make_counts(medium=1)}, "FINDINGS"),
        ({"announced": None}, "UNCONFIRMED"),
        ({"announced": make_counts()}, "UNCONFIRMED"),
        ({"announced": make_counts(TOTAL=0), "status": "FAILED"}, "UNCONFIRMED"),
        ({"announced": make_counts(TOTAL=0), "status": None}, "UNCONFIRMED"),
        ({"by_hand": True, "status": "SUCCESSFUL"}, "CLEAR"),
        ({"by_hand": True, "status": "SCAN_FREQUENCY_SCAN_ON_PUSH"}, "CLEAR"),
        ({"by_hand": True, "status": "SCAN_IN_PROGRESS"}, "UNCONFIRMED"),
    ],
)
def test_an_empty_list_is_clear_only_if_it_was_seen_to_be(
    members: dict[str, Any], kind: str
) -> None:
    report = make_report(attempt=4, **members)
    assert decide_kind(report) == kind
    assert (report["unconfirmed"] is None) == (kind != "UNCONFIRMED")
    assert decide_kind(make_report([make_finding()], **members)) == "FINDINGS"


def test_platform_and_architecture_are_the_same_in_whatever_order_findings_come() -> None:
    known, unknown = make_finding(1), make_finding(2, resources=[])
    for given in ([known, unknown], [unknown, known]):
        image = make_report(given)["image"]
        assert (image["platform"], image["architecture"]) == ("DEBIAN_12", "arm64")
    image = make_report([unknown])["image"]
    assert (image["platform"], image["architecture"]) == (None, None)

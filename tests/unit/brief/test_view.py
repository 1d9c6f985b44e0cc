"""view: what templates may print: words for codes, the team's time, short names."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scan_brief.brief.language_files import TEMPLATES
from scan_brief.brief.view import view_report
from scan_brief.model import FindingView, Report, View, Words
from tests.shapes import assert_shape
from tests.unit.builders import (
    make_counts,
    make_finding,
    make_image,
    make_package,
    make_report,
)

WORDS: dict[str, Words] = {
    name: json.loads((TEMPLATES / name / "words.json").read_text("utf-8")) for name in ("en", "ja")
}


def view(report: Report, shown: int = 10, language: str = "en", zone: str = "UTC") -> View:
    names = view_report(report, shown, WORDS[language], ZoneInfo(zone))
    assert_shape(names, View)
    return names


def view_finding(**members: Any) -> FindingView:
    return view(make_report([make_finding(**members)]))["findings"][0]


def test_a_short_name_keeps_its_end() -> None:
    short = view(make_report(repository="team/" + "x" * 80, tags=("latest",)))["image_short"]
    assert len(short) == 52
    assert short.startswith("…x")
    assert short.endswith("x:latest")


@pytest.mark.parametrize(
    ("scanned_at", "zone", "language", "shown"),
    [
        ("2026-01-31T23:30:00Z", "UTC", "en", "2026-01-31 23:30 UTC"),
        ("2026-01-31T23:30:00.123Z", "UTC", "en", "2026-01-31 23:30 UTC"),
        ("2026-01-31T23:30:00.123456789Z", "UTC", "en", "2026-01-31 23:30 UTC"),
        ("2026-01-31T23:30:00Z", "Asia/Tokyo", "en", "2026-02-01 08:30 JST"),
        ("2026-01-31T23:30:00Z", "Asia/Tokyo", "ja", "2026年02月01日 08:30 JST"),
        ("2026-01-31T23:30:00Z", "America/Sao_Paulo", "en", "2026-01-31 20:30 UTC-03"),
        ("2026-01-31T23:30:00Z", "Asia/Kathmandu", "en", "2026-02-01 05:15 UTC+0545"),
        (None, "UTC", "en", "not stated"),
        (None, "UTC", "ja", "不明"),
    ],
)
def test_the_time_is_the_teams(
    scanned_at: str | None, zone: str, language: str, shown: str
) -> None:
    report = make_report(scanned_at=scanned_at)
    assert view(report, zone=zone, language=language)["time"] == shown


@pytest.mark.parametrize(
    ("announced", "total", "items"),
    [
        (None, "", []),
        (make_counts(1, 0, 2), "at least 3", [1, 0, 2]),
        (make_counts(1, 0, 2, TOTAL=9), "9", [1, 0, 2]),
        (make_counts(TOTAL=0), "0", [0, 0, 0]),
    ],
)
def test_what_the_event_announced_is_shown(announced: Any, total: str, items: list[int]) -> None:
    names = view(make_report(announced=announced))
    assert names["announced_total"] == total
    words = ("Critical", "High", "Medium")
    assert [(severity["word"], severity["count"]) for severity in names["announced"]] == list(
        zip(words, items, strict=False)
    )


def test_the_worst_severity_has_both_counts() -> None:
    listed = view(make_report([make_finding(1), make_finding(2)]))["worst"]
    assert listed == {"word": "High", "count": 2, "listed": 2, "announced": 0}
    announced = make_counts(3, TOTAL=9)
    missing = view(make_report([make_finding()], announced=announced, attempt=4))["worst"]
    assert missing == {"word": "Critical", "count": 3, "listed": 0, "announced": 3}
    assert view(make_report())["worst"] is None


def test_announced_and_listed_are_rows_where_they_differ() -> None:
    report = make_report([make_finding()], announced=make_counts(2, 1, TOTAL=3), attempt=4)
    names = view(report)
    rows = [tuple(row.values()) for row in names["differences"]]
    assert rows == [("Critical", 2, 0, 0, 0), ("High", 1, 1, 0, 0), ("Total", 3, 1, 0, 0)]
    assert [row["word"] for row in names["missing"]] == ["Critical"]
    assert names["missing_total"] == 2
    agreed = view(make_report([make_finding()], announced=make_counts(0, 1, TOTAL=1)))
    assert (agreed["differences"], agreed["missing"], agreed["missing_total"]) == ([], [], 0)


def test_a_doubt_has_a_sentence_that_says_the_status() -> None:
    names = view(make_report(announced=make_counts(TOTAL=0), status="SCAN_FAILED", attempt=4))
    assert names["kind"] == "UNCONFIRMED"
    assert "SCAN_FAILED" in names["doubt"]
    assert names["doubt_short"] == "scan not complete"
    assert names["rerun"].startswith("scan-brief rerun --repository sample-app --digest sha256:")
    assert view(make_report([make_finding()]))["doubt"] == ""


@pytest.mark.parametrize(("language", "day"), [("en", "2019-04-25"), ("ja", "2019年04月25日")])
def test_the_end_of_support_is_a_date_of_the_language(language: str, day: str) -> None:
    finding = make_finding(resources=[make_image("UBUNTU_14_04")])
    names = view(make_report([finding]), language=language)
    assert names["end_of_support"] == {"system": "Ubuntu 14.04", "date": day}
    assert view(make_report([make_finding()]))["end_of_support"] is None


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("INITIAL_SCAN_COMPLETE", "Initial scan complete"),
        ("A_NEW_STATUS", "A_NEW_STATUS"),
        (None, "Not stated"),
    ],
)
def test_a_status_without_a_word_is_shown_as_it_is(status: str | None, shown: str) -> None:
    assert view(make_report(status=status))["status_words"] == shown


def test_a_severity_without_a_word_is_shown_as_it_is() -> None:
    shortened: Any = {**WORDS["en"], "severity": {"HIGH": ""}}
    names = view_report(make_report([make_finding()]), 1, shortened, ZoneInfo("UTC"))
    assert [severity["word"] for severity in names["counts"]][:3] == ["CRITICAL", "HIGH", "MEDIUM"]


def test_a_finding_has_a_number_and_words() -> None:
    package = make_package(remediation="apt upgrade")
    finding = view_finding(
        inspectorScore=9.06,
        exploitAvailable="YES",
        epss={"score": 0.1234},
        details={"vulnerablePackages": [package, {**package, "name": "libssl"}]},
    )
    assert (finding["number"], finding["id"]) == (1, "CVE-2026-0001")
    assert (finding["severity"], finding["score"]) == ("High", "9.1")
    assert finding["why"] == "exploit code available · EPSS 12.3%"
    assert finding["title"] == "A flaw"
    assert finding["remedies"] == [{"text": "apt upgrade", "command": True, "also": []}]
    assert finding["commands"] == ["apt upgrade"]
    assert [package["name"] for package in finding["packages"]] == ["openssl", "libssl"]


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.0, "0.0%"),
        (0.0004, "<0.1%"),
        (0.001, "0.1%"),
        (0.5, "50.0%"),
        (0.9996, "99.9%"),
        (1.0, "100.0%"),
    ],
)
def test_no_epss_is_rounded_to_none_or_all(share: float, shown: str) -> None:
    assert view_finding(epss={"score": share})["why"] == f"EPSS {shown}"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("YES", ""),
        ("PARTIAL", "fix for some packages only"),
        ("NO", "no fix yet"),
        (None, "fix not stated"),
    ],
)
def test_only_the_exception_of_a_fix_is_said(given: str | None, shown: str) -> None:
    finding = view_finding(fixAvailable=given)
    assert finding["why"] == shown
    assert finding["score"] == ""


def test_findings_that_are_not_shown_are_counted() -> None:
    report = make_report([make_finding(n) for n in range(8)])
    report["topFindingsOmitted"] = 2
    names = view(report, 3)
    assert (len(names["findings"]), names["left_out"]) == (3, 7)
    assert view(report, 8)["left_out"] == 2


def test_both_languages_have_the_same_words() -> None:
    groups: Any = WORDS
    keys = {
        name: {(group, word) for group in words for word in words[group]}
        for name, words in groups.items()
    }
    assert keys["en"] == keys["ja"]
    for words in groups.values():
        assert_shape(words, Words)
        assert all(text for group in words.values() for text in group.values())

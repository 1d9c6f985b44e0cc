"""view: what templates may print: words for codes, the team's time, names of fit length."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scan_brief.brief.message import TEMPLATES
from scan_brief.brief.view import decide_kind, format_image_name, view_report
from tests.unit.builders import DIGEST, make_finding, make_package, make_report

WORDS = {
    name: json.loads((TEMPLATES / name / "words.json").read_text("utf-8")) for name in ("en", "ja")
}


def view(
    report: dict[str, Any], shown: int = 10, language: str = "en", zone: str = "UTC"
) -> dict[str, Any]:
    return view_report(report, shown, WORDS[language], ZoneInfo(zone))


def view_one(**members: Any) -> dict[str, Any]:
    one: dict[str, Any] = view(make_report([make_finding(**members)]))["findings"][0]
    return one


@pytest.mark.parametrize(
    ("total", "settled", "kind"),
    [
        (0, "YES", "CLEAR"),
        (0, "WAIT", "CLEAR"),
        (0, "NO", "FINDINGS"),
        (1, "YES", "FINDINGS"),
        (1, "NO", "FINDINGS"),
    ],
)
def test_clear_is_said_only_where_nothing_is_missing(total: int, settled: str, kind: str) -> None:
    assert decide_kind({"total": total, "settled": settled}) == kind


def test_an_image_is_named_by_its_first_tag_or_its_digest() -> None:
    assert format_image_name({"repository": "a/b", "tags": ["x", "y"], "digest": DIGEST}) == "a/b:x"
    assert (
        format_image_name({"repository": "a/b", "tags": [], "digest": DIGEST})
        == "a/b@sha256:0123456789ab"
    )


def test_a_short_name_keeps_its_end() -> None:
    short = view(make_report(repository="team/" + "x" * 80, tags=("latest",)))["image_short"]
    assert len(short) == 52
    assert short.startswith("…x")
    assert short.endswith("x:latest")


@pytest.mark.parametrize(
    ("zone", "language", "told"),
    [
        ("UTC", "en", "2026-01-31 23:30 UTC"),
        ("Asia/Tokyo", "en", "2026-02-01 08:30 JST"),
        ("Asia/Tokyo", "ja", "2026年02月01日 08:30 JST"),
        ("America/Sao_Paulo", "en", "2026-01-31 20:30 UTC-03"),
        ("Asia/Kathmandu", "en", "2026-02-01 05:15 UTC+0545"),
    ],
)
def test_the_time_is_the_teams(zone: str, language: str, told: str) -> None:
    assert view(make_report(), zone=zone, language=language)["time"] == told


@pytest.mark.parametrize(("language", "told"), [("en", "not stated"), ("ja", "不明")])
def test_a_scan_without_a_time_says_so(language: str, told: str) -> None:
    assert view(make_report(scanned_at=None), language=language)["time"] == told


@pytest.mark.parametrize("at", ["2026-01-31T23:30:00.123Z", "2026-01-31T23:30:00.123456789Z"])
def test_parts_of_a_second_are_no_matter(at: str) -> None:
    assert view(make_report(scanned_at=at))["time"] == "2026-01-31 23:30 UTC"


@pytest.mark.parametrize(
    ("announced", "told"),
    [
        (None, ""),
        ({"CRITICAL": 1, "HIGH": 0, "MEDIUM": 2}, "at least 3"),
        ({"CRITICAL": 1, "HIGH": 0, "MEDIUM": 2, "TOTAL": 9}, "9"),
        ({"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "TOTAL": 0}, "0"),
    ],
)
def test_the_events_total_is_told_as_it_was_said(
    announced: dict[str, int] | None, told: str
) -> None:
    assert view(make_report(announced=announced))["announced_total"] == told


def test_the_events_items_are_told_without_low() -> None:
    announced = view(make_report(announced={"CRITICAL": 1, "HIGH": 0, "MEDIUM": 2, "TOTAL": 9}))[
        "announced"
    ]
    assert [(one["word"], one["count"]) for one in announced] == [
        ("Critical", 1),
        ("High", 0),
        ("Medium", 2),
    ]


def test_the_worst_is_counted_as_listed_or_as_announced() -> None:
    listed = view(make_report([make_finding(1), make_finding(2)]))["worst"]
    assert listed == {"word": "High", "count": 2, "listed": True}
    announced = {"CRITICAL": 3, "HIGH": 0, "MEDIUM": 0, "TOTAL": 9}
    missing = view(make_report([make_finding()], announced=announced, attempt=4))["worst"]
    assert missing == {"word": "Critical", "count": 3, "listed": False}
    assert view(make_report())["worst"] is None


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("INITIAL_SCAN_COMPLETE", "Initial scan complete"),
        ("LATER_DAY", "LATER_DAY"),
        (None, "Not stated"),
    ],
)
def test_a_code_without_a_word_is_told_as_it_is(status: str | None, told: str) -> None:
    assert view(make_report(status=status))["status_words"] == told


def test_a_finding_is_numbered_and_told_in_words() -> None:
    package = make_package(remediation="apt upgrade")
    one = view_one(
        inspectorScore=9.06,
        exploitAvailable="YES",
        epss={"score": 0.1234},
        details={"vulnerablePackages": [package, {**package, "name": "libssl"}]},
    )
    assert (one["number"], one["id"], one["severity"], one["score"]) == (
        1,
        "CVE-2026-0001",
        "High",
        "9.1",
    )
    assert one["why"] == "exploit available · EPSS 12.3% · fix available"
    assert one["commands"] == ["apt upgrade"]
    assert [package["name"] for package in one["packages"]] == ["openssl", "libssl"]


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.0, "0.0%"),
        (0.0004, "<0.1%"),
        (0.001, "0.1%"),
        (0.5, "50.0%"),
        (0.9996, "99.9%"),
        (1.0, "100.0%"),
    ],
)
def test_no_epss_is_rounded_to_none_or_all(share: float, told: str) -> None:
    assert view_one(epss={"score": share})["why"] == f"EPSS {told} · fix available"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("YES", "fix available"),
        ("PARTIAL", "fix for some packages only"),
        ("NO", "no fix yet"),
        (None, "fix not stated"),
    ],
)
def test_every_fix_has_words(given: str | None, told: str) -> None:
    one = view_one(fixAvailable=given)
    assert one["why"] == told
    assert one["score"] == ""


def test_what_is_not_shown_is_counted() -> None:
    report = make_report([make_finding(n) for n in range(8)])
    report["topFindingsOmitted"] = 2
    shown = view(report, 3)
    assert (len(shown["findings"]), shown["left_out"]) == (3, 7)
    assert view(report, 8)["left_out"] == 2


def test_both_languages_know_the_same_words() -> None:
    keys = {
        name: {(group, word) for group in words for word in words[group]}
        for name, words in WORDS.items()
    }
    assert keys["en"] == keys["ja"]
    assert all(
        text for words in WORDS.values() for group in words.values() for text in group.values()
    )

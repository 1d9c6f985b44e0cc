"""asked: what a person may ask to ignore, and what that ignores."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scan_brief.findings.asked import describe, read_ask, read_watched
from scan_brief.findings.ignore_rules import IgnoreRules, add_asked, write_entry
from scan_brief.model import AskedEntry, IgnoreEntry, IgnoreResult, Report
from scan_brief.scan.errors import InvalidRequest
from tests.shapes import assert_shape
from tests.unit.builders import make_brief, make_finding, make_package
from tests.unit.findings.test_ignore import ONE, SCANNED, entry, report_of, rules
from tests.unit.findings.test_selection import EXPLOITED, FakeLookups

NOW = datetime(2026, 2, 1, 23, 59, 59, 999_999, tzinfo=UTC)
WATCHED = ("sample-app", "team/*")
ASK = {"repository": "sample-app", "vulnerabilityId": ONE, "reason": "Not reachable", "days": 30}


def asked(**members: Any) -> AskedEntry:
    plain: AskedEntry = {
        "repository": "sample-app",
        "id": ONE,
        "package": None,
        "reason": "Not reachable",
        "until": (SCANNED + timedelta(days=30)).isoformat(),
        "askedBy": None,
    }
    return {**plain, **members}  # type: ignore[typeddict-item]


def report_with(
    *entries: AskedEntry, ignore: IgnoreRules | None = None, findings: Any = None, **given: Any
) -> Report:
    return report_of(
        findings or [make_finding(1), make_finding(2)],
        ignore=add_asked(ignore, list(entries)),
        **given,
    )


def test_an_ask_becomes_what_the_file_would_say() -> None:
    read = read_ask({**ASK, "package": "pkg:npm/x", "askedBy": "ops"}, WATCHED, NOW)
    assert_shape(read, AskedEntry)
    assert read == {
        "repository": "sample-app",
        "id": ONE,
        "package": "pkg:npm/x",
        "reason": "Not reachable",
        "until": "2026-03-03T23:59:59Z",
        "askedBy": "ops",
    }
    written = write_entry(read)
    assert_shape(written, IgnoreEntry)
    assert written == entry(
        ONE,
        purls=["pkg:npm/x"],
        until=read["until"],
        reason="Not reachable (ops)",
        repositories=["sample-app"],
    )
    answer = describe(read)
    assert_shape(answer, IgnoreResult)
    assert "until 2026-03-03T23:59:59Z, because: Not reachable" in answer["message"]


@pytest.mark.parametrize(
    ("changed", "field", "accepted"),
    [
        ({"reason": None}, "reason", "1 to 190 characters, and not blank"),
        *(({"reason": text}, "reason", "not blank") for text in ("", "  \n", "\u200b", "x" * 191)),
        ({"reason": 7}, "reason", "not blank"),
        *(({"days": days}, "days", "1 to 30") for days in (0, 31, -1, True, 1.5, "x", "", None)),
        ({"days": "٣"}, "days", "1 to 30"),
        *(
            ({"vulnerabilityId": name}, "vulnerabilityId", "such as CVE-2024-0001")
            for name in ("", "*", "CVE-1 OR", "a" * 86, ["CVE-1"], None, "CVE-1\n", "CVE#1")
        ),
        *(
            ({"repository": name}, "repository", "the name of an ECR repository")
            for name in ("*", "team/*", "", "A", 5, None, "team/app\n")
        ),
        ({"repository": "other"}, "repository", "stack sends: sample-app, team/*"),
        ({"repository": "sample-app2"}, "repository", "stack sends"),
        *(
            ({"package": given}, "package", "a package URL")
            for given in ("", "openssl", "pkg:oci/app", "pkg:npm/" + "x" * 300, ["pkg:npm/x"])
        ),
        *(({"askedBy": by}, "askedBy", "1 to 99") for by in ("", " ", "x" * 100, 1)),
        ({"statement": "x"}, "statement", "only repository, vulnerabilityId, reason, days, pack"),
    ],
)
def test_a_bad_ask_is_refused_by_field(changed: dict[str, Any], field: str, accepted: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_ask({**ASK, **changed}, WATCHED, NOW)
    text = str(refused.value)
    assert text.startswith(f"{field}: given ")
    assert accepted in text.partition("; accepted: ")[2]
    assert len(text) < 1_000


@pytest.mark.parametrize("missing", ASK)
def test_each_of_four_is_required(missing: str) -> None:
    rest = {name: value for name, value in ASK.items() if name != missing}
    with pytest.raises(InvalidRequest, match=f"^{missing}: given nothing; accepted: "):
        read_ask(rest, WATCHED, NOW)


@pytest.mark.parametrize("given", [None, [], "x", 7])
def test_what_is_no_object_is_refused(given: object) -> None:
    with pytest.raises(InvalidRequest, match=r"^request: given .*; accepted: an object of repo"):
        read_ask(given, WATCHED, NOW)


def test_a_chat_may_pass_the_days_as_text_and_a_prefix_watches() -> None:
    read = read_ask({**ASK, "days": "1", "repository": "team/app"}, WATCHED, NOW)
    assert (read["until"], read["repository"]) == ("2026-02-02T23:59:59Z", "team/app")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"repositories": 7}'])
def test_a_broken_list_of_repositories_is_an_error(text: str) -> None:
    with pytest.raises((ValueError, LookupError, TypeError)):
        read_watched(text)
    assert read_watched(json.dumps({"repositories": ["a"]})) == ("a",)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_brief_says_until_when_and_why(language: str) -> None:
    report = report_with(asked(askedBy="ops"))
    assert report["ignored"]
    assert (report["total"], report["ignored"]["total"]) == (1, 1)
    text = " ".join(make_brief(report, language)["message"]["email"].split())
    assert "Not reachable (ops)" in text
    assert {"en": "ignored until 2026-03-02", "ja": "2026年03月02日まで除外"}[language] in text


@pytest.mark.parametrize(
    ("members", "ignored"),
    [
        ({}, 1),
        ({"id": ONE.lower()}, 1),
        ({"id": "CVE-2026-000"}, 0),
        ({"id": "CVE-2026-0001-1"}, 0),
        ({"repository": "sample-ap"}, 0),
        ({"repository": "sample-app-2"}, 0),
        ({"package": "pkg:npm/other"}, 0),
        ({"until": SCANNED.isoformat()}, 0),
        ({"until": (SCANNED + timedelta(seconds=1)).isoformat()}, 1),
    ],
)
def test_no_more_is_ignored_than_was_asked(members: dict[str, Any], ignored: int) -> None:
    found = report_with(asked(**members))["ignored"]
    assert found
    assert found["total"] == ignored


def test_one_package_of_two_is_not_enough() -> None:
    packages = [make_package("a", packageManager="NPM"), make_package("b", packageManager="NPM")]
    findings = [make_finding(1, details={"vulnerablePackages": packages})]
    for names, total in ((["a"], 1), (["a", "b"], 0)):
        entries = [asked(package=f"pkg:npm/{name}") for name in names]
        assert report_with(*entries, findings=findings)["total"] == total


def test_an_entry_that_ended_counts_and_says_so_even_before_it_is_deleted() -> None:
    report = report_with(asked(until=(SCANNED - timedelta(days=1)).isoformat()))
    assert report["total"] == 2
    assert report["ignored"]
    (ended,) = report["ignored"]["expired"]
    assert (ended["id"], ended["reason"]) == (ONE, "Not reachable")
    assert "NO LONGER IGNORED" in make_brief(report)["message"]["email"]


def test_the_file_and_the_chat_add_up() -> None:
    file = rules(entry("CVE-2026-0002", reason="file"))
    report = report_with(asked(), ignore=file)
    assert report["total"] == 0
    assert report["ignored"]
    assert [group["reason"] for group in report["ignored"]["groups"]] == ["Not reachable", "file"]
    # The chat's entry is the later one; after its end, the file's applies again.
    file = rules(entry(reason="file"))
    for until, reason in ((timedelta(days=1), "Not reachable"), (timedelta(0), "file")):
        later = asked(until=(SCANNED + until).isoformat())
        found = report_with(later, ignore=file)["ignored"]
        assert found
        assert [group["reason"] for group in found["groups"]] == [reason]


def test_a_known_exploited_finding_is_still_counted_apart() -> None:
    report = report_with(asked(), lookups=FakeLookups({ONE: EXPLOITED}))
    assert report["ignored"]
    assert (report["ignored"]["knownExploited"], report["knownExploited"]) == (1, 0)
    assert "1 of them known to be exploited" in make_brief(report)["message"]["email"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_lost_memory_costs_the_chats_entries_and_the_brief_says_so(language: str) -> None:
    words = {"en": "WARNING: what chats ignore is counted here", "ja": "【警告】チャットから"}
    file = rules(entry("CVE-2026-0002", reason="file"))
    for own, total in ((None, 2), (file, 1)):
        report = report_of([make_finding(1), make_finding(2)], ignore=add_asked(own, None))
        assert report["ignored"]
        assert (report["total"], report["ignored"]["failure"]) == (total, "MEMORY_LOST")
        message = make_brief(report, language)["message"]
        assert words[language] in message["email"]
        assert words[language] in json.loads(message["https"])["content"]["description"]
        assert "nothing is ignored" not in message["email"]


def test_what_cannot_be_applied_is_lost_too() -> None:
    found = add_asked(None, [asked(package="no package URL")])
    assert found
    assert (found.rules, found.failure) == ({}, "MEMORY_LOST")


def test_a_broken_list_still_ignores_nothing() -> None:
    broken = IgnoreRules(failure="BROKEN")
    assert add_asked(broken, [asked()]) is broken
    assert add_asked(broken, None) is broken


def test_without_entries_nothing_changes() -> None:
    assert add_asked(None, []) is None
    file = rules(entry())
    assert add_asked(file, []) is file

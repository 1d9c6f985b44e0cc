"""What every brief guarantees, tested with findings of botocore's model that have hostile text."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
import wcwidth
from hypothesis import given, settings
from hypothesis import strategies as st

from scan_brief.brief.document import make_document
from scan_brief.brief.language_files import TEMPLATES
from scan_brief.findings.finding import SEVERITIES
from scan_brief.findings.report import build_report
from scan_brief.findings.reported import json_size, list_counts
from scan_brief.model import Brief, BriefDocument, Report
from scan_brief.scan.request import read_request
from scan_brief_common.limits import BRIEF_BYTES, REPORT_BYTES
from tests.shapes import assert_shape
from tests.unit.brief.document_schema import validate
from tests.unit.brief.hostile import FRAGMENTS, hostile_texts
from tests.unit.builders import (
    REGISTRY,
    make_brief,
    make_event,
    make_finding,
    make_report,
    make_settings,
)
from tests.unit.findings.finding_shapes import findings

LANGUAGES = ("en", "ja")
TO_COPY = re.compile(r"\s+(Fix: |対処: |scan-brief rerun )")
COUNTS = st.none() | st.fixed_dictionaries(
    {}, optional={name: st.integers(0, 999) for name in ("CRITICAL", "HIGH", "MEDIUM", "TOTAL")}
)


def number_findings(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With a different ARN each."""
    return [{**finding, "findingArn": f"arn:{number:04}"} for number, finding in enumerate(listed)]


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Of events with hostile tags and status, few findings or the same ones often, any attempt."""
    tags = st.lists(hostile_texts(), max_size=3) | st.just([f"t{n}" for n in range(40)])
    detail = {
        "image-tags": draw(tags),
        "scan-status": draw(hostile_texts()),
        "finding-severity-counts": draw(COUNTS),
    }
    listed = draw(st.lists(findings(), max_size=3)) * draw(st.sampled_from((1, 1, 20)))
    numbered = number_findings(listed)
    request = read_request(make_event(detail), REGISTRY)
    return build_report(
        request,
        numbered,
        make_settings(draw(st.sampled_from((1, 10, 50)))),
        draw(st.integers(1, 5)),
    )


def not_text(value: str) -> set[str]:
    return {
        character
        for character in value
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    }


def check_subject(subject: str) -> None:
    assert 1 <= len(subject) <= 99
    assert subject == subject.strip()
    assert not not_text(subject)


def check_mail(mail: str) -> None:
    assert mail.endswith("\n")
    assert "\n\n\n" not in mail
    for line in mail.split("\n"):
        assert not not_text(line)
        fits = wcwidth.width(line) <= 72 or TO_COPY.match(line) or " " not in line.strip()
        assert fits, line


def check_chat(text: str) -> None:
    content = json.loads(text)["content"]
    assert not set(text.replace("<0.1%", "")) & set("<>")
    assert len(content["title"]) <= 250
    assert 0 < len(content["description"]) <= 8000
    assert len(content.get("nextSteps", [])) <= 5
    for step in content.get("nextSteps", []):
        assert 0 < len(step) <= 350
        assert not set(step) & set("`*_[]@\n")
    assert all(0 < len(word) <= 75 for word in content.get("keywords", []))


def check_brief(brief: Brief) -> None:
    assert_shape(brief, Brief)
    check_subject(brief["subject"])
    check_mail(brief["message"]["email"])
    check_chat(brief["message"]["https"])
    assert json_size(brief) <= BRIEF_BYTES


@given(reports(), st.sampled_from(LANGUAGES))
def test_a_brief_keeps_its_guarantees(report: Report, language: str) -> None:
    brief = make_brief(report, language)
    check_brief(brief)
    json.dumps(brief, allow_nan=False, ensure_ascii=False).encode()
    document = validate(brief["message"]["sqs"])
    shown = len(document["vulnerabilities"])
    assert_shape(make_document(report, shown), BriefDocument)
    kept = [finding["findingInfo"]["uid"] for finding in document["vulnerabilities"]]
    assert kept == [finding["findingArn"] for finding in report["topFindings"]][:shown]
    omitted = report["topFindingsOmitted"] + len(report["topFindings"]) - shown
    assert document["vulnerabilitiesOmitted"] == omitted


@given(reports())
def test_a_report_keeps_its_guarantees(report: Report) -> None:
    assert_shape(report, Report)
    assert len(json.dumps(report, allow_nan=False)) <= REPORT_BYTES
    assert sum(count for _, count in list_counts(report["counts"])) == report["total"]
    assert len(report["topFindings"]) + report["topFindingsOmitted"] <= min(50, report["total"])


@given(st.lists(findings(), min_size=2, max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_same_findings_in_any_order_give_the_same_brief(
    listed: list[Any], chance: random.Random
) -> None:
    numbered = number_findings(listed)
    shuffled = chance.sample(numbered, len(numbered))
    assert make_brief(make_report(shuffled)) == make_brief(make_report(numbered))


SEVERITY_WORDS = json.loads((TEMPLATES / "en" / "words.json").read_text("utf-8"))["severity"]


@given(
    counts=COUNTS,
    listed=st.lists(st.sampled_from(SEVERITIES), max_size=8),
    hidden=st.lists(st.sampled_from(SEVERITIES), max_size=3),
    complete=st.booleans(),
    by_hand=st.booleans(),
    status=st.sampled_from(("INITIAL_SCAN_COMPLETE", "SCAN_FAILED")),
)
@settings(max_examples=300)
def test_subject_first_lines_and_counts_never_contradict_each_other(
    *, counts: Any, listed: list[str], hidden: list[str], complete: bool, by_hand: bool, status: str
) -> None:
    event = make_event({"finding-severity-counts": counts, "scan-status": status})
    request = read_request(event, REGISTRY)
    if by_hand:
        request = replace(request, by_hand=True, announced=None)
    report = build_report(
        request,
        [make_finding(number, severity=name) for number, name in enumerate(listed)],
        make_settings(),
        4,
        list_suppressed=lambda: [
            make_finding(number, severity=name) for number, name in enumerate(hidden, start=100)
        ],
        is_complete=lambda: complete,
    )
    brief = make_brief(report)
    kind, severity = brief["attributes"]["kind"], brief["attributes"]["severity"]
    subject, mail = brief["subject"], brief["message"]["email"]
    clear = kind == "CLEAR"
    assert (subject.startswith("ALL CLEAR"), "No known vulnerabilities" in mail) == (clear, clear)
    assert clear <= (severity == "NONE" and not listed and complete)
    unsure = kind == "UNCONFIRMED"
    assert ("NOT CONFIRMED" in subject, "not confirmed" in mail) == (unsure, unsure)
    incomplete = kind == "FINDINGS" and (report["settled"] == "NO" or not complete)
    assert ("INCOMPLETE" in mail) == incomplete
    if severity in SEVERITY_WORDS:
        assert subject.startswith(f"{severity} ")
        assert f"{SEVERITY_WORDS[severity]} " in mail
    assert "0 of 0" not in subject + mail
    total = re.search(r"^Findings +Total (\d+)", mail, re.MULTILINE)
    assert int(total.group(1) if total else 0) == len(listed)
    given = {} if by_hand else counts or {}
    announced = [name for name in given if given[name] > hidden.count(name) and name != "TOTAL"]
    worst = min((*listed, *(announced if incomplete else ())), default="NONE", key=rank_of)
    assert severity in (worst, "UNKNOWN")
    assert complete or severity != "NONE"


def rank_of(name: str) -> int:
    return [str(severity) for severity in SEVERITIES].index(name)


def hostile_finding(number: int, fragment: str) -> dict[str, Any]:
    text = fragment * 60
    packages = [
        {
            "name": f"{n}{text}",
            "version": text,
            "release": text,
            "fixedInVersion": text,
            "remediation": f"{fragment}{n}",
        }
        for n in range(4)
    ]
    details = {"vulnerabilityId": text, "vulnerablePackages": packages}
    return make_finding(number, title=text, details=details, severity=text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_findings_of_a_single_hostile_text_keep_the_guarantees(
    fragment: str, language: str
) -> None:
    given = [hostile_finding(number, fragment) for number in range(3)]
    brief = make_brief(
        make_report(given, tags=(fragment * 60, "b"), status=fragment * 60), language
    )
    check_brief(brief)
    assert "7 * 7" in brief["message"]["email"] or "7 * 7" not in fragment


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("start", ["Subject: ", "Run: ", "https://example.com ", "1. ", "A  "])
def test_a_name_that_begins_like_a_line_of_ours_is_wrapped(start: str, language: str) -> None:
    for length in range(60, 90):
        packages = [{"name": (start + "forged " * 12)[:length], "version": "1.2.3"}]
        details = {"vulnerabilityId": "CVE-2026-1", "vulnerablePackages": packages}
        check_brief(make_brief(make_report([make_finding(1, details=details)]), language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_fifty_findings_of_all_hostile_texts_keep_the_guarantees(language: str) -> None:
    given = [hostile_finding(number, FRAGMENTS[number % len(FRAGMENTS)]) for number in range(50)]
    check_brief(make_brief(make_report(given, top=50, tags=FRAGMENTS), language))

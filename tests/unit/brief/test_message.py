"""message: the whole brief: every protocol's text, the attributes, and what gives way to limits."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from scan_brief.brief.document import write_document
from scan_brief.brief.language_files import TEMPLATES
from scan_brief.brief.markup import finish_chat
from scan_brief.findings.reported import json_size
from scan_brief.model import Report
from scan_brief_common.limits import BRIEF_BYTES
from tests.unit.builders import (
    REPOSITORY_ARN,
    describe,
    facts_of,
    make_brief,
    make_counts,
    make_finding,
    make_package,
    make_report,
)

BODY, CHAT, SUBJECT = "en/body.txt.j2", "en/chat.md.j2", "en/subject.txt.j2"


def big_report(count: int = 50) -> Report:
    """Findings with the largest summaries: three packages with a command each."""
    packages = [
        make_package(f"p{n}-" + "x" * 60, remediation=f"apt {n} " + "y" * 190) for n in range(3)
    ]
    return make_report(
        [make_finding(n, details={"vulnerablePackages": packages}) for n in range(count)], top=50
    )


def test_a_brief_has_a_text_for_every_protocol() -> None:
    report = make_report([make_finding()])
    brief = make_brief(report)
    message = brief["message"]
    assert message["default"] == message["email"]
    assert message["sqs"] == message["lambda"] == write_document(report, 1)
    title = json.loads(message["https"])["content"]["title"]
    assert title == brief["subject"] == "HIGH 1 · sample-app:latest · 1 finding"


@pytest.mark.parametrize(
    ("findings", "announced", "attributes"),
    [
        (
            ["LOW"],
            None,
            {"kind": "FINDINGS", "severity": "LOW", "total": "1"},
        ),
        (
            ["A_NEW_ONE"],
            None,
            {"kind": "FINDINGS", "severity": "OTHER", "total": "1"},
        ),
        (
            [],
            make_counts(TOTAL=0),
            {"kind": "CLEAR", "severity": "NONE", "total": "0"},
        ),
        (
            [],
            None,
            {"kind": "UNCONFIRMED", "severity": "UNKNOWN", "total": "0"},
        ),
        # Announced findings of no known severity may be of any.
        (
            [],
            make_counts(TOTAL=5),
            {"kind": "FINDINGS", "severity": "UNKNOWN", "total": "0"},
        ),
        # An incomplete list has the severity that the event announced.
        (
            [],
            make_counts(2, TOTAL=5),
            {"kind": "FINDINGS", "severity": "CRITICAL", "total": "0"},
        ),
    ],
)
def test_the_attributes_let_subscribers_filter(
    findings: list[str], announced: object, attributes: dict[str, str]
) -> None:
    found = [make_finding(severity=severity) for severity in findings]
    brief = make_brief(make_report(found, announced=announced, attempt=4))
    repository = {"repository": "sample-app", "repositoryArn": REPOSITORY_ARN}
    # Nothing was looked up, so only a clean image is known to have nothing that is exploited.
    exploited = {"knownExploited": "0" if attributes["kind"] == "CLEAR" else "-1"}
    assert dict(brief["attributes"]) == {**attributes, **repository, **exploited}


@pytest.mark.parametrize(
    ("language", "words"), [("en", "{} more left out here"), ("ja", "残り{}件は省略しました")]
)
def test_findings_that_make_a_brief_too_long_are_left_out_and_counted(
    language: str, words: str
) -> None:
    report = big_report()
    brief = make_brief(report, language)
    shown = len(facts_of(brief)["vulnerabilities"])
    assert 0 < shown < 50
    assert shown + facts_of(brief)["vulnerabilitiesOmitted"] == 50
    assert json_size(brief) <= BRIEF_BYTES == 98_304
    assert words.format(50 - shown) in brief["message"]["email"]
    # With one finding more it would be too long.
    longer = make_brief({**report, "topFindings": report["topFindings"][: shown + 1]}, language)
    assert len(facts_of(longer)["vulnerabilities"]) == shown


def test_the_chat_shows_fewer_findings_than_the_mail_and_says_so() -> None:
    long = {"vulnerablePackages": [make_package(f"{n}" + "x" * 79) for n in range(3)]}
    brief = make_brief(make_report([make_finding(n, details=long) for n in range(30)], top=30))
    assert 7000 < len(describe(brief)) <= 8000
    assert "more left out here." in describe(brief)
    assert "left out" not in brief["message"]["email"]
    assert "left out" not in describe(make_brief(big_report(3)))


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.glob("*/chat.md.j2")), ids=lambda file: file.parent.name
)
def test_what_a_chat_template_prints_has_no_markdown_of_its_own(template: Path) -> None:
    """It would be defused like a finding's text, and show look-alikes."""
    parsed = Environment(autoescape=True).parse(template.read_text("utf-8"))
    printed = [node for output in parsed.find_all(nodes.Output) for node in output.nodes]
    texts = [text.value for node in printed for text in node.find_all(nodes.Const)]
    assert texts
    assert [text for text in texts if finish_chat(text) != text] == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_chat_shows_the_versions_as_code(language: str) -> None:
    packages = [
        make_package("log4j-core", version="2.14.1", fixedInVersion="2.15.0"),
        make_package("b", version="1", fixedInVersion="NotAvailable"),
    ]
    report = make_report([make_finding(details={"vulnerablePackages": packages})])
    lines = describe(make_brief(report, language)).splitlines()
    assert "    `log4j-core 2.14.1` → `2.15.0`" in lines
    assert "    `b 1`" in lines


@pytest.mark.parametrize(
    ("language", "packages", "words"),
    [
        ("en", 3, None),
        ("en", 4, "    and 1 more package"),
        ("en", 6, "    and 3 more packages"),
        ("ja", 3, None),
        ("ja", 6, "    ほか3パッケージ"),
    ],
)
def test_mail_and_chat_count_the_packages_that_they_do_not_show(
    language: str, packages: int, words: str | None
) -> None:
    vulnerable = [make_package(f"p{number}") for number in range(packages)]
    report = make_report([make_finding(details={"vulnerablePackages": vulnerable})])
    brief = make_brief(report, language)
    for text in (brief["message"]["email"], describe(brief)):
        finding = text.split("p0 3.0.1")[1]
        next_line = finding.split("p2 3.0.1")[1].splitlines()[1]
        assert next_line == words if words else not re.search("ackage|パッケージ", finding)


@pytest.mark.parametrize(
    ("language", "end"), [("en", "3 of 12345 findings listed"), ("ja", "12345件中3件を取得")]
)
def test_a_long_name_gives_way_to_the_numbers_of_a_subject(language: str, end: str) -> None:
    report = make_report(
        [make_finding(number, severity="CRITICAL") for number in range(3)],
        announced=make_counts(12_000, TOTAL=12_345),
        attempt=4,
        repository="team/" + "x" * 90,
        tags=("1.4.2-20260131",),
    )
    subject = make_brief(report, language)["subject"]
    assert len(subject) <= 99
    assert "x:1.4.2-20260131" in subject
    assert subject.endswith(end)


@pytest.mark.parametrize(
    ("fixes", "version", "english", "japanese"),
    [
        ("YES YES", "2", "all can be fixed now.", "2件です。"),
        ("YES PARTIAL", "2", "all can be fixed now, 1 of them only in part.", "（うち1件は一部の"),
        (
            "PARTIAL NO",
            "2",
            "1 can be fixed now, 1 of them only in part.",
            "1件です（うち1件は一部の",
        ),
        (
            "YES PARTIAL",
            "1+esm1",
            "now, 1 of them only in part, 2 of them only with a subscription.",
            "一部のパッケージのみ修正可能、2件はサブスクリプション契約が必要）",
        ),
        ("PARTIAL", "2", "can be fixed in part now and has no", "（うち1件は一部の"),
        ("PARTIAL", "1+esm1", "can be fixed in part with a subscription", "修正可能、1件は"),
    ],
)
def test_the_first_line_says_what_can_be_fixed_only_in_part(
    fixes: str, version: str, english: str, japanese: str
) -> None:
    packages = {"vulnerablePackages": [make_package(fixedInVersion=version)]}
    given = fixes.split()
    report = make_report(
        [make_finding(n, fixAvailable=fix, details=packages) for n, fix in enumerate(given)],
        announced=make_counts(high=len(given), TOTAL=len(given)),
    )
    for language, words in (("en", english), ("ja", japanese)):
        mail = make_brief(report, language)["message"]["email"]
        assert words.replace(" ", "") in re.sub(r"\s", "", mail)


def test_both_languages_promise_alike_what_is_missing() -> None:
    report = make_report([make_finding()], announced=make_counts(high=2, TOTAL=2), attempt=4)
    for language, words in (("en", "may be listed later"), ("ja", "反映される場合があります")):
        assert words in make_brief(report, language)["message"]["email"]

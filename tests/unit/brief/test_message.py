"""message: the brief as a whole: every protocol's text, the attributes, and what gives way when it
is too long.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment, TemplateError, UndefinedError, nodes
from jinja2.exceptions import SecurityError

from scan_brief.brief.chat import defuse_markdown
from scan_brief.brief.message import BRIEF_LIMIT, TEMPLATES, Formatter
from scan_brief.findings.report import json_size
from scan_brief.settings import FormatSettings
from tests.unit.builders import REPOSITORY_ARN, make_brief, make_finding, make_package, make_report

BODY = "en/body.txt.j2"


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """A copy that a test may edit, as a team does."""
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


def format_with(templates: Path, report: dict[str, Any]) -> dict[str, Any]:
    formatter = Formatter(FormatSettings(language="en", time_zone=ZoneInfo("UTC")), templates)
    return formatter.format({"request": {}, "report": report})


def big_report(count: int = 50) -> dict[str, Any]:
    """Findings as large as a summary of one can be: three packages with a command each."""
    packages = [
        make_package(f"p{n}-" + "x" * 60, remediation=f"apt {n} " + "y" * 190) for n in range(3)
    ]
    return make_report(
        [make_finding(n, details={"vulnerablePackages": packages}) for n in range(count)], top=50
    )


def test_one_publish_has_a_text_for_every_protocol() -> None:
    report = make_report([make_finding()])
    brief = make_brief(report)
    assert set(brief) == {"subject", "message", "attributes"}
    message = brief["message"]
    assert list(message) == ["default", "email", "https", "sqs", "lambda"]
    assert message["default"] == message["email"]
    assert json.loads(message["sqs"]) == json.loads(message["lambda"]) == report
    assert (
        json.loads(message["https"])["content"]["title"]
        == brief["subject"]
        == ("HIGH 1 · sample-app:latest · 1 finding")
    )


@pytest.mark.parametrize(
    ("given", "attributes"),
    [
        ([make_finding(severity="LOW")], {"kind": "FINDINGS", "severity": "LOW", "total": "1"}),
        ([make_finding(severity="LATER")], {"kind": "FINDINGS", "severity": "OTHER", "total": "1"}),
        ([], {"kind": "CLEAR", "severity": "NONE", "total": "0"}),
    ],
)
def test_the_attributes_let_subscribers_filter(
    given: list[dict[str, Any]], attributes: dict[str, str]
) -> None:
    place = {"repository": "sample-app", "repositoryArn": REPOSITORY_ARN}
    assert make_brief(make_report(given))["attributes"] == {**attributes, **place}


def test_an_incomplete_list_is_filtered_by_what_was_announced() -> None:
    announced = {"CRITICAL": 2, "HIGH": 0, "MEDIUM": 0, "TOTAL": 5}
    brief = make_brief(make_report(announced=announced, attempt=4))
    assert (brief["attributes"]["kind"], brief["attributes"]["severity"]) == (
        "FINDINGS",
        "CRITICAL",
    )
    assert brief["attributes"]["total"] == "0"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_makes_a_brief_too_long_is_left_out_and_counted(language: str) -> None:
    report = big_report()
    brief = make_brief(report, language)
    facts = json.loads(brief["message"]["sqs"])
    shown = len(facts["topFindings"])
    assert 0 < shown < 50
    assert shown + facts["topFindingsOmitted"] == 50
    assert json_size(brief) <= BRIEF_LIMIT == 98_304
    told = {"en": f"{50 - shown} more left out here", "ja": f"ほか {50 - shown}件は省略しました"}[
        language
    ]
    assert told in brief["message"]["email"]


def test_no_finding_is_left_out_without_need() -> None:
    report = big_report()
    shown = len(json.loads(make_brief(report)["message"]["sqs"])["topFindings"])
    one_more = make_brief({**report, "topFindings": report["topFindings"][: shown + 1]})
    assert len(json.loads(one_more["message"]["sqs"])["topFindings"]) == shown


def test_the_chat_has_room_for_fewer_and_says_so() -> None:
    brief = make_brief(make_report([make_finding(n, title="x") for n in range(120)], top=50))
    assert "left out" not in brief["message"]["email"]
    long = {"vulnerablePackages": [make_package(f"{n}" + "x" * 79) for n in range(3)]}
    report = make_report([make_finding(n, details=long) for n in range(30)], top=30)
    message = make_brief(report)["message"]
    description = json.loads(message["https"])["content"]["description"]
    assert 7000 < len(description) <= 8000
    assert "more left out here." in description
    assert "left out" not in message["email"]
    few = json.loads(make_brief(big_report(3))["message"]["https"])["content"]["description"]
    assert "left out" not in few


def describe(report: dict[str, Any], language: str) -> str:
    content = json.loads(make_brief(report, language)["message"]["https"])["content"]
    return str(content["description"])


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.glob("*/chat.md.j2")), ids=lambda file: file.parent.name
)
def test_what_a_chat_template_prints_holds_no_markup_of_its_own(template: Path) -> None:
    """It would be defused like a finding's text, and be shown as look-alikes."""
    parsed = Environment(autoescape=True).parse(template.read_text("utf-8"))
    printed = [one for output in parsed.find_all(nodes.Output) for one in output.nodes]
    texts = [one.value for node in printed for one in node.find_all(nodes.Const)]
    assert texts
    assert [text for text in texts if defuse_markdown(text) != text] == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_chat_shows_the_fixed_version_as_code_too(language: str) -> None:
    packages = [
        make_package("log4j-core", version="2.14.1", fixedInVersion="2.15.0"),
        make_package("b", version="1"),
    ]
    packages[1]["fixedInVersion"] = "NotAvailable"
    lines = describe(
        make_report([make_finding(details={"vulnerablePackages": packages})]), language
    ).splitlines()
    assert lines[2:4] == ["    `log4j-core 2.14.1` → `2.15.0`", "    `b 1`"]


@pytest.mark.parametrize(
    ("language", "packages", "told"),
    [
        ("en", 3, None),
        ("en", 4, "    and 1 more package"),
        ("en", 6, "    and 3 more packages"),
        ("ja", 3, None),
        ("ja", 6, "    ほか 3 パッケージ"),
    ],
)
def test_mail_and_chat_say_how_many_packages_they_do_not_show(
    language: str, packages: int, told: str | None
) -> None:
    vulnerable = [make_package(f"p{number}") for number in range(packages)]
    report = make_report([make_finding(details={"vulnerablePackages": vulnerable})])
    mail = make_brief(report, language)["message"]["email"]
    for text in (mail, describe(report, language)):
        shown = text.split("p2 3.0.1")[1].splitlines()
        assert (
            (shown[1] == told)
            if told
            else ("more package" not in text and "パッケージ" not in text)
        )


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "(the event said no counts)"), ("ja", "（イベントに件数の記載なし）")],
)
def test_an_all_clear_that_was_compared_with_nothing_says_so_everywhere(
    language: str, told: str
) -> None:
    for announced in (None, {"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "TOTAL": 0}):
        report = make_report(announced=announced, attempt=4)
        for text in (make_brief(report, language)["message"]["email"], describe(report, language)):
            assert (told in text) == (announced is None)


def test_a_subject_of_ones_own_is_an_edit_of_a_template(templates: Path) -> None:
    (templates / "en/subject.txt.j2").write_text(
        "Mine: {{ repository }}\n{{ tags }}", encoding="utf-8"
    )
    assert (
        format_with(templates, make_report(tags=("a", "b")))["subject"] == "Mine: sample-app a, b"
    )


@pytest.mark.parametrize(
    ("template", "subject"),
    [("", "Scan Brief"), (" \n ", "Scan Brief"), ("x" * 150, "x" * 98 + "…")],
)
def test_a_subject_is_1_to_99_characters(templates: Path, template: str, subject: str) -> None:
    (templates / "en/subject.txt.j2").write_text(template, encoding="utf-8")
    assert format_with(templates, make_report())["subject"] == subject


def test_a_template_that_is_too_long_of_itself_is_cut(templates: Path) -> None:
    (templates / BODY).write_text("重大 " * 60_000, encoding="utf-8")
    brief = format_with(templates, make_report())
    assert json_size(brief) <= BRIEF_LIMIT
    assert brief["message"]["default"] == brief["message"]["email"]
    assert brief["message"]["email"].endswith("…")


def test_a_chat_template_that_is_too_long_of_itself_is_cut(templates: Path) -> None:
    (templates / "en/chat.md.j2").write_text("word " * 5000, encoding="utf-8")
    description = json.loads(format_with(templates, make_report())["message"]["https"])["content"][
        "description"
    ]
    assert len(description) <= 8000
    assert description.endswith("…")


def test_an_unknown_name_in_a_template_is_an_error(templates: Path) -> None:
    (templates / BODY).write_text("{{ repositry }}", encoding="utf-8")
    with pytest.raises(UndefinedError, match="repositry"):
        format_with(templates, make_report())


def test_a_template_that_is_none_is_refused_at_once(templates: Path) -> None:
    (templates / BODY).write_text("{% if %}", encoding="utf-8")
    with pytest.raises(TemplateError):
        Formatter(FormatSettings(language="en", time_zone=ZoneInfo("UTC")), templates)


@pytest.mark.parametrize("code", ["{{ ''.__class__.__mro__ }}", "{{ tags.__init__.__globals__ }}"])
def test_a_template_is_text_and_not_code(templates: Path, code: str) -> None:
    (templates / BODY).write_text(code, encoding="utf-8")
    with pytest.raises((SecurityError, UndefinedError)):
        format_with(templates, make_report())


def test_templates_change_nothing_of_the_report(templates: Path) -> None:
    (templates / BODY).write_text("{{ findings.clear() }}", encoding="utf-8")
    with pytest.raises(SecurityError):
        format_with(templates, make_report([make_finding()]))


def test_a_field_of_the_event_is_one_entry_in_fields_json(templates: Path) -> None:
    fields = json.loads((templates / "fields.json").read_text("utf-8"))
    fields["event_id"] = {"path": "$.request.id", "default": "by hand"}
    (templates / "fields.json").write_text(json.dumps(fields), encoding="utf-8")
    (templates / BODY).write_text("{{ event_id }}", encoding="utf-8")
    formatter = Formatter(FormatSettings(language="en", time_zone=ZoneInfo("UTC")), templates)
    for request, text in (({"id": "7"}, "7\n"), ({}, "by hand\n")):
        assert (
            formatter.format({"request": request, "report": make_report()})["message"]["email"]
            == text
        )

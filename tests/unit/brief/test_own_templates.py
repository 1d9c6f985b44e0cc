"""message: briefs by the templates that a team has edited."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import TemplateError, UndefinedError
from jinja2.exceptions import SecurityError

from scan_brief.brief.language_files import TEMPLATES
from scan_brief.brief.message import Formatter
from scan_brief.findings.reported import json_size
from scan_brief.model import Brief, Report
from scan_brief.settings import FormatSettings
from scan_brief_common.limits import BRIEF_BYTES
from tests.unit.builders import (
    describe,
    facts_of,
    make_finding,
    make_report,
)

BODY, CHAT, SUBJECT = "en/body.txt.j2", "en/chat.md.j2", "en/subject.txt.j2"


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """A copy that a test may edit, as a team does."""
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


def format_with(templates: Path, report: Report, request: object = None, **texts: str) -> Brief:
    """The brief by the English templates, with some of them replaced."""
    for name, text in texts.items():
        file = {"body": BODY, "chat": CHAT, "subject": SUBJECT}[name]
        (templates / file).write_text(text, encoding="utf-8")
    formatter = Formatter(FormatSettings(language="en", time_zone=ZoneInfo("UTC")), templates)
    return formatter.format({"request": request, "report": report})


def test_a_brief_that_fits_only_without_findings_has_none(templates: Path) -> None:
    """It is not cut: without findings it fits."""
    body = "{% for finding in findings %}" + "重" * 20_000 + "{% endfor %}" + "word " * 3_000
    brief = format_with(templates, make_report([make_finding(n) for n in range(3)]), body=body)
    assert brief["message"]["email"].split() == ["word"] * 3_000
    assert brief["message"]["default"] == brief["message"]["email"]
    assert (facts_of(brief)["vulnerabilities"], facts_of(brief)["vulnerabilitiesOmitted"]) == (
        [],
        3,
    )


@pytest.mark.parametrize(
    ("template", "subject"),
    [
        ("Mine: {{ repository }}\n{{ tags }}", "Mine: sample-app a, b"),
        ("", "Scan Brief"),
        (" \n ", "Scan Brief"),
        ("x" * 150, "x" * 98 + "…"),
    ],
)
def test_a_subject_has_1_to_99_characters_on_one_line(
    templates: Path, template: str, subject: str
) -> None:
    brief = format_with(templates, make_report(tags=("a", "b")), subject=template)
    assert brief["subject"] == subject


def test_a_template_that_is_too_long_without_findings_is_cut(templates: Path) -> None:
    brief = format_with(templates, make_report(), body="重大 " * 60_000, chat="word " * 5000)
    assert json_size(brief) <= BRIEF_BYTES
    assert brief["message"]["default"] == brief["message"]["email"]
    assert brief["message"]["email"].endswith("…")
    assert len(describe(brief)) <= 8000
    assert describe(brief).endswith("…")


def test_tags_of_a_template_leave_neither_spaces_nor_lines(templates: Path) -> None:
    body = "red\n    {% if not total %}\nblue\n    {% endif %}\ngreen"
    assert format_with(templates, make_report(), body=body)["message"]["email"] == (
        "red\nblue\ngreen\n"
    )


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("{{ repositry }}", UndefinedError),
        # A template is text, not code.
        ("{{ ''.__class__.__mro__ }}", SecurityError),
        ("{{ tags.__init__.__globals__ }}", SecurityError),
        ("{{ findings.clear() }}", SecurityError),
    ],
)
def test_a_bad_template_is_an_error(templates: Path, body: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        format_with(templates, make_report([make_finding()]), body=body)


def test_a_bad_template_is_refused_when_it_is_loaded(templates: Path) -> None:
    (templates / BODY).write_text("{% if %}", encoding="utf-8")
    with pytest.raises(TemplateError):
        Formatter(FormatSettings(language="en", time_zone=ZoneInfo("UTC")), templates)


def test_a_field_of_the_event_is_an_entry_in_fields_json(templates: Path) -> None:
    fields = json.loads((templates / "fields.json").read_text("utf-8"))
    fields["event_id"] = {"path": "$.request.id", "default": "by hand"}
    (templates / "fields.json").write_text(json.dumps(fields), encoding="utf-8")
    for request, text in (({"id": "7"}, "7\n"), ({}, "by hand\n")):
        brief = format_with(templates, make_report(), request, body="{{ event_id }}")
        assert brief["message"]["email"] == text

"""Pure: makes the brief, a subject and one text per protocol, of a report; at most 96 KiB whatever
the findings.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from scan_brief.brief.chat import defuse_markdown, write_chat
from scan_brief.brief.fields import Fields
from scan_brief.brief.layout import lay_out
from scan_brief.brief.view import decide_kind, view_report
from scan_brief.findings.report import json_size, worst_severity
from scan_brief.settings import FormatSettings
from scan_brief.text import clean, cut, pad
from scan_brief_common.limits import BRIEF_BYTES, CHAT_DESCRIPTION_CHARACTERS, SUBJECT_CHARACTERS

T = TypeVar("T")

TEMPLATES = Path(__file__).parent / "templates"
BRIEF_LIMIT = BRIEF_BYTES  # as JSON, non-ASCII characters escaped
SUBJECT_LIMIT = SUBJECT_CHARACTERS
CHAT_LIMIT = CHAT_DESCRIPTION_CHARACTERS


class Formatter:
    """The templates of one language, loaded and parsed once."""

    def __init__(self, settings: FormatSettings, templates: Path = TEMPLATES) -> None:
        """Raises ValueError or a Jinja2 TemplateError when a file under `templates` is not as it
        must be.
        """
        folder = templates / settings.language
        self._zone = settings.time_zone
        self._words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        self._fields = Fields(templates / "fields.json", settings.language)
        plain, chat = _environment(folder), _environment(folder, finalize=defuse_markdown)
        self._subject = plain.get_template("subject.txt.j2")
        self._body = plain.get_template("body.txt.j2")
        self._chat = chat.get_template("chat.md.j2")

    def format(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """{"request": as it came, "report": report.build_report's shape} to {"subject", "message",
        "attributes"}.

        message: one text each for default, email, https (JSON for Slack and Teams), sqs and lambda
        (the report as JSON). attributes: kind, severity, total, repository, repositoryArn, all
        texts.
        """
        briefs = _Memo(lambda shown: self._format_shown(document, shown))
        most = len(document["report"]["topFindings"])
        shown = _find_most(most, lambda count: json_size(briefs[count]) <= BRIEF_LIMIT)
        if shown is None:  # only templates of somebody's own can be this long without findings
            return self._shorten(briefs[0])
        return briefs[shown]

    def _format_shown(self, document: Mapping[str, Any], shown: int) -> dict[str, Any]:
        report = document["report"]
        names = self._fields.read(document) | view_report(report, shown, self._words, self._zone)
        subject = clean(self._subject.render(names), SUBJECT_LIMIT) or "Scan Brief"
        body = lay_out(self._body.render(names))
        facts = json.dumps(_keep_findings(report, shown), ensure_ascii=False)
        return {
            "subject": subject,
            "message": {
                "default": body,
                "email": body,
                "https": write_chat(
                    subject, self._describe(document, names, shown), names, report["image"]
                ),
                "sqs": facts,
                "lambda": facts,
            },
            "attributes": _attributes(report),
        }

    def _describe(self, document: Mapping[str, Any], names: dict[str, Any], shown: int) -> str:
        """The chat's text, with as many findings as it has room for."""

        def render(fewer: int) -> str:
            fitting = names | view_report(document["report"], fewer, self._words, self._zone)
            return self._chat.render(fitting).strip()

        texts = _Memo(render)
        fewer = _find_most(shown, lambda count: len(texts[count]) <= CHAT_LIMIT)
        return cut(texts[fewer or 0], CHAT_LIMIT)

    @staticmethod
    def _shorten(brief: dict[str, Any]) -> dict[str, Any]:
        text = cut(brief["message"]["email"], 6000)
        return brief | {"message": brief["message"] | {"default": text, "email": text}}


class _Memo(dict[int, T]):
    """What was made for a number of findings, so that it is made once."""

    def __init__(self, make: Callable[[int], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, count: int) -> T:
        self[count] = self._make(count)
        return self[count]


def _find_most(most: int, fits: Callable[[int], bool]) -> int | None:
    """The greatest number from 0 to `most` that fits, None if not even 0 does; what fits with more
    fits with less.
    """
    if fits(most):
        return most
    least, beyond = -1, most
    while beyond - least > 1:
        middle = (least + beyond) // 2
        least, beyond = (middle, beyond) if fits(middle) else (least, middle)
    return least if least >= 0 else None


def _environment(folder: Path, finalize: Any = None) -> Environment:
    """Sandboxed: a template is text that people edit, not code. An unknown name is an error, not a
    gap.
    """
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["pad"] = pad
    return environment


def _keep_findings(report: Mapping[str, Any], shown: int) -> dict[str, Any]:
    hidden = len(report["topFindings"]) - shown
    kept = report["topFindings"][:shown]
    return {
        **report,
        "topFindings": kept,
        "topFindingsOmitted": report["topFindingsOmitted"] + hidden,
    }


def _attributes(report: Mapping[str, Any]) -> dict[str, str]:
    return {
        "kind": decide_kind(report),
        "severity": worst_severity(report) or "NONE",
        "total": str(report["total"]),
        "repository": report["image"]["repository"],
        "repositoryArn": report["image"]["repositoryArn"],
    }

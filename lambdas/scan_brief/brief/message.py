"""Pure: makes the brief, a subject and a text for each protocol, from a report."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from scan_brief.brief.chat import describe_for_buttons, write_chat
from scan_brief.brief.document import write_document
from scan_brief.brief.fields import Fields
from scan_brief.brief.fitting import Memo, find_most
from scan_brief.brief.language_files import TEMPLATES, LanguageFiles
from scan_brief.brief.layout import lay_out
from scan_brief.brief.notice import NoticeFormatter
from scan_brief.brief.view import SHORT_NAME, view_report
from scan_brief.findings.reported import (
    count_known_exploited,
    decide_kind,
    decide_severity,
    json_size,
)
from scan_brief.settings import FormatSettings
from scan_brief.text import clean, cut
from scan_brief_common.defusing import defuse_links
from scan_brief_common.limits import BRIEF_BYTES, CHAT_DESCRIPTION_CHARACTERS, SUBJECT_CHARACTERS

if TYPE_CHECKING:
    from pathlib import Path

    from scan_brief.brief.digest import DigestFormatter
    from scan_brief.model import Brief, BriefInput, Digest, MessageAttributes, Notice, Report

_CUT_CHARACTERS = 6_000  # of a mail that is too long even without findings
_LEAST_NAME = 20  # characters of an image's name in a subject


class Formatter:
    """The templates of one language, loaded and parsed once."""

    def __init__(self, settings: FormatSettings, templates: Path = TEMPLATES) -> None:
        """Raises ValueError or a Jinja2 TemplateError if a file under `templates` is not valid."""
        files = LanguageFiles(templates / settings.language)
        self._zone, self._words = settings.time_zone, files.words
        self._buttons = settings.chat_buttons
        self._fields = Fields(templates / "fields.json", settings.language)
        self._notices = lru_cache(1)(lambda: NoticeFormatter(files, self._zone))
        self._digests = lru_cache(1)(lambda: _make_digest_formatter(settings, templates))
        self._subject = files.plain.get_template("subject.txt.j2")
        self._body = files.plain.get_template("body.txt.j2")
        self._chat = files.chat.get_template("chat.md.j2")

    def format_notice(self, request: object, notice: Notice) -> Brief:
        """The brief of an image that was not scanned, whose templates are loaded only then."""
        fields = self._fields.read({"request": request, "report": notice})
        return self._notices().format(notice, fields)

    def format_digest(self, digest: Digest) -> Brief:
        """The message of a digest, whose templates and code are loaded only then."""
        return self._digests().format(digest)

    def format(self, source: BriefInput) -> Brief:
        """The brief, with as many of the report's findings as it has room for."""
        report, fields = source["report"], self._fields.read(source)
        subject, most = self._write_subject(report, fields), len(report["topFindings"])
        chats = Memo(lambda shown: self._chat.render(self._names(report, fields, shown)).strip())
        in_chat = find_most(most, lambda shown: len(chats[shown]), CHAT_DESCRIPTION_CHARACTERS) or 0

        def format_shown(shown: int) -> Brief:
            description = cut(chats[min(shown, in_chat)], CHAT_DESCRIPTION_CHARACTERS)
            return self._format_shown(report, fields, shown, subject, description)

        briefs = Memo(format_shown)
        shown = find_most(most, lambda count: json_size(briefs[count]), BRIEF_BYTES)
        if shown is None:  # only a team's own templates can be this long without findings
            return _shorten(briefs[0])
        return briefs[shown]

    def _format_shown(
        self, report: Report, fields: dict[str, str], shown: int, subject: str, description: str
    ) -> Brief:
        view = view_report(report, shown, self._words, self._zone)
        commands = [each for finding in view["findings"] for each in finding["commands"]]
        body = lay_out(
            self._body.render({**fields, **view}), [view["rerun"], *map(defuse_links, commands)]
        )
        document = write_document(report, shown)
        context = describe_for_buttons(self._buttons, report)
        return {
            "subject": subject,
            "message": {
                "default": body,
                "email": body,
                "https": write_chat(subject, description, view, report["image"], context),
                "sqs": document,
                "lambda": document,
            },
            "attributes": _attributes(report),
            "remember": report["remember"],
        }

    def _write_subject(self, report: Report, fields: dict[str, str]) -> str:
        """With a shorter name of the image if it is too long otherwise."""
        written, short = "", SHORT_NAME
        for _ in range(2):
            view = view_report(report, 0, self._words, self._zone, short)
            written = clean(self._subject.render({**fields, **view}), 4 * SUBJECT_CHARACTERS)
            short = max(_LEAST_NAME, short - max(0, len(written) - SUBJECT_CHARACTERS))
        return cut(written, SUBJECT_CHARACTERS) or "Scan Brief"

    def _names(self, report: Report, fields: dict[str, str], shown: int) -> dict[str, object]:
        """What a template may print."""
        return {**fields, **view_report(report, shown, self._words, self._zone)}


def _make_digest_formatter(settings: FormatSettings, templates: Path) -> DigestFormatter:
    from scan_brief.brief.digest import DigestFormatter  # noqa: PLC0415 - a brief needs none

    return DigestFormatter(settings, templates)


def _shorten(brief: Brief) -> Brief:
    text = cut(brief["message"]["email"], _CUT_CHARACTERS)
    return {**brief, "message": {**brief["message"], "default": text, "email": text}}


def _attributes(report: Report) -> MessageAttributes:
    return {
        "kind": decide_kind(report),
        "severity": decide_severity(report),
        "total": str(report["total"]),
        "knownExploited": str(count_known_exploited(report)),
        "repository": report["image"]["repository"],
        "repositoryArn": report["image"]["repositoryArn"],
    }

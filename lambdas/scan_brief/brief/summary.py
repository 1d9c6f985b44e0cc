"""Pure: makes the message of a summary: what the briefs that a window gathered say together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scan_brief.brief.chat import compose_chat
from scan_brief.brief.language_files import TEMPLATES, LanguageFiles
from scan_brief.brief.layout import lay_out
from scan_brief.brief.several import (
    find_worst,
    make_attributes,
    make_message,
    render_subject,
)
from scan_brief.text import cut
from scan_brief_common.limits import CHAT_DESCRIPTION_CHARACTERS

if TYPE_CHECKING:
    from pathlib import Path

    from scan_brief.model import Brief, Summary
    from scan_brief.settings import FormatSettings


class SummaryFormatter:
    """The templates of one language, loaded and parsed once."""

    def __init__(self, settings: FormatSettings, templates: Path = TEMPLATES) -> None:
        """Raises ValueError or a Jinja2 TemplateError if a file under `templates` is not valid."""
        self._files = LanguageFiles(templates / settings.language)
        self._zone = settings.time_zone
        self._subject = self._files.plain.get_template("summary_subject.txt.j2")
        self._body = self._files.plain.get_template("summary_body.txt.j2")
        self._chat = self._files.chat.get_template("summary_chat.md.j2")

    def format(self, summary: Summary) -> Brief:
        """One publish, at most limits.SUMMARY_BYTES as JSON."""
        names = {**summary}
        subject = render_subject(self._subject, names)
        mail = lay_out(self._body.render(names))
        description = cut(self._chat.render(names).strip(), CHAT_DESCRIPTION_CHARACTERS)
        thread = f"summary/{summary['summary']}"
        card = compose_chat(subject, description, thread, steps=[], keywords=[])
        document = json.dumps(names, ensure_ascii=False)
        known = not summary["notScanned"]
        return make_message(
            subject,
            (mail, card, document),
            make_attributes(
                "SUMMARY",
                find_worst(summary["counts"], known=known),
                summary["findings"],
                summary["arns"],
            ),
            None,
        )

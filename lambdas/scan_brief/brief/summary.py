"""Pure: makes the message of a summary: what the briefs that a window gathered say together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scan_brief.brief.chat import compose_chat
from scan_brief.brief.fitting import Memo, find_most
from scan_brief.brief.image_sections import RankedImage, decide_worst, rank_images
from scan_brief.brief.language_files import TEMPLATES, LanguageFiles
from scan_brief.brief.layout import lay_out
from scan_brief.brief.several import (
    fit,
    list_keywords,
    make_attributes,
    make_message,
    render_subject,
)
from scan_brief.brief.summary_document import write_summary
from scan_brief.brief.summary_view import view_summary
from scan_brief.text import cut
from scan_brief_common.limits import CHAT_DESCRIPTION_CHARACTERS, SUMMARY_BYTES
from scan_brief_common.routing import NOT_KNOWN

if TYPE_CHECKING:
    from pathlib import Path

    from scan_brief.model import Brief, Summary, SummaryView
    from scan_brief.settings import FormatSettings

_IN_CHAT = 40  # images; more of them are no card


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
        """One publish, at most limits.SUMMARY_BYTES as JSON, with as many images as fit."""
        ranked = rank_images(summary, self._files.words)
        subject = render_subject(self._subject, self._view(summary, ranked, 0))
        card = self._write_card(summary, ranked, subject)
        attributes = make_attributes(
            "SUMMARY",
            decide_worst(summary),
            summary["findings"],
            summary["knownExploited"] or NOT_KNOWN,  # not every finding was looked up
            summary["arns"],
        )
        images = [each.image for each in ranked]

        def write_mail(named: int) -> str:
            return lay_out(self._body.render(self._view(summary, ranked, named)))

        def make(mail: str, named: int) -> Brief:
            document = write_summary(summary, images[:named])
            return make_message(subject, (mail, card, document), attributes, None)

        return fit(len(ranked), write_mail, make, SUMMARY_BYTES)

    def _write_card(self, summary: Summary, ranked: list[RankedImage], subject: str) -> str:
        texts = Memo(lambda named: self._chat.render(self._view(summary, ranked, named)).strip())
        most = min(len(ranked), _IN_CHAT)
        named = find_most(most, lambda count: len(texts[count]), CHAT_DESCRIPTION_CHARACTERS) or 0
        view = self._view(summary, ranked, named)
        separator = self._files.words["upgrade"]["separator"]
        return compose_chat(
            subject,
            cut(texts[named], CHAT_DESCRIPTION_CHARACTERS),
            f"summary/{summary['summary']}",
            steps=[
                f"{each['text']} · {each['serves']}{separator}{each['effect']}"
                for each in view["upgrades"]
            ],
            keywords=list_keywords(
                view["worst"], [repository["name"] for repository in view["repositories"]]
            ),
        )

    def _view(self, summary: Summary, ranked: list[RankedImage], named: int) -> SummaryView:
        return view_summary(summary, ranked, named, self._files, self._zone)

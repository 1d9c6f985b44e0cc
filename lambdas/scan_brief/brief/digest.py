"""Pure: makes the message of a digest: what changed on the watched images since the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scan_brief.brief.chat import compose_chat
from scan_brief.brief.digest_document import write_digest
from scan_brief.brief.digest_view import view_digest
from scan_brief.brief.fitting import Memo, find_most
from scan_brief.brief.language_files import TEMPLATES, LanguageFiles
from scan_brief.brief.layout import lay_out
from scan_brief.brief.several import (
    decide_worst_of,
    fit,
    list_keywords,
    make_attributes,
    make_message,
    render_subject,
)
from scan_brief.findings.finding import SEVERITY_ORDER
from scan_brief.text import cut
from scan_brief_common.limits import BRIEF_BYTES, CHAT_DESCRIPTION_CHARACTERS
from scan_brief_common.routing import NOT_KNOWN

if TYPE_CHECKING:
    from pathlib import Path

    from scan_brief.model import Brief, Digest, DigestView, WorstSeverity
    from scan_brief.settings import FormatSettings

_IN_MAIL, _IN_CHAT, _STEPS = 30, 8, 5  # of each list


class DigestFormatter:
    """The templates of one language, loaded and parsed once."""

    def __init__(self, settings: FormatSettings, templates: Path = TEMPLATES) -> None:
        """Raises ValueError or a Jinja2 TemplateError if a file under `templates` is not valid."""
        self._files = LanguageFiles(templates / settings.language)
        self._zone = settings.time_zone
        self._subject = self._files.plain.get_template("digest_subject.txt.j2")
        self._body = self._files.plain.get_template("digest_body.txt.j2")
        self._chat = self._files.chat.get_template("digest_chat.md.j2")

    def format(self, digest: Digest) -> Brief:
        """One publish, at most limits.BRIEF_BYTES as JSON, with as much of each list as fits."""
        subject = render_subject(self._subject, self._view(digest, 0))
        card = self._write_card(digest, subject)
        attributes = make_attributes(
            "DIGEST",
            _decide_severity(digest),
            digest["total"],
            _count_known_exploited(digest),
            digest["arns"],
        )

        def write_mail(shown: int) -> str:
            return lay_out(self._body.render(self._view(digest, min(shown, _IN_MAIL))))

        def make(mail: str, shown: int) -> Brief:
            texts = mail, card, write_digest(digest, shown)
            return make_message(subject, texts, attributes, digest["remember"])

        return fit(_count_most(digest), write_mail, make, BRIEF_BYTES)

    def _write_card(self, digest: Digest, subject: str) -> str:
        texts = Memo(lambda shown: self._chat.render(self._view(digest, shown)).strip())
        shown = find_most(_IN_CHAT, lambda n: len(texts[n]), CHAT_DESCRIPTION_CHARACTERS) or 0
        view = self._view(digest, _STEPS)
        return compose_chat(
            subject,
            cut(texts[shown], CHAT_DESCRIPTION_CHARACTERS),
            f"digest/{digest['digest']}",
            steps=[
                f"{group['repository']}: {group['text']} · {group['effect']}"
                for group in view["groups"]
                if group["text"]
            ],
            keywords=list_keywords(
                view["worst"], [group["repository"] for group in view["groups"]]
            ),
        )

    def _view(self, digest: Digest, shown: int) -> DigestView:
        return view_digest(digest, shown, self._files, self._zone)


def _decide_severity(digest: Digest) -> WorstSeverity:
    """The highest of what is new. What is in doubt passes every filter, as with briefs: UNKNOWN if
    images are no longer scanned, something is overdue or not every finding was read.
    """
    worst = decide_worst_of(digest["counts"], known=digest["complete"])
    severities = {row["severity"] for row in (*digest["heldBack"], *digest["fixes"])}
    found = next((name for name in SEVERITY_ORDER if name == worst or name in severities), worst)
    doubt = digest["overdue"] or digest["fellOut"] or not digest["complete"]
    if found == "CRITICAL" or not (doubt or (digest["unscanned"] and found == "NONE")):
        return found
    return "UNKNOWN"


def _count_known_exploited(digest: Digest) -> int:
    """NOT_KNOWN instead of 0 if something is in doubt."""
    held = sum(row["knownExploited"] for row in digest["heldBack"])
    found = digest["knownExploited"] + held + len(digest["overdue"])
    looked_up = digest["lookedUp"]
    unknown = not digest["complete"] or digest["fellOut"] or digest["unscanned"]
    if digest["total"] and (looked_up is None or looked_up["left"]):
        unknown = True
    return found or (NOT_KNOWN if unknown else 0)


def _count_most(digest: Digest) -> int:
    """The length of the longest list."""
    return max(
        len(digest["groups"]),
        len(digest["fixes"]),
        len(digest["overdue"]),
        len(digest["fellOut"]),
        len(digest["unscanned"]),
        len(digest["heldBack"]),
    )

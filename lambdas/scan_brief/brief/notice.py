"""Pure: makes the brief of an image that was not scanned: the reason in words, and the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scan_brief.brief.chat import compose_chat, name_thread
from scan_brief.brief.console import link_image
from scan_brief.brief.document import write_notice
from scan_brief.brief.image_name import name_image
from scan_brief.brief.layout import lay_out
from scan_brief.brief.markup import Own
from scan_brief.brief.times import view_time
from scan_brief.text import clean, cut
from scan_brief_common.limits import CHAT_DESCRIPTION_CHARACTERS, SUBJECT_CHARACTERS
from scan_brief_common.routing import NOT_KNOWN

if TYPE_CHECKING:
    from datetime import tzinfo

    from typing_extensions import TypeIs

    from scan_brief.brief.language_files import LanguageFiles
    from scan_brief.model import Brief, Digest, Notice, NoticeView, RemedyOfNotice, Report

_OTHER = "OTHER"  # in notice.json
_LEAST_NAME, _MOST_NAME = 20, 52  # characters of an image's name in a subject


def is_notice(report: Report | Notice | Digest) -> TypeIs[Notice]:
    """Whether this is a notice in a report's place."""
    return "notice" in report


def is_digest(report: Report | Notice | Digest) -> TypeIs[Digest]:
    """Whether this is a digest in a report's place."""
    return "digest" in report


def choose_reason(reason: str, reasons: dict[str, RemedyOfNotice]) -> RemedyOfNotice:
    """What notice.json says of one of Inspector's codes, also of one that it does not have."""
    said = reasons.get(reason) or reasons[_OTHER]
    return {
        "short": said["short"].format(reason=reason),
        "why": said["why"].format(reason=reason),
        "next": said["next"].format(reason=reason),
    }


class NoticeFormatter:
    """The templates of one language."""

    def __init__(self, files: LanguageFiles, zone: tzinfo) -> None:
        self._words, self._reasons, self._zone = files.words, files.reasons, zone
        self._subject = files.plain.get_template("notice_subject.txt.j2")
        self._body = files.plain.get_template("notice_body.txt.j2")
        self._chat = files.chat.get_template("notice_chat.md.j2")

    def format(self, notice: Notice, fields: dict[str, str]) -> Brief:
        """One publish. fields: those of fields.json."""
        image = notice["image"]
        view = self._view(notice, _MOST_NAME)
        subject = self._write_subject(notice, fields)
        body = lay_out(self._body.render({**fields, **view}), [view["doctor"], view["rerun"]])
        description = self._chat.render({**fields, **view}).strip()
        facts = write_notice(notice)
        return {
            "subject": subject,
            "message": {
                "default": body,
                "email": body,
                "https": compose_chat(
                    subject,
                    cut(description, CHAT_DESCRIPTION_CHARACTERS),
                    name_thread(image),
                    steps=[view["next"]],
                    keywords=[image["repository"]],
                ),
                "sqs": facts,
                "lambda": facts,
            },
            "attributes": {
                "kind": notice["notice"],
                "severity": "UNKNOWN",
                "total": "0",
                "knownExploited": str(NOT_KNOWN),
                "repository": image["repository"],
                "repositoryArn": image["repositoryArn"],
            },
            "remember": None,
        }

    def _write_subject(self, notice: Notice, fields: dict[str, str]) -> str:
        """With a shorter name of the image if it is too long otherwise."""
        written, short = "", _MOST_NAME
        for _ in range(2):
            view = self._view(notice, short)
            written = clean(self._subject.render({**fields, **view}), 4 * SUBJECT_CHARACTERS)
            short = max(_LEAST_NAME, short - max(0, len(written) - SUBJECT_CHARACTERS))
        return cut(written, SUBJECT_CHARACTERS) or "Scan Brief"

    def _view(self, notice: Notice, short: int) -> NoticeView:
        image, reason = notice["image"], clean(notice["reason"], 80)
        said = choose_reason(reason, self._reasons)
        link = link_image(image)
        names = self._words["image"]
        return {
            "kind": notice["notice"],
            "image": name_image(image, names, requested=False),
            "image_short": name_image(image, names, requested=False, limit=short),
            "reason": reason,
            "short": said["short"],
            "why": said["why"],
            "next": said["next"],
            "minutes": notice["minutes"] or 0,
            "time": view_time(notice["pushedAt"], self._words, self._zone),
            "doctor": f"scan-brief doctor --repository {image['repository']}",
            "rerun": (
                f"scan-brief rerun --repository {image['repository']} --digest {image['digest']}"
            ),
            "link": Own(link) if link else None,
        }

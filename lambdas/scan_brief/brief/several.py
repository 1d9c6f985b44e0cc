"""Pure: what a summary and a digest share: their subjects and attributes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scan_brief.findings.finding import SEVERITY_ORDER
from scan_brief.text import clean, cut
from scan_brief_common.limits import SUBJECT_CHARACTERS, VALUES_OF_ATTRIBUTE
from scan_brief_common.routing import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2 import Template

    from scan_brief.model import (
        Brief,
        CountsBySeverity,
        DigestMark,
        MessageAttributes,
        SummaryKind,
        WorstSeverity,
    )


def render_subject(template: Template, names: Mapping[str, object]) -> str:
    """One line of a subject's length."""
    written = clean(template.render(names), 4 * SUBJECT_CHARACTERS)
    return cut(written, SUBJECT_CHARACTERS) or "Scan Brief"


def make_attributes(
    kind: SummaryKind, severity: WorstSeverity, total: int, arns: Sequence[str]
) -> MessageAttributes:
    """total: of findings. arns: of repositories, or of prefixes of them with a * at the end."""
    named = arns[:VALUES_OF_ATTRIBUTE]
    names = list(dict.fromkeys(arn.partition(":repository/")[2] or arn for arn in named))
    return {
        "kind": kind,
        "severity": severity,
        "total": str(total),
        "knownExploited": str(NOT_KNOWN),  # the recipients are chosen already
        "repository": json.dumps(names),
        "repositoryArn": json.dumps(named),
    }


def find_worst(counts: CountsBySeverity, *, known: bool) -> WorstSeverity:
    """The highest severity with a finding. Without one: NONE, if all is known."""
    for name in SEVERITY_ORDER:
        if counts.get(name, 0):
            return name
    return "NONE" if known else "UNKNOWN"


def make_message(
    subject: str,
    texts: tuple[str, str, str],
    attributes: MessageAttributes,
    remember: DigestMark | None,
) -> Brief:
    """texts: of the mail, the chat's card and the document."""
    mail, card, document = texts
    return {
        "subject": subject,
        "message": {
            "default": mail,
            "email": mail,
            "https": card,
            "sqs": document,
            "lambda": document,
        },
        "attributes": attributes,
        "remember": remember,
    }

"""Pure: what a summary and a digest share: their subjects, attributes and bounds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from scan_brief.brief.fitting import Memo, find_most
from scan_brief.findings.reported import json_size, list_counts
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

T = TypeVar("T")

_FEW = 25  # things in a document, before a mail names more of them


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


def decide_worst_of(counts: CountsBySeverity, *, known: bool) -> WorstSeverity:
    """The highest severity with a finding; NONE without one, if that is known."""
    worst = next((name for name, count in list_counts(counts) if count), None)
    return worst or ("NONE" if known else "UNKNOWN")


def fit(
    most: int, make_mail: Callable[[int], T], make: Callable[[T, int], Brief], limit: int
) -> Brief:
    """The brief whose mail names as many of `most` things as fit the limit, in bytes of its JSON.

    make_mail: the texts for people, of a number of things. make: the brief of these, with a
    document that has another number of them. The mail goes first, next to a document with a few.
    """
    mails, few = Memo(make_mail), min(most, _FEW)
    in_mail = find_most(most, lambda shown: json_size(make(mails[shown], few)), limit)
    if in_mail is None:
        return make(mails[0], 0)
    texts = mails[in_mail]
    documents = Memo(lambda shown: make(texts, few + shown))
    more = find_most(most - few, lambda shown: json_size(documents[shown]), limit)
    return documents[more or 0]


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

"""Pure: what a summary and a digest share: their subjects, attributes and bounds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from scan_brief.brief.fitting import Memo, find_most
from scan_brief.findings.reported import json_size, list_counts
from scan_brief.text import clean, cut
from scan_brief_common.limits import SUBJECT_CHARACTERS, VALUES_OF_ATTRIBUTE

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

_FEW = 25  # things in a document, before a mail names more of them
_KEYWORDS = 3
_ARN_CHARACTERS = 24_000
_CUT_CHARACTERS = 6_000  # of a mail that is too long even if it names nothing


def render_subject(template: Template, names: Mapping[str, object]) -> str:
    """One line of a subject's length."""
    written = clean(template.render(names), 4 * SUBJECT_CHARACTERS)
    return cut(written, SUBJECT_CHARACTERS) or "Scan Brief"


def make_attributes(
    kind: SummaryKind,
    severity: WorstSeverity,
    total: int,
    known_exploited: int,
    arns: Sequence[str],
) -> MessageAttributes:
    """total, known_exploited: findings; see reported.count_known_exploited. arns: of repositories,
    or of prefixes of them with a * at the end; the first ones count.
    """
    named = _keep_first(arns)
    names = list(dict.fromkeys(arn.partition(":repository/")[2] or arn for arn in named))
    return {
        "kind": kind,
        "severity": severity,
        "total": str(total),
        "knownExploited": str(known_exploited),
        "repository": json.dumps(names),
        "repositoryArn": json.dumps(named),
    }


def _keep_first(arns: Sequence[str]) -> list[str]:
    """As many as leave room for the texts."""
    kept: list[str] = []
    characters = 0
    for arn in arns[:VALUES_OF_ATTRIBUTE]:
        characters += len(arn)
        if characters > _ARN_CHARACTERS:
            break
        kept.append(arn)
    return kept


def list_keywords(worst: str, repositories: Sequence[str]) -> list[str]:
    """Of a chat's card: the severity's word, and the first repositories."""
    return [word for word in (worst, *dict.fromkeys(repositories[:_KEYWORDS])) if word]


def decide_worst_of(counts: CountsBySeverity, *, known: bool) -> WorstSeverity:
    """The highest severity with a finding; NONE without one, if that is known."""
    worst = next((name for name, count in list_counts(counts) if count), None)
    return worst or ("NONE" if known else "UNKNOWN")


def fit(
    most: int, write_mail: Callable[[int], str], make: Callable[[str, int], Brief], limit: int
) -> Brief:
    """The brief whose mail names as many of `most` things as fit the limit, in bytes of its JSON.

    write_mail: of a number of things. make: the brief with a mail, and with a document of another
    number of things. The mail goes first, next to a document with a few.
    """
    mails, few = Memo(write_mail), min(most, _FEW)
    in_mail = find_most(most, lambda shown: json_size(make(mails[shown], few)), limit)
    if in_mail is None:  # only a team's own templates can be this long
        return make(cut(mails[0], _CUT_CHARACTERS), 0)
    mail = mails[in_mail]
    documents = Memo(lambda shown: make(mail, few + shown))
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

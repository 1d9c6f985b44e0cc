"""State FormatMessage: a report, notice or digest in, a brief of at most 96 KiB out.

It calls nothing. Environment: LANGUAGE, TIME_ZONE, CHAT_BUTTONS, GATHER_ABOVE. Permissions: none.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from scan_brief.brief.message import Formatter
from scan_brief.brief.notice import is_digest, is_notice
from scan_brief.findings.gathered import gather_notice, gather_report
from scan_brief.findings.older import complete_report
from scan_brief.log import InvocationLog
from scan_brief.preferences import find_preferences
from scan_brief.settings import FormatSettings, read_gather_above

if TYPE_CHECKING:
    from scan_brief.model import (
        Brief,
        Digest,
        FormatPayload,
        FormatResult,
        Gathered,
        LogFacts,
        Notice,
        Report,
    )

_settings = FormatSettings.from_environment(os.environ)
_gathers = read_gather_above(os.environ) > 0
_formatter_of = lru_cache(maxsize=8)(Formatter)
_formatter_of(_settings)  # parses the templates at cold start


def handle(event: FormatPayload, context: object) -> FormatResult:
    """The brief in the repository's language and time zone."""
    log = InvocationLog(event["request"])
    with log.failures():
        given = event["report"]
        repository = ""
        if not is_digest(given):
            repository, digest = given["image"]["repository"], given["image"]["digest"]
            log.repository, log.digest = repository, digest
        settings = _settings.prefer(find_preferences(event["preferences"], repository))
        complete = given if is_digest(given) or is_notice(given) else complete_report(given)
        brief = _format(_formatter_of(settings), event["request"], complete)
        attributes = brief["attributes"]
        facts = _count(complete)
        facts["kind"], facts["severity"] = attributes["kind"], attributes["severity"]
        facts["language"] = settings.language
        log.info("formatted", **facts)
        gather = _gather(event["request"], complete) if _gathers else None
    return {**brief, "gather": gather}


def _gather(request: object, given: Report | Notice | Digest) -> Gathered | None:
    if is_digest(given):
        return None
    return gather_notice(given) if is_notice(given) else gather_report(given, request)


def _format(formatter: Formatter, request: object, given: Report | Notice | Digest) -> Brief:
    if is_digest(given):
        return formatter.format_digest(given)
    if is_notice(given):
        return formatter.format_notice(request, given)
    return formatter.format({"request": request, "report": given})


def _count(given: Report | Notice | Digest) -> LogFacts:
    """What the dashboard adds up: of reports only, so that nothing counts twice."""
    if is_digest(given) or is_notice(given):
        return {}
    return {
        "total": given["total"],
        "counts": given["counts"],
        "knownExploited": given["knownExploited"],
    }

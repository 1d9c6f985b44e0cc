"""State FormatMessage: a report in, a brief of at most 96 KiB out. It calls nothing.

Environment: LANGUAGE, TIME_ZONE. Permissions: none.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from scan_brief.brief.message import Formatter
from scan_brief.brief.notice import is_notice
from scan_brief.findings.older import complete_report
from scan_brief.log import InvocationLog
from scan_brief.preferences import find_preferences
from scan_brief.settings import FormatSettings

if TYPE_CHECKING:
    from scan_brief.model import Brief, FormatPayload

_settings = FormatSettings.from_environment(os.environ)
_formatter_of = lru_cache(maxsize=8)(Formatter)
_formatter_of(_settings)  # parses the templates at cold start


def handle(event: FormatPayload, context: object) -> Brief:
    """The brief in the repository's language and time zone."""
    log = InvocationLog(event["request"])
    with log.failures():
        given = event["report"]
        image = given["image"]
        log.repository, log.digest = image["repository"], image["digest"]
        settings = _settings.prefer(find_preferences(event["preferences"], image["repository"]))
        formatter = _formatter_of(settings)
        if is_notice(given):
            brief = formatter.format_notice(event["request"], given)
        else:
            report = complete_report(given)
            brief = formatter.format({"request": event["request"], "report": report})
        log.info("formatted", kind=brief["attributes"]["kind"], language=settings.language)
    return brief

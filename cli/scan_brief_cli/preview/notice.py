"""The brief that would be published for an image that was not scanned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from scan_brief.brief.language_files import TEMPLATES
from scan_brief.brief.message import Formatter
from scan_brief.findings.notice import make_notice
from scan_brief.preferences import find_preferences
from scan_brief.scan.errors import InvalidRequest
from scan_brief.scan.request import read_event
from scan_brief.scan.watchdog import read_watchdog
from scan_brief.settings import FormatSettings
from scan_brief_cdk.route import write_preferences
from scan_brief_cdk.settings import Settings
from scan_brief_cli.bad_input import BadInput
from scan_brief_cli.preview.template_faults import template_faults
from scan_brief_cli.preview.template_files import check_template_files


def preview_notice(event: Mapping[str, Any], reason: str, settings: Settings) -> Mapping[str, Any]:
    """The brief, in the shape of message.Formatter.format, of the image of a scan event.

    reason: Inspector's code. Raises BadInput.
    """
    request = read_event(event)
    said = {"reason": reason, "pushedAt": request.scanned_at, "minutes": settings.watch_minutes}
    try:
        watchdog = read_watchdog(said)
    except InvalidRequest as fault:
        raise BadInput(f"--not-scanned: {str(fault).partition(': ')[2]}") from fault
    if watchdog is None or not reason:
        raise BadInput("--not-scanned: given nothing; accepted: a reason such as ACCESS_DENIED")
    preferences = find_preferences(write_preferences(settings.routes), request.repository)
    asked = FormatSettings(language=settings.language, time_zone=ZoneInfo(settings.time_zone))
    asked = asked.prefer(preferences)
    notice = make_notice(replace(request, watchdog=watchdog), watchdog)
    check_template_files(TEMPLATES, asked.language)
    with template_faults(TEMPLATES, asked.language):
        return Formatter(asked, TEMPLATES).format_notice(event, notice)

"""The brief that would be published for a scan event and its findings."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from traceback import extract_tb
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import TemplateError, TemplateSyntaxError

from scan_brief.brief.message import Formatter
from scan_brief.findings.report import build_report
from scan_brief.model import Report
from scan_brief.preferences import find_preferences
from scan_brief.scan.request import ScanRequest, read_event
from scan_brief.settings import FetchSettings, FormatSettings
from scan_brief_cdk.route import write_preferences
from scan_brief_cdk.settings import Settings
from scan_brief_cli.bad_input import BadInput
from scan_brief_cli.fallback import make_fallback
from scan_brief_cli.preview.findings import select_findings


def preview_brief(
    event: Mapping[str, Any], findings: list[dict[str, Any]] | None, settings: Settings
) -> Mapping[str, Any]:
    """The brief, in the shape of message.Formatter.format.

    findings: as boto3 returns them. Without findings, the brief is the
    fallback: what the event alone says. Raises BadInput.
    """
    if findings is None:
        return make_fallback(
            event,
            language=settings.language,
            error="NoFindingsGiven",
            routes=settings.routes,
        )
    request = read_event(event)
    preferences = find_preferences(write_preferences(settings.routes), request.repository)
    fetching = FetchSettings(
        top_findings=settings.top_findings, settle_attempts=1, settle_wait_seconds=1
    )
    report = _make_report(request, findings, fetching.prefer(preferences))
    asked = FormatSettings(language=settings.language, time_zone=ZoneInfo(settings.time_zone))
    try:
        return Formatter(asked.prefer(preferences)).format({"request": event, "report": report})
    except TemplateError as fault:
        raise BadInput(f"{_locate(fault)}: {fault.message}") from fault
    except ValueError as fault:  # of templates/fields.json; the text names the file
        raise BadInput(str(fault)) from fault


def _locate(fault: TemplateError) -> str:
    """The template's file and the line of the fault."""
    if isinstance(fault, TemplateSyntaxError):
        return f"{fault.filename}, line {fault.lineno}"
    frames = [frame for frame in extract_tb(fault.__traceback__) if frame.filename.endswith(".j2")]
    return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else "templates"


def _make_report(
    request: ScanRequest, findings: list[dict[str, Any]], settings: FetchSettings
) -> Report:
    """The report of FetchFindings, after one attempt."""
    report = build_report(
        request,
        select_findings(findings, request, "ACTIVE"),
        settings,
        attempt=1,
        list_suppressed=lambda: select_findings(findings, request, "SUPPRESSED"),
    )
    if findings and not report["total"]:
        _print_note(
            f"none of the {len(findings)} findings is an active one of {request.repository}"
            f" {request.digest}"
        )
    return report


def _print_note(text: str) -> None:
    sys.stderr.write(f"note: {text}\n")

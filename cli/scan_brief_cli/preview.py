"""Edge: the brief that would be published of a scan, made in this process: no emulator, no AWS."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from traceback import extract_tb
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import TemplateError, TemplateSyntaxError

from local.emulator.deployment import read_context
from local.inspector2_double import Inspector2Double
from local.loopback import connect
from scan_brief.aws.inspector import list_findings
from scan_brief.brief.message import Formatter
from scan_brief.findings.report import build_report
from scan_brief.preferences import find_preferences
from scan_brief.scan.request import Registry, ScanRequest, read_request
from scan_brief.settings import FetchSettings, FormatSettings
from scan_brief_cdk.route import write_preferences
from scan_brief_cdk.settings import Settings
from scan_brief_cli.bad_input import BadInput
from scan_brief_cli.fallback import make_fallback


def read_settings(overrides: Mapping[str, object]) -> Settings:
    """The settings of cdk.json with some replaced, so that a preview is what the team would get.

    What is replaced holds for every repository, those with their own among them. Raises
    SettingsError.
    """
    settings = Settings.from_context({**read_context(), **overrides})
    if "language" not in overrides:
        return settings
    return replace(settings, routes=tuple(replace(one, language=None) for one in settings.routes))


def preview_brief(
    event: Mapping[str, Any], findings: list[dict[str, Any]] | None, settings: Settings
) -> dict[str, Any]:
    """`findings` None: the fallback brief, what the event alone says. Shape:
    message.Formatter.format's.
    """
    if findings is None:
        return make_fallback(
            event,
            language=settings.language,
            error="NoFindingsGiven",
            routes=settings.routes,
        )
    request = read_request(event, Registry(account="", region="", partition=""))
    preferences = find_preferences(write_preferences(settings.routes), request.repository)
    fetching = FetchSettings(
        top_findings=settings.top_findings, settle_attempts=1, settle_wait_seconds=1
    )
    report = _fetch(request, findings, fetching.prefer(preferences))
    asked = FormatSettings(language=settings.language, time_zone=ZoneInfo(settings.time_zone))
    try:
        return Formatter(asked.prefer(preferences)).format({"request": event, "report": report})
    except TemplateError as fault:
        raise BadInput(f"{_locate(fault)}: {fault.message}") from fault
    except ValueError as fault:  # templates/fields.json names its own faults
        raise BadInput(str(fault)) from fault


def _locate(fault: TemplateError) -> str:
    """The file and line of a template at which it failed."""
    if isinstance(fault, TemplateSyntaxError):
        return f"{fault.filename}, line {fault.lineno}"
    frames = [frame for frame in extract_tb(fault.__traceback__) if frame.filename.endswith(".j2")]
    return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else "templates"


def _fetch(
    request: ScanRequest, findings: list[dict[str, Any]], asked: FetchSettings
) -> dict[str, Any]:
    """As FetchFindings does it, asking the double once."""
    with Inspector2Double(findings=findings) as double:
        place = {"region": request.registry.region, "account": request.registry.account}
        client = connect("inspector2", endpoint_url=double.endpoint_url, **place)
        report = build_report(request, list_findings(client, request), asked, attempt=1)
    if findings and not report["total"]:
        _note(
            f"none of the {len(findings)} findings is an active one of {request.repository}"
            f" {request.digest}"
        )
    return report


def _note(what: str) -> None:
    print(f"note: {what}", file=sys.stderr)  # noqa: T201

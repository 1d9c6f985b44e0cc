"""Edge: the brief that would be published of a scan, made in this process: no emulator, no AWS."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from traceback import extract_tb
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import TemplateError, TemplateSyntaxError

from infra.settings import Settings
from local.fallback import make_fallback
from local.inspector2_double import Inspector2Double
from local.loopback import connect
from local.scan_files import BadInput
from scan_brief.inspector import list_findings
from scan_brief.message import Formatter
from scan_brief.report import build_report
from scan_brief.request import Registry, read_request
from scan_brief.settings import FetchSettings, FormatSettings

_CDK_JSON = Path(__file__).resolve().parent.parent / "cdk.json"


def read_settings(overrides: Mapping[str, object]) -> Settings:
    """The settings of cdk.json with some replaced, so that a preview is what the team would get.

    Raises infra.settings.SettingsError.
    """
    context = json.loads(_CDK_JSON.read_text(encoding="utf-8"))["context"]
    return Settings.from_context({**context, **overrides})


def preview_brief(
    event: Mapping[str, Any], findings: list[dict[str, Any]] | None, settings: Settings
) -> dict[str, Any]:
    """`findings` None: the fallback brief, what the event alone says. Shape: message.Formatter.format's."""
    if findings is None:
        return make_fallback(event, language=settings.language, error="NoFindingsGiven")
    report = _fetch(event, findings, settings)
    asked = FormatSettings(language=settings.language, time_zone=ZoneInfo(settings.time_zone))
    try:
        return Formatter(asked).format({"request": event, "report": report})
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


def _fetch(event: Mapping[str, Any], findings: list[dict[str, Any]], settings: Settings) -> dict[str, Any]:
    """As FetchFindings does it, asking the double once."""
    request = read_request(event, Registry(account="", region="", partition=""))
    asked = FetchSettings(top_findings=settings.top_findings, settle_attempts=1, settle_wait_seconds=1)
    with Inspector2Double(findings=findings) as double:
        place = {"region": request.registry.region, "account": request.registry.account}
        client = connect("inspector2", endpoint_url=double.endpoint_url, **place)
        report = build_report(request, list_findings(client, request), asked, attempt=1)
    if findings and not report["total"]:
        note = f"note: none of the {len(findings)} findings is an active one of {request.repository} {request.digest}"
        print(note, file=sys.stderr)  # noqa: T201
    return report

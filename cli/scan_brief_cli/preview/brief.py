"""The brief that would be published for a scan event and its findings."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from scan_brief.brief.language_files import TEMPLATES
from scan_brief.brief.message import Formatter
from scan_brief.findings.ignore_rules import IgnoreRules, read_rules
from scan_brief.findings.report import build_report
from scan_brief.model import Report
from scan_brief.preferences import find_preferences
from scan_brief.scan.request import ScanRequest, read_event
from scan_brief.settings import FetchSettings, FormatSettings
from scan_brief_cdk.ignoring.chosen import read_ignored
from scan_brief_cdk.ignoring.entry import write_entries
from scan_brief_cdk.route import write_preferences
from scan_brief_cdk.settings import Settings
from scan_brief_cli.preview.before import GivenBefore
from scan_brief_cli.preview.details import GivenDetails
from scan_brief_cli.preview.findings import select_findings
from scan_brief_cli.preview.template_faults import template_faults
from scan_brief_cli.preview.template_files import check_template_files


def preview_brief(
    event: Mapping[str, Any],
    findings: list[dict[str, Any]] | None,
    settings: Settings,
    details: Sequence[dict[str, Any]] = (),
    before: list[dict[str, Any]] | None = None,
) -> Mapping[str, Any]:
    """The brief, in the shape of message.Formatter.format.

    findings, details, before: as boto3 returns them. Without findings, the brief is the fallback:
    what the event alone says. before: findings of the image before; None to compare with no image.
    Raises BadInput.
    """
    if findings is None:
        # Its interpreter takes time to import, and raises Python's limit of recursion.
        from scan_brief_cli.fallback import make_fallback  # noqa: PLC0415

        return make_fallback(
            event,
            language=settings.language,
            error="InspectorUnavailable",  # the most frequent reason for a fallback brief
            routes=settings.routes,
            time_zone=settings.time_zone,
        )
    request = read_event(event)
    preferences = find_preferences(write_preferences(settings.routes), request.repository)
    fetching = FetchSettings(
        top_findings=settings.top_findings,
        settle_attempts=1,
        settle_wait_seconds=1,
        detail_calls=settings.detail_calls,
        ignore_entries=0,
    )
    report = _make_report(
        request,
        findings,
        fetching.prefer(preferences),
        GivenDetails(findings, details, settings.detail_calls),
        ignore=_read_ignored(settings),
        memory=GivenBefore(before, request) if before is not None else None,
    )
    asked = FormatSettings(language=settings.language, time_zone=ZoneInfo(settings.time_zone))
    asked = asked.prefer(preferences)
    check_template_files(TEMPLATES, asked.language)
    with template_faults(TEMPLATES, asked.language):
        return Formatter(asked, TEMPLATES).format({"request": event, "report": report})


def _read_ignored(settings: Settings) -> IgnoreRules | None:
    """The rules as synth writes them and FetchFindings reads them."""
    file = Path(settings.ignore_file) if settings.ignore_file else None
    entries = read_ignored(file, settings.routes)
    return read_rules(write_entries(entries), len(entries))


def _make_report(
    request: ScanRequest,
    findings: list[dict[str, Any]],
    settings: FetchSettings,
    lookups: GivenDetails,
    *,
    ignore: IgnoreRules | None,
    memory: GivenBefore | None,
) -> Report:
    """The report of FetchFindings, after one attempt."""
    report = build_report(
        request,
        select_findings(findings, request, "ACTIVE"),
        settings,
        attempt=1,
        list_suppressed=lambda: select_findings(findings, request, "SUPPRESSED"),
        lookups=lookups,
        ignore=ignore,
        memory=memory,
    )
    ignored = report["ignored"]
    if findings and not report["total"] and not (ignored and ignored["total"]):
        _print_note(
            f"none of the {len(findings)} findings is an active one of {request.repository}"
            f" {request.digest}"
        )
    if memory:
        if report["changes"] is None:
            memory.notes.append(
                "not compared with the findings before: the list of this image's is not complete"
            )
        for note in memory.notes:
            _print_note(note)
    return report


def _print_note(text: str) -> None:
    sys.stderr.write(f"note: {text}\n")

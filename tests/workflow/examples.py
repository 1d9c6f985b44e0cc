"""What goes through the workflow: the least that each kind of request is, and what the functions
really return.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from scan_brief.brief.message import Formatter
from scan_brief.findings.report import build_report
from scan_brief.model import Brief, Report
from scan_brief.scan.errors import InvalidRequest
from scan_brief.scan.request import Registry, read_request
from scan_brief.settings import FetchSettings, FormatSettings
from scan_brief_cdk.notifier.definition import choose_languages, load_definition
from scan_brief_cdk.route import Route

# One team has a language of its own.
WATCHED = (Route(name="*"), Route(name="team/*", language="ja"))
SAMPLE = Path(__file__).resolve().parents[2] / "cli" / "scan_brief_cli" / "sample"
BESIDE = Registry(account="111122223333", region="eu-central-1", partition="aws")
BY_HAND = (
    {"repository": "sample-app", "imageTag": "latest"},
    {"repository": "sample-app", "imageDigest": "sha256:" + "0" * 64},
)


@cache
def sample_event() -> dict[str, Any]:
    """The project's own scan event."""
    event: dict[str, Any] = json.loads((SAMPLE / "event.json").read_text("utf-8"))
    return event


def least_event() -> dict[str, Any]:
    """The sample event without every field that read_request can do without."""
    event = copy.deepcopy(sample_event())
    for holder in (event["detail"], event):
        for key in list(holder):
            kept = holder.pop(key)
            if not _is_valid(event):
                holder[key] = kept
    return event


def least_requests() -> list[dict[str, Any]]:
    """One of each kind: a scan event with a total and without, of a longer name, by hand by tag and
    by digest.
    """
    counted, longer = least_event(), least_event()
    counted["detail"]["finding-severity-counts"] = {"TOTAL": 1}
    longer["detail"]["repository-name"] += "/of/three"
    return [counted, least_event(), longer, *BY_HAND]


def definition() -> dict[str, Any]:
    """As it is deployed for WATCHED, its placeholders not filled yet."""
    read: dict[str, Any] = json.loads(choose_languages(load_definition(), "en", WATCHED))
    return read


@cache
def real_report() -> Report:
    """As FetchFindings returns it, of two of the sample's findings."""
    findings = json.loads((SAMPLE / "findings.json").read_text("utf-8"))["findings"][:2]
    settings = FetchSettings(top_findings=2, settle_attempts=4, settle_wait_seconds=1)
    return build_report(read_request(sample_event(), BESIDE), findings, settings, 1)


@cache
def real_brief() -> Brief:
    """As FormatMessage returns it, of that report."""
    settings = FormatSettings.from_environment({"LANGUAGE": "en", "TIME_ZONE": "UTC"})
    return Formatter(settings).format({"request": sample_event(), "report": real_report()})


def _is_valid(event: dict[str, Any]) -> bool:
    try:
        return not read_request(event, BESIDE).by_hand
    except InvalidRequest:
        return False

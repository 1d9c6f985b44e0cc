"""State FetchFindings: a request in, a report of at most 64 KiB out.

Environment: TOP_FINDINGS, SETTLE_ATTEMPTS, SETTLE_WAIT_SECONDS.
Permissions: inspector2:ListFindings, inspector2:ListCoverage.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from scan_brief.aws import inspector
from scan_brief.findings.report import build_report
from scan_brief.preferences import find_preferences
from scan_brief.scan.coverage import resolve_image
from scan_brief.scan.request import Registry, read_request
from scan_brief.settings import FetchSettings

_log = logging.getLogger(__name__)
_log.setLevel(logging.INFO)
_settings = FetchSettings.from_environment(os.environ)
_client = inspector.connect()


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """{"request": scan event or request by hand, "attempt": from 1, "preferences":
    preferences.find_preferences' text} to report.build_report's shape.

    Raises InvalidRequest, ImageNotScanned, InspectorUnavailable, InspectorRefused.
    """
    request = read_request(event["request"], Registry.of_function(context.invoked_function_arn))
    if request.by_hand:
        request = resolve_image(request, inspector.list_coverage(_client, request))
    settings = _settings.prefer(find_preferences(event["preferences"], request.repository))
    report = build_report(
        request, inspector.list_findings(_client, request), settings, event["attempt"]
    )
    _log.info(
        "image %s: %d findings, settled %s", report["image"], report["total"], report["settled"]
    )
    return report

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
from scan_brief.scan.errors import ImageNotScanned, InvalidRequest
from scan_brief.scan.request import Registry, read_request
from scan_brief.settings import FetchSettings

_log = logging.getLogger(__name__)
_log.setLevel(logging.INFO)
_settings = FetchSettings.from_environment(os.environ)
_client = inspector.connect()


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answers {"report", "refusal"}; raises InspectorUnavailable or InspectorRefused."""
    try:
        return {"report": _fetch(event, context), "refusal": None}
    except (InvalidRequest, ImageNotScanned) as error:
        refusal = {"error": type(error).__name__, "cause": str(error)}
        return {"report": None, "refusal": refusal}


def _fetch(event: dict[str, Any], context: Any) -> dict[str, Any]:
    request = read_request(event["request"], Registry.of_function(context.invoked_function_arn))
    if request.by_hand:
        request = resolve_image(request, inspector.list_coverage(_client, request))
    settings = _settings.prefer(find_preferences(event["preferences"], request.repository))
    return build_report(
        request, inspector.list_findings(_client, request), settings, event["attempt"]
    )

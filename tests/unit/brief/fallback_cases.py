"""The requests and failures whose fallback briefs are in goldens/."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from scan_brief_cli.fallback import make_fallback
from tests.unit.builders import DIGEST, make_event

ZONES = {"en": "UTC", "ja": "Asia/Tokyo"}
_THROTTLED = json.dumps(
    {
        "errorMessage": "list_findings: An error occurred (ThrottlingException) when calling the"
        " ListFindings operation: Rate exceeded",
        "errorType": "InspectorThrottled",
    }
)
_HOSTILE = "<!channel> [go](https://evil.example) @here &lt;b&gt; `c` *b*"


def fallback(
    request: dict[str, Any], error: str = "InspectorThrottled", cause: str = _THROTTLED
) -> Callable[[str], dict[str, Any]]:
    return lambda language: make_fallback(
        request, language=language, error=error, cause=cause, time_zone=ZONES[language]
    )


def event_with(counts: object, **detail: object) -> dict[str, Any]:
    return make_event({"finding-severity-counts": counts, **detail})


SIX = {"CRITICAL": 1, "HIGH": 2, "MEDIUM": 1, "TOTAL": 6}
FALLBACK_CASES: dict[str, Callable[[str], dict[str, Any]]] = {
    "fallback": fallback(event_with(SIX)),
    "fallback_without_counts": fallback(event_with(None), "States.Timeout", ""),
    "fallback_without_a_total": fallback(
        event_with({"CRITICAL": 2}), "Runtime.ExitError", "Runtime exited: signal: killed"
    ),
    "fallback_by_hand": fallback({"repository": "sample-app", "imageDigest": DIGEST}),
    "fallback_of_a_push": fallback(
        {"repository": "sample-app", "imageDigest": DIGEST, "watchdog": {"reason": ""}}
    ),
    "fallback_of_an_urgent_finding": fallback(
        {
            "repository": "sample-app",
            "imageDigest": DIGEST,
            "urgent": {"id": "CVE-2026-0001", "knownExploited": True, "others": 2},
        }
    ),
    "fallback_of_a_summary": fallback(
        {"repository": "sample-app", "summary": "summary-0123456789abcdef-20251113T164152Z-1"},
        "MemoryLost",
        "The summary of 980 briefs that were gathered from 2025-11-13T16:41:52Z to"
        " 2025-11-13T16:46:52Z was not sent. EXPIRED",
    ),
    "fallback_of_an_unreadable_event": fallback(
        event_with(SIX, **{"image-digest": "latest"}),
        "UnreadableEvent",
        'detail.image-digest: given "latest"; accepted: sha256: and 64 hexadecimal digits in lower'
        " case",
    ),
    "fallback_hostile": fallback(
        {"repository": _HOSTILE, "imageTag": _HOSTILE}, _HOSTILE, f"{_HOSTILE}\nSubject: forged"
    ),
}

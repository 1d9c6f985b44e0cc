"""Pure: makes the notice of an image that was not scanned, in a report's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scan_brief.findings.report import describe_image
from scan_brief.scan.reasons import SCANNING_OFF
from scan_brief.scan.request import ScanRequest

if TYPE_CHECKING:
    from scan_brief.model import Notice, Watchdog


def make_notice(request: ScanRequest, watchdog: Watchdog) -> Notice:
    """From the watchdog's request alone: it says what the watchdog saw."""
    reason = watchdog["reason"]
    return {
        "notice": "SCANNING_OFF" if reason == SCANNING_OFF else "NOT_SCANNED",
        "image": describe_image(request),
        "reason": reason,
        "pushedAt": watchdog["pushedAt"],
        "minutes": watchdog["minutes"],
    }

"""Images that were not scanned, whose briefs are in goldens/."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scan_brief.findings.notice import make_notice
from scan_brief.model import Brief, Notice
from scan_brief.scan.request import read_request
from tests.unit.builders import DIGEST, REGISTRY, make_formatter

PUSHED = "2026-01-31T23:30:00Z"


def make_notice_of(reason: str, **changed: Any) -> Notice:
    """The notice of the watchdog's request, 30 minutes after a push."""
    watchdog = {"reason": reason, "imageTag": "1.4.2", "pushedAt": PUSHED, "minutes": 30} | changed
    request = read_request(
        {"repository": "team/sample-app", "imageDigest": DIGEST, "watchdog": watchdog}, REGISTRY
    )
    assert request.watchdog
    return make_notice(request, request.watchdog)


def format_notice(notice: Notice, language: str) -> Brief:
    zone = {"en": "UTC", "ja": "Asia/Tokyo"}[language]
    return make_formatter(language, zone).format_notice({}, notice)


def _of(reason: str, **changed: Any) -> Callable[[str], Brief]:
    return lambda language: format_notice(make_notice_of(reason, **changed), language)


NOTICE_CASES: dict[str, Callable[[str], Brief]] = {
    "not_scanned": _of("ACCESS_DENIED"),
    "not_scanned_any_more": _of(
        "ACCESS_DENIED_TO_ENCRYPTION_KEY", pushedAt=None, minutes=None, imageTag=None
    ),
    "not_scanned_new_reason": _of("NEW_REASON_OF_INSPECTOR"),
    "scanning_off": _of("SCANNING_OFF"),
}

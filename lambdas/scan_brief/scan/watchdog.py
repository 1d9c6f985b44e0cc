"""Pure: what the watchdog adds to its requests, and the times of events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.scan.refusal import match, refuse
from scan_brief.untrusted import MISSING

if TYPE_CHECKING:
    from scan_brief.model import Watchdog, WatchdogSaid

TAG = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}"
_TIME = r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"
_REASON = r"[A-Z0-9_]{0,80}"
_A_REASON = "Inspector's reason, such as ACCESS_DENIED, or an empty text"
_KEYS = ("reason", "imageTag", "pushedAt", "minutes")


def read_watchdog(given: object) -> Watchdog | None:
    """Read the member of a request. Raises InvalidRequest."""
    if given is MISSING:
        return None
    if not isinstance(given, Mapping):
        raise refuse("watchdog", given, f"an object of {', '.join(_KEYS)}")
    said: WatchdogSaid = given
    minutes, tag, pushed = said.get("minutes"), said.get("imageTag"), said.get("pushedAt")
    if minutes is not None and type(minutes) is not int:
        raise refuse("watchdog.minutes", minutes, "a number of minutes")
    reason = match("watchdog.reason", said.get("reason", MISSING), _REASON, _A_REASON).string
    return {
        "reason": reason,
        "imageTag": tag if isinstance(tag, str) and re.fullmatch(TAG, tag, re.ASCII) else None,
        "pushedAt": read_time(pushed) if pushed is not None else None,
        "minutes": minutes,
    }


def read_time(given: object) -> str:
    """Read an event's time. Raises InvalidRequest."""
    accepted = "a UTC time such as 2026-01-31T09:30:00Z"
    time = match("time", given, _TIME, accepted).string
    try:
        datetime.fromisoformat(time)
    except ValueError:
        raise refuse("time", time, accepted) from None
    return time

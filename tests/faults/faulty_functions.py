"""The functions' entry points in a fault run: they end as planned, and pause for less time.

It is in the functions' bundle, so that a fault ends the same process as in AWS.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from planned_faults import PlannedFaults  # type: ignore[import-not-found]  # a copy in the bundle

from scan_brief.aws.pace import Pace

_SPEED = 100  # of the clock by which FetchFindings pauses, and knows when its time is used up
_FAULTS = PlannedFaults(Path(os.environ["PLANNED_FAULTS"]))
_INIT = os.environ.get("PLANNED_FAULTS_OF_INIT", "")

if _FAULTS.take("init", _INIT):
    import absent_module  # type: ignore[import-not-found]  # noqa: F401


class QuickPace(Pace):
    """Replaces the pace of FetchFindings."""

    def __init__(self, seconds_left: Callable[[], float]) -> None:
        super().__init__(
            lambda: seconds_left() * _SPEED,
            clock=lambda: time.monotonic() * _SPEED,
            sleep=lambda seconds: time.sleep(seconds / _SPEED),
        )


def handle_fetch(event: dict[str, Any], context: Any) -> Any:
    """State FetchFindings."""
    _fail_as_planned("FetchFindings", event)
    from scan_brief.handlers import fetch_findings  # noqa: PLC0415 - it reads its own settings

    vars(fetch_findings)["Pace"] = QuickPace
    return fetch_findings.handle(event, context)  # type: ignore[arg-type]


def handle_format(event: dict[str, Any], context: Any) -> Any:
    """State FormatMessage."""
    _fail_as_planned("FormatMessage", event)
    from scan_brief.handlers import format_message  # noqa: PLC0415 - as above

    return format_message.handle(event, context)  # type: ignore[arg-type]


def _fail_as_planned(place: str, event: dict[str, Any]) -> None:
    fault = _FAULTS.take(place, json.dumps(event["request"]))
    if fault == "exit":
        os._exit(1)
    if fault == "out of memory":
        os.kill(os.getpid(), signal.SIGKILL)
    if fault == "out of time":
        time.sleep(600)
    if fault:
        raise RuntimeError(fault)

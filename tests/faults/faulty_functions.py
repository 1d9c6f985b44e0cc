"""The functions' entry points in a fault run: they end as planned, and pause for less time.

It is in the functions' bundle, so that a fault ends the same process as in AWS.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from planned_faults import PlannedFaults  # type: ignore[import-not-found]  # a copy in the bundle

from scan_brief.aws.pace import Pace

_PATIENCE_SECONDS = 2
_SPEED = 100  # of the clock by which FetchFindings pauses, and knows when its time is used up
_FAULTS = PlannedFaults(Path(os.environ["PLANNED_FAULTS"]))
_INIT = os.environ.get("PLANNED_FAULTS_OF_INIT", "")

if _FAULTS.take("init", _INIT):
    import absent_module  # type: ignore[import-not-found]  # noqa: F401


_image = ""  # of the present invocation


def _address(request: Any, **_: Any) -> None:
    """Put the image in front of the path, as the address of its double."""
    parts = urlsplit(request.url)
    request.url = parts._replace(path=f"/{_image}{parts.path}").geturl()


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

    _prepare(fetch_findings, event)
    return fetch_findings.handle(event, context)  # type: ignore[arg-type]


def handle_format(event: dict[str, Any], context: Any) -> Any:
    """State FormatMessage."""
    _fail_as_planned("FormatMessage", event)
    from scan_brief.handlers import format_message  # noqa: PLC0415 - as above

    return format_message.handle(event, context)  # type: ignore[arg-type]


def handle_watch(event: dict[str, Any], context: Any) -> Any:
    """State FindUnscanned."""
    _fail_as_planned("FindUnscanned", event)
    from scan_brief.handlers import find_unscanned  # noqa: PLC0415 - as above

    _prepare(find_unscanned, event)
    os.environ["AWS_ENDPOINT_URL_ECR"] = f"{os.environ['REGISTRY_URL']}/{_image}/registry"
    return find_unscanned.handle(event, context)  # type: ignore[arg-type]


def handle_remember(event: dict[str, Any], context: Any) -> Any:
    """State RememberBrief."""
    _fail_as_planned("RememberBrief", event)
    from scan_brief.handlers import remember_brief  # noqa: PLC0415 - as above

    return remember_brief.handle(event, context)  # type: ignore[arg-type]


def _prepare(handler: Any, event: dict[str, Any]) -> None:
    """A quick pace, the image's own double, and less patience if that is planned."""
    global _image  # noqa: PLW0603 - one invocation at a time
    text = json.dumps(event)
    found = re.search(r"sha256:[0-9a-f]{64}", text)
    _image = found[0] if found else ""
    vars(handler)["Pace"] = QuickPace
    if _FAULTS.take("patience", text):
        from scan_brief.aws import inspector  # noqa: PLC0415 - as above

        vars(handler)["_client"] = inspector.connect(read_timeout=_PATIENCE_SECONDS)
    client: Any = vars(handler)["_client"]
    if _image and "REGISTRY_URL" in os.environ:  # microburst knows calls by their paths
        client.meta.events.register("before-send.inspector2", _address, unique_id="image")


def _fail_as_planned(place: str, event: dict[str, Any]) -> None:
    fault = _FAULTS.take(place, json.dumps(event))
    if fault == "exit":
        os._exit(1)
    if fault == "out of memory":
        os.kill(os.getpid(), signal.SIGKILL)
    if fault == "out of time":
        time.sleep(600)  # longer than each function's timeout, which ends it
    if fault:
        raise RuntimeError(fault)

"""State FindUnscanned: a push, or a change of Inspector's coverage, in; what is to be reported out.

Environment: WATCH_MINUTES. Permissions: inspector2:ListCoverage and BatchGetAccountStatus;
ecr:GetRegistryScanningConfiguration.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scan_brief.aws import inspector
from scan_brief.aws.pace import Pace
from scan_brief.aws.registry import find_state
from scan_brief.context import Context
from scan_brief.log import InvocationLog
from scan_brief.scan.request import Registry
from scan_brief.scan.watch import decide, read_watched
from scan_brief.settings import WatchSettings

if TYPE_CHECKING:
    from scan_brief.model import WatchPayload, WatchResult

_settings = WatchSettings.from_environment(os.environ)
_client = inspector.connect()


def handle(event: WatchPayload, context: Context) -> WatchResult:
    """Raises UnreadableEvent, InspectorUnavailable or InspectorRefused."""
    log = InvocationLog(event["event"])
    with log.failures():
        registry = Registry.of_function(context.invoked_function_arn)
        watched = read_watched(event["event"], registry)
        request = watched.request
        log.repository, log.digest = request.repository, request.digest
        reader = inspector.Reader(
            _client, Pace(lambda: context.get_remaining_time_in_millis() / 1000)
        )
        result = decide(
            watched,
            [] if watched.kind else reader.list_coverage(request),
            lambda: find_state(_client, registry.account, request.repository),
            _settings.watch_minutes,
        )
        log.info(
            "watched",
            why=result["why"],
            reported=result["request"] is not None,
            image=not watched.kind,
            pushAgeSeconds=_measure_age(watched.at),
        )
    return result


def _measure_age(pushed_at: str | None) -> int:
    """0 if it was not pushed now, or the event does not say when."""
    if pushed_at is None:
        return 0
    return int((datetime.now(UTC) - datetime.fromisoformat(pushed_at)).total_seconds())

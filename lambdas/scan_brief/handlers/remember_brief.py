"""State RememberBrief: after the publish, moves the memory on to the brief that was sent.

Environment: MEMORY_TABLE. Permissions: dynamodb:PutItem on the keys of briefs.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scan_brief.aws.memory import TableMemory
from scan_brief.log import InvocationLog
from scan_brief.scan.request import find_scan_time
from scan_brief.settings import MemorySettings

if TYPE_CHECKING:
    from scan_brief.model import RememberPayload, RememberResult

_table = MemorySettings.from_environment(os.environ).memory_table


def handle(event: RememberPayload, context: object) -> RememberResult:
    """Raises MemoryLost, which the state machine catches: the brief is out."""
    log = InvocationLog(event["request"])
    with log.failures():
        mark = event["brief"].get("remember")
        if mark:
            log.repository, log.digest = mark["repository"], mark["digest"]
        _log_seconds(log, event["request"])
        if mark is None or not _table:
            return {"moved": False}
        moved = TableMemory(_table).move_on(mark)
        log.info("remembered", moved=moved)
    return {"moved": moved}


def _log_seconds(log: InvocationLog, request: object) -> None:
    """How long the brief of a scan event took, also if it cannot be remembered."""
    scanned_at = find_scan_time(request)
    if scanned_at:
        passed = datetime.now(UTC) - datetime.fromisoformat(scanned_at)
        log.info("sent", secondsFromScan=max(0, int(passed.total_seconds())))

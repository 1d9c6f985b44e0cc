"""State GatherDigest: an audience in; a digest of at most 64 KiB out, or none and why.

Environment: DETAIL_CALLS, IGNORE_ENTRIES, DIGEST_DAYS, DIGEST_ALL_QUIET, CHAT_BUTTONS,
MEMORY_TABLE. File next to the package: ignored.json, if there are entries.
Permissions: inspector2:ListFindings, ListCoverage and BatchGetFindingDetails; dynamodb:Query,
GetItem and PutItem, each on some keys of the table.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scan_brief.aws import inspector
from scan_brief.aws.asked_memory import AskedRules
from scan_brief.aws.bundled import read_ignored
from scan_brief.aws.digest_gathering import DigestGathering
from scan_brief.aws.digest_memory import DigestMemory
from scan_brief.aws.held import HeldItems
from scan_brief.aws.pace import Pace
from scan_brief.context import Context
from scan_brief.findings.digest_request import read_digest_request
from scan_brief.log import InvocationLog
from scan_brief.scan.request import Registry
from scan_brief.settings import DigestSettings, MemorySettings

if TYPE_CHECKING:
    from scan_brief.model import GatherPayload, GatherResult

_settings = DigestSettings.from_environment(os.environ)
_table = MemorySettings.from_environment(os.environ).memory_table
_client = inspector.connect()
_ignore = read_ignored(_settings.ignore_entries)


def handle(event: GatherPayload, context: Context) -> GatherResult:
    """Raises InvalidRequest, InspectorUnavailable or InspectorRefused."""
    log = InvocationLog(None)
    with log.failures():
        request = read_digest_request(event)
        pace = Pace(lambda: context.get_remaining_time_in_millis() / 1000)
        lost: set[str] = set()  # each reason is logged once
        rules = AskedRules(_ignore, _table, _settings.chat_buttons, lost.add)
        gathering = DigestGathering(
            request,
            reader=inspector.Reader(_client, pace),
            registry=Registry.of_function(context.invoked_function_arn),
            memory=DigestMemory(_table),
            held=HeldItems(_table),
            settings=_settings,
            find_rules=rules.find,
        )
        result = gathering.gather(datetime.now(UTC))
        if gathering.lost:
            lost.add(gathering.lost)
        for why in sorted(lost):
            log.memory_lost(why)
        digest = result["digest"]
        log.info("gathered", why=result["why"], total=digest["total"] if digest else 0)
    return result

"""A batch of "Inspector2 Finding" events in; the urgent ones start briefs, or are held back.

Environment: URGENT_PER_HOUR, IGNORE_ENTRIES, STATE_MACHINE_ARN, CHAT_BUTTONS, MEMORY_TABLE. File
next to the package: ignored.json, if there are entries.
Permissions: inspector2:ListFindings and BatchGetFindingDetails; states:StartExecution and
ListExecutions of the brief's machine; dynamodb:GetItem, PutItem, UpdateItem and Query, each on some
keys of the table; to receive and delete the messages of its queue.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scan_brief.aws import inspector, urgent_briefs
from scan_brief.aws.asked_memory import AskedRules
from scan_brief.aws.bundled import read_ignored
from scan_brief.aws.lookups import InspectorLookups
from scan_brief.aws.memory import TableMemory
from scan_brief.aws.pace import Pace
from scan_brief.aws.remembered_lookups import RememberedLookups
from scan_brief.aws.urgent_path import UrgentPath
from scan_brief.aws.urgent_table import UrgentTable
from scan_brief.context import Context
from scan_brief.log import InvocationLog
from scan_brief.scan.request import Registry
from scan_brief.settings import MemorySettings, UrgentSettings

if TYPE_CHECKING:
    from scan_brief.model import QueueEvent, QueueResult

_CALLS = 10  # of BatchGetFindingDetails, for the findings of a batch
_settings = UrgentSettings.from_environment(os.environ)
_table = MemorySettings.from_environment(os.environ).memory_table
_client = inspector.connect()
_ignore = read_ignored(_settings.ignore_entries)


def handle(event: QueueEvent, context: Context) -> QueueResult:
    """What could not be decided, or not be started, is delivered again."""
    log = InvocationLog(None)
    with log.failures():
        now = datetime.now(UTC)
        pace = Pace(lambda: context.get_remaining_time_in_millis() / 1000)
        reader = inspector.Reader(_client, pace)
        rules = AskedRules(_ignore, _table, _settings.chat_buttons, log.memory_lost)
        lookups, memory = InspectorLookups(reader, _CALLS), TableMemory(_table)
        briefs = urgent_briefs.UrgentBriefs(
            urgent_briefs.connect(),
            _settings.state_machine_arn,
            UrgentTable(_table, _settings.urgent_per_hour),
            _settings.urgent_per_hour,
            log.memory_lost,
        )
        path = UrgentPath(
            Registry.of_function(context.invoked_function_arn),
            reader,
            find_rules=rules.find,
            find_lookups=lambda repository: RememberedLookups(lookups, memory, repository, now),
            briefs=briefs,
            on_refused=lambda field: log.refused("UnreadableEvent", field),
        )
        path.take(event, now)
        for error, count in Counter(path.failed.values()).items():
            log.undecided(error, count)
        log.info(
            "looked",
            findings=path.findings,
            started=briefs.started,
            held=briefs.held,
            failed=len(path.failed),
        )
    return {"batchItemFailures": [{"itemIdentifier": name} for name in path.failed]}

"""State FetchFindings: a request in, a report of at most 64 KiB or a refusal out.

Environment: TOP_FINDINGS, SETTLE_ATTEMPTS, SETTLE_WAIT_SECONDS, DETAIL_CALLS,
IGNORE_ENTRIES, MEMORY_TABLE, CHAT_BUTTONS. Files next to the package: ignored.json, if there are
entries, and layer_owners.json, if there are owners.
Permissions: inspector2:ListFindings, ListCoverage, BatchGetFindingDetails, ListFindingAggregations
and GetClustersForImage; dynamodb:Query, GetItem and PutItem, each on some keys of the table.
"""

from __future__ import annotations

import gc
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scan_brief.aws import inspector
from scan_brief.aws.asked_memory import AskedRules
from scan_brief.aws.bundled import BUNDLE, read_file, read_ignored
from scan_brief.aws.lookups import InspectorLookups
from scan_brief.aws.memory import TableMemory
from scan_brief.aws.pace import Pace
from scan_brief.aws.remembered_lookups import RememberedLookups
from scan_brief.aws.surroundings import InspectorSurroundings
from scan_brief.context import Context
from scan_brief.findings.layer_owners import read_owners
from scan_brief.findings.notice import make_notice
from scan_brief.findings.report import build_report
from scan_brief.log import UNKNOWN, InvocationLog
from scan_brief.preferences import find_preferences
from scan_brief.scan.coverage import resolve_image
from scan_brief.scan.errors import ImageNotScanned, InvalidRequest, UnreadableEvent
from scan_brief.scan.request import Registry, ScanRequest, is_automatic, read_request
from scan_brief.settings import FetchSettings, MemorySettings
from scan_brief.text import cut
from scan_brief_common.limits import LAYER_OWNERS_FILE

if TYPE_CHECKING:
    from scan_brief.findings.selection import Lookups
    from scan_brief.model import FetchPayload, FetchResult, Notice, Report

_CAUSE_CHARACTERS = 1_000
_settings = FetchSettings.from_environment(os.environ)
_table = MemorySettings.from_environment(os.environ).memory_table
_client = inspector.connect()
gc.freeze()  # what a cold start made stays; to look at it again takes a tenth of the time


_ignore = read_ignored(_settings.ignore_entries)
_owners = read_owners(read_file(BUNDLE / LAYER_OWNERS_FILE))


def handle(event: FetchPayload, context: Context) -> FetchResult:
    """Raises InspectorUnavailable or InspectorRefused; what cannot be read is a refusal instead."""
    log = InvocationLog(event["request"])
    with log.failures():
        try:
            report = _fetch(event, context, log)
        except (InvalidRequest, UnreadableEvent, ImageNotScanned) as error:
            log.refused(error.name)
            cause = cut(str(error), _CAUSE_CHARACTERS)
            return {"report": None, "refusal": {"error": error.name, "cause": cause}}
    return {"report": report, "refusal": None}


def _fetch(event: FetchPayload, context: Context, log: InvocationLog) -> Report | Notice:
    reader = _start_reading(context)
    request = _read(event["request"], Registry.of_function(context.invoked_function_arn))
    log.repository, log.digest = request.repository, request.digest or UNKNOWN
    if request.watchdog and request.watchdog["reason"]:
        log.info("not scanned", why=request.watchdog["reason"])
        return make_notice(request, request.watchdog)
    if request.by_hand:
        request = resolve_image(request, reader.list_coverage(request))
        log.digest = request.digest
    settings = _settings.prefer(find_preferences(event["preferences"], request.repository))
    now = datetime.now(UTC)
    memory = TableMemory(_table) if _table else None
    rules = AskedRules(_ignore, _table, _settings.chat_buttons, log.memory_lost)
    rules.prepare(request.repository)
    lookups: Lookups = InspectorLookups(reader, settings.detail_calls)
    if memory:
        memory.prepare(request.repository)
        lookups = RememberedLookups(lookups, memory, request.repository, now)
    report = build_report(
        request,
        reader.list_findings(request, "ACTIVE"),
        settings,
        event["attempt"],
        now=now,
        list_suppressed=lambda: reader.list_findings(request, "SUPPRESSED"),
        is_complete=lambda: reader.complete,
        ignore=rules.find(request.repository),
        surroundings=InspectorSurroundings(reader, request, _owners),
        lookups=lookups,
        memory=memory,
        on_memory_lost=log.memory_lost,
    )
    log.info("fetched", total=report["total"], settled=report["settled"], attempt=report["attempt"])
    return report


def _start_reading(context: Context) -> inspector.Reader:
    pace = Pace(lambda: context.get_remaining_time_in_millis() / 1000)
    return inspector.Reader(_client, pace)


def _read(request: object, registry: Registry) -> ScanRequest:
    """Inspector's own event must not end like a person's mistake, without a message."""
    try:
        return read_request(request, registry)
    except InvalidRequest as error:
        if is_automatic(request):
            raise UnreadableEvent(str(error)) from error
        raise

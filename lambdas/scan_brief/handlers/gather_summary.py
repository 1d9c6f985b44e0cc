"""State GatherSummary: ends a window, and makes one brief of those that it gathered.

Environment: LANGUAGE, TIME_ZONE, MEMORY_TABLE. Permissions: dynamodb:BatchGetItem and UpdateItem on
the keys of windows.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from botocore.config import Config

from scan_brief.aws.session import create_client
from scan_brief.aws.window_table import WindowTable
from scan_brief.aws.windows import close_window, read_entries
from scan_brief.brief.summary import SummaryFormatter
from scan_brief.context import Context
from scan_brief.findings.gathering import Gathering
from scan_brief.log import InvocationLog
from scan_brief.scan.request import Registry
from scan_brief.settings import FormatSettings, MemorySettings

if TYPE_CHECKING:
    from scan_brief.model import SummaryPayload, SummaryResult

_settings = FormatSettings.from_environment(os.environ)
_table = MemorySettings.from_environment(os.environ).memory_table
_config = Config(
    connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 8}
)
_database = create_client("dynamodb", _config)


def handle(event: SummaryPayload, context: Context) -> SummaryResult:
    """The same summary at each try. Raises MemoryLost."""
    log = InvocationLog(event["window"])
    window = event["window"]
    with log.failures():
        log.repository = window["repository"]
        table = WindowTable(_database, _table)
        briefs = close_window(table, window["window"])
        log.info("summarized", gathered=len(briefs), window=window["window"])
        if not briefs:
            return {"brief": None, "gathered": 0}
        gathering = Gathering()
        for gathered in read_entries(table, briefs):
            gathering.add(gathered)
        preferred = _settings.prefer(
            {
                "language": window["language"],
                "topFindings": None,
                "timeZone": window["timeZone"],
            }
        )
        registry = Registry.of_function(context.invoked_function_arn)
        summary = gathering.make_summary(window, registry, event["routes"])
        return {
            "brief": SummaryFormatter(preferred).format(summary),
            "gathered": len(briefs),
        }

"""State GatherBrief: decides whether a brief is sent by itself, or becomes part of a summary.

Environment: GATHER_ABOVE, GATHER_MINUTES, MEMORY_TABLE. Permissions: dynamodb:GetItem, PutItem and
UpdateItem on the keys of windows; states:StartExecution on the state machine of summaries.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from botocore.config import Config

from scan_brief.audience import find_audience
from scan_brief.aws.machines import start_summary
from scan_brief.aws.session import create_client
from scan_brief.aws.window_table import WindowTable
from scan_brief.aws.windows import GatheredBrief, Windows
from scan_brief.log import InvocationLog
from scan_brief.settings import GatherSettings, MemorySettings

if TYPE_CHECKING:
    from scan_brief.model import GatherBriefPayload, GatherBriefResult

_settings = GatherSettings.from_environment(os.environ)
_table = MemorySettings.from_environment(os.environ).memory_table
# A brief that cannot be gathered is sent by itself, soon.
_config = Config(
    connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 3}
)
_database = create_client("dynamodb", _config)
_machines = create_client("stepfunctions", _config)


def handle(event: GatherBriefPayload, context: object) -> GatherBriefResult:
    """Raises MemoryLost or SummaryNotStarted, which the state machine catches: the brief is then
    sent by itself.
    """
    log = InvocationLog(event["request"])
    with log.failures():
        image = event["gather"]["image"]
        log.repository, log.digest = image["repository"], image["digest"]
        audience = find_audience(
            event["routes"], event["preferences"], image["repository"], event["attributes"]
        )
        windows = Windows(
            WindowTable(_database, _table),
            _settings.gather_above,
            _settings.gather_minutes,
            lambda window: start_summary(_machines, event["stateMachine"], window),
        )
        window = windows.gather(GatheredBrief(event["id"], event["gather"], audience))
        if window:
            log.info("gathered", window=window)
    return {"gathered": "YES" if window else "NO"}

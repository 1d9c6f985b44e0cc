"""State RememberDigest: after the publish, the next digest begins where this one ended.

Environment: MEMORY_TABLE. Permissions: dynamodb:PutItem on the keys of digests; Query
and DeleteItem on those of what was held back for them.
"""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.aws.digest_memory import DigestMemory
from scan_brief.aws.held import HeldItems
from scan_brief.findings.digest_windows import belongs
from scan_brief.log import InvocationLog
from scan_brief.settings import MemorySettings

if TYPE_CHECKING:
    from scan_brief.model import RememberDigestPayload, RememberResult

_table = MemorySettings.from_environment(os.environ).memory_table


def handle(event: RememberDigestPayload, context: object) -> RememberResult:
    """Raises MemoryLost, which the state machine catches: the digest is out."""
    log = InvocationLog(None)
    with log.failures():
        mark = event["remember"]
        window = mark["window"]
        moved = DigestMemory(_table).move_digest(mark)
        # Not what GatherDigest could not read, which the next digest has.
        if "held" in mark:
            HeldItems(_table).take_held(
                datetime.fromisoformat(window["until"]),
                lambda repository: belongs(repository, window["routes"], window["others"]),
            )
        log.info("remembered", moved=moved)
    return {"moved": moved}

"""State RememberDigest: after the publish, the next digest begins where this one ended.

Environment: MEMORY_TABLE. Permissions: dynamodb:PutItem on the keys of digests.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scan_brief.aws.digest_memory import DigestMemory
from scan_brief.log import InvocationLog
from scan_brief.settings import MemorySettings

if TYPE_CHECKING:
    from scan_brief.model import RememberDigestPayload, RememberResult

_table = MemorySettings.from_environment(os.environ).memory_table


def handle(event: RememberDigestPayload, context: object) -> RememberResult:
    """Raises MemoryLost, which the state machine catches: the digest is out."""
    log = InvocationLog(None)
    with log.failures():
        moved = DigestMemory(_table).move_digest(event["remember"])
        log.info("remembered", moved=moved)
    return {"moved": moved}

"""Pure: reads what starts a digest, and the audience that it names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.findings.digest_windows import covers
from scan_brief.scan.refusal import refuse
from scan_brief.scan.watchdog import read_time
from scan_brief_common.patterns import EVERY

if TYPE_CHECKING:
    from scan_brief.model import Audience, GatherPayload, StatedPreferences


@dataclass(frozen=True, kw_only=True)
class DigestRequest:
    """audience: its id. others: the routes of other audiences within its own. scheduled: when the
    schedule wanted it; None by hand. preferences: for FormatMessage.
    """

    audience: str
    routes: Sequence[str]
    others: Sequence[str]
    scheduled: datetime | None
    execution: str
    preferences: str


def read_digest_request(given: GatherPayload) -> DigestRequest:
    """Raises InvalidRequest, which names the field."""
    audiences: dict[str, Audience] = json.loads(given["audiences"])
    named = given["audience"]
    if not isinstance(named, str) or named not in audiences:
        raise refuse("audience", named, f"one of {', '.join(audiences)}")
    own = audiences[named]
    at = given["scheduledAt"]
    stated: StatedPreferences = {"language": own["language"], "timeZone": own["timeZone"]}
    return DigestRequest(
        audience=named,
        routes=own["routes"],
        others=[
            route
            for name, other in audiences.items()
            if name != named
            for route in other["routes"]
            if any(covers(pattern, route) for pattern in own["routes"])
        ],
        scheduled=None if at is None else datetime.fromisoformat(read_time(at)),
        execution=given["execution"],
        preferences=json.dumps({EVERY: stated}),
    )

"""Pure: a time in the team's zone."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scan_brief.model import Words


def view_time(scanned_at: str | None, words: Words, zone: tzinfo) -> str:
    """With the zone's name. scanned_at: ISO 8601."""
    if scanned_at is None:
        return words["time"]["unknown"]
    local = datetime.fromisoformat(scanned_at).astimezone(zone)
    return local.strftime(words["time"]["format"]) + " " + _format_zone(local)


def _format_zone(local: datetime) -> str:
    """Zones without letters of their own are +03 or -0330 in the time zone database."""
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name

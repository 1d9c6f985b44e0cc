"""Pure: ignored findings in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.brief.finding_view import view_counts
from scan_brief.findings.reported import list_counts

if TYPE_CHECKING:
    from scan_brief.model import Ignored, IgnoredGroup, IgnoredView, IgnoreNames, Words


def view_ignored(ignored: Ignored | None, words: Words) -> IgnoreNames:
    """The names that say what is ignored; empty without a list."""
    failure = ignored["failure"] if ignored else None
    lost = failure == "MEMORY_LOST"
    looked_up = ignored["lookedUp"] if ignored else None
    return {
        "ignored": _view_groups(ignored["groups"] if ignored else (), words),
        "ignored_counts": view_counts(list_counts(ignored["counts"] if ignored else None), words),
        "ignored_total": ignored["total"] if ignored else 0,
        "ignored_known_exploited": ignored["knownExploited"] if ignored else 0,
        "ignored_not_looked_up": looked_up["left"] if looked_up else 0,
        "ignored_left_out": ignored["findingsOmitted"] if ignored else 0,
        "expired": _view_groups(ignored["expired"] if ignored else (), words),
        "expired_left_out": ignored["expiredOmitted"] if ignored else 0,
        "ignore_failure": words["ignore"][failure] if failure and not lost else "",
        "asked_failure": words["ignore"][failure] if failure and lost else "",
    }


def _view_groups(groups: Iterable[IgnoredGroup], words: Words) -> list[IgnoredView]:
    return [
        {
            "id": group["id"],
            "count": group["findings"],
            "known_exploited": group["knownExploited"],
            "until": _format_day(group["until"], words),
            "reason": group["reason"],
        }
        for group in groups
    ]


def _format_day(until: str | None, words: Words) -> str:
    """The day in UTC, as the file has it."""
    return datetime.fromisoformat(until).strftime(words["time"]["date"]) if until else ""

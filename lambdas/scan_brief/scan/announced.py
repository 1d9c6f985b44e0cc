"""Pure: reads the counts of findings that a scan event announces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from scan_brief.untrusted import read_object

if TYPE_CHECKING:
    from scan_brief.model import AnnouncedCounts, EventCounts

_COUNTED: tuple[Literal["CRITICAL", "HIGH", "MEDIUM", "TOTAL"], ...] = (
    "CRITICAL",
    "HIGH",
    "MEDIUM",
    "TOTAL",
)


def read_counts(value: object) -> AnnouncedCounts | None:
    """Reads an absent severity as zero (ECR user guide), but not an absent TOTAL.

    None if the event has no count, or one that cannot be read: what is not known is not zero.
    """
    counts: EventCounts = read_object(value)
    given = {name: counts.get(name) for name in _COUNTED}
    read = {name: _read_count(count) for name, count in given.items() if count is not None}
    if not read or None in read.values():
        return None
    announced: AnnouncedCounts = {
        "CRITICAL": read.get("CRITICAL") or 0,
        "HIGH": read.get("HIGH") or 0,
        "MEDIUM": read.get("MEDIUM") or 0,
    }
    total = read.get("TOTAL")
    return announced if total is None else {**announced, "TOTAL": total}


def _read_count(value: object) -> int | None:
    """A whole number, also as a float or text; None for anything else."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value, re.ASCII):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < 1e9 and value == int(value) else None

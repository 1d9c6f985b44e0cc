"""The date filters of a request: read strictly, then matched against documents. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from .documents import Document, Path, values_at
from .errors import invalid

DATE_PATHS: Mapping[str, Path] = {
    "firstObservedAt": ("firstObservedAt",),
    "lastObservedAt": ("lastObservedAt",),
    "updatedAt": ("updatedAt",),
}
_MEMBERS = ("startInclusive", "endInclusive")
_MOST_RANGES = 10


@dataclass(frozen=True)
class DateFilter:
    """One filter: the path to its values, and the ranges of which one must have a value."""

    path: Path
    ranges: tuple[tuple[float, float], ...]

    def accepts(self, document: Document) -> bool:
        """Whether the document passes. One without a time does not."""
        times = [_seconds(value) for value in values_at(document, self.path)]
        return any(start <= time <= end for time in times for start, end in self.ranges)


def read_date_filter(where: str, path: Path, entries: object) -> DateFilter:
    """Raises ValidationException for a malformed one."""
    if not isinstance(entries, list) or not 1 <= len(entries) <= _MOST_RANGES:
        raise invalid(where, f"must be a list of 1 to {_MOST_RANGES} date filters")
    ranges = [_read_range(f"{where}[{number}]", entry) for number, entry in enumerate(entries)]
    return DateFilter(path, tuple(ranges))


def _read_range(where: str, entry: object) -> tuple[float, float]:
    if not isinstance(entry, dict) or not entry or not entry.keys() <= {*_MEMBERS}:
        raise invalid(where, f"must hold {' or '.join(_MEMBERS)}, and nothing else")
    for member, value in entry.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise invalid(f"{where}.{member}", "must be a number of seconds")
    start, end = (entry.get(member) for member in _MEMBERS)
    return (
        float("-inf") if start is None else float(start),
        float("inf") if end is None else float(end),
    )


def _seconds(value: object) -> float:
    """A time as the API sends it, or as a recorded file has it; not a number for anything else."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return float(value) if isinstance(value, int | float) else float("nan")

"""Pure: reads the times in "Inspector2 Finding" events, and those of the API; writes ours."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

# As in the Amazon ECR user guide's event: "Dec 3, 2021, 6:02:30 PM". Java writes a narrow space
# before AM since version 20.
_WRITTEN = re.compile(
    r"([A-Z][a-z]{2})[a-z]* (\d{1,2}), (2\d{3}),? (?:at )?"
    r"(\d{1,2}):(\d\d)(?::(\d\d))?[ \u00a0\u202f]?(AM|PM)",
    re.ASCII,
)
_ISO = re.compile(
    r"2\d{3}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)", re.ASCII
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_START = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_UNTIL_3000 = 32_503_680_000  # more than that are milliseconds


def read_event_time(value: object) -> datetime | None:
    """In UTC; None for what is no time. A number counts seconds or milliseconds since 1970."""
    try:
        if isinstance(value, datetime):
            return value.astimezone(UTC) if value.tzinfo else None
        if isinstance(value, str):
            return _read_text(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
            seconds = value / 1000 if value > _SECONDS_UNTIL_3000 else value
            return _START + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None
    return None


def write_time(at: datetime) -> str:
    """ISO 8601, UTC, to the second: times in this form are in the order of their text."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _read_text(value: str) -> datetime | None:
    if _ISO.fullmatch(value):
        return datetime.fromisoformat(value).astimezone(UTC)
    found = _WRITTEN.fullmatch(value)
    if not found or found[1] not in _MONTHS:
        return None
    hour = int(found[4])
    if not 1 <= hour <= 12:
        return None
    return datetime(
        int(found[3]),
        _MONTHS.index(found[1]) + 1,
        int(found[2]),
        hour % 12 + (12 if found[7] == "PM" else 0),
        int(found[5]),
        int(found[6] or 0),
        tzinfo=UTC,
    )

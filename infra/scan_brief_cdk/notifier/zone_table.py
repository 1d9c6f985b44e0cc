"""The offsets of time zones for the years ahead: JSONata has no time zone database. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

# Fixed years, so that the template does not change from one day to the next. A later time is
# written in UTC, and marked so. Decision 0020.
START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write_zone_table(names: Iterable[str]) -> str:
    """JSON: {zone: "from offset label;…"}, from and offset in minutes, the earliest first.

    A name that the tzdata package does not have, such as a CDK token, has no entry.
    """
    tables = {name: _write_zone(name) for name in sorted(set(names) - {"UTC"}) if _is_known(name)}
    return json.dumps(tables, separators=(",", ":"))


def _is_known(name: str) -> bool:
    return name in files("tzdata").joinpath("zones").read_text("utf-8").split()


@cache
def _write_zone(name: str) -> str:
    # From the package, not from the machine, whose data may be older.
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        zone = ZoneInfo.from_file(data, key=name)
    periods = [(START, *_offset(zone, START)), *_list_changes(zone), (END, 0, "UTC")]
    return ";".join(
        f"{(start - _EPOCH) // _MINUTE} {offset} {label}" for start, offset, label in periods
    )


def _list_changes(zone: ZoneInfo) -> Iterator[tuple[datetime, int, str]]:
    """When the offset or the label changes, to the minute, and to what."""
    day = START
    while day < END:
        if _offset(zone, day) != _offset(zone, day + _DAY):
            minutes = (day + _MINUTE * minute for minute in range(1, 24 * 60 + 1))
            change = next(at for at in minutes if _offset(zone, at) != _offset(zone, day))
            yield change, *_offset(zone, change)
        day += _DAY


def _offset(zone: ZoneInfo, at: datetime) -> tuple[int, str]:
    """In minutes, and the zone's letters; +03 or -0330 for a zone without letters of its own."""
    local = at.astimezone(zone)
    label = local.tzname() or "UTC"
    offset = local.utcoffset() or timedelta()
    return offset // _MINUTE, f"UTC{label}" if label[0] in "+-" else label

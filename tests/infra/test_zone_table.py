"""The time zones' table against Python's own, at many instants."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from scan_brief_cdk.notifier.zone_table import END, START, write_zone_table

ZONES = (
    *("Asia/Tokyo", "Europe/Berlin", "America/St_Johns", "America/Sao_Paulo", "Asia/Kathmandu"),
    *("Africa/Casablanca", "Australia/Lord_Howe", "America/New_York", "Africa/Cairo"),
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def zone_of(name: str) -> ZoneInfo:
    """From the package: the machine's data may be older."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def look_up(table: str, at: datetime) -> tuple[int, str]:
    """As write_brief.jsonata does: the last period that has begun."""
    periods = [period.split(" ") for period in table.split(";")]
    begun = [period for period in periods if EPOCH + timedelta(minutes=int(period[0])) <= at]
    return int(begun[-1][1]), begun[-1][2]


@pytest.mark.parametrize("zone", ZONES)
def test_the_table_has_every_offset_of_the_years_ahead(zone: str) -> None:
    table = json.loads(write_zone_table([zone]))[zone]
    rng = random.Random(zone)  # noqa: S311 - the same instants in every run
    span = int((END - START).total_seconds()) // 60 - 1
    changes = [EPOCH + timedelta(minutes=int(p.split(" ")[0])) for p in table.split(";")[:-1]]
    instants = [START + timedelta(minutes=rng.randint(0, span)) for _ in range(500)]
    known = zone_of(zone)
    for at in (*instants, *changes, *(at - timedelta(minutes=1) for at in changes[1:])):
        local = at.astimezone(known)
        offset, label = look_up(table, at)
        assert timedelta(minutes=offset) == local.utcoffset(), at
        assert label.removeprefix("UTC") == local.tzname(), at
    assert look_up(table, END) == (0, "UTC")


def test_only_known_zones_are_in_it_and_it_is_small() -> None:
    table = write_zone_table(["UTC", "Asia/Tokyo", "Asia/Tokyo", "${Token[TOKEN.7]}", "Mars/Base"])
    assert json.loads(table) == {"Asia/Tokyo": "28928160 540 JST;35765280 0 UTC"}
    assert max(len(write_zone_table([zone])) for zone in ZONES) < 1_100

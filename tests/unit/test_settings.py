"""settings: every variable, valid and not; the error names it, what it is and what is accepted."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from scan_brief.model import Preferences
from scan_brief.settings import FetchSettings, FormatSettings, SettingsError

FETCH = {
    "TOP_FINDINGS": "10",
    "SETTLE_ATTEMPTS": "4",
    "SETTLE_WAIT_SECONDS": "30",
    "DETAIL_CALLS": "200",
    "IGNORE_ENTRIES": "3",
}
FORMAT = {"LANGUAGE": "en", "TIME_ZONE": "UTC"}
BOUNDS = {
    "TOP_FINDINGS": (1, 50),
    "SETTLE_ATTEMPTS": (1, 5),
    "SETTLE_WAIT_SECONDS": (1, 300),
    "DETAIL_CALLS": (0, 500),
    "IGNORE_ENTRIES": (0, 1500),
}
NONE: Preferences = {"language": None, "topFindings": None, "timeZone": None}


def test_valid_variables_are_read() -> None:
    assert FetchSettings.from_environment({**FETCH, "PATH": "/"}) == FetchSettings(
        top_findings=10,
        settle_attempts=4,
        settle_wait_seconds=30,
        detail_calls=200,
        ignore_entries=3,
    )
    assert FormatSettings.from_environment(
        {"LANGUAGE": "ja", "TIME_ZONE": "Asia/Tokyo"}
    ) == FormatSettings(language="ja", time_zone=ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize(("name", "bounds"), BOUNDS.items())
def test_numbers_are_accepted_within_their_bounds(name: str, bounds: tuple[int, int]) -> None:
    least, most = bounds
    for value in bounds:
        read = FetchSettings.from_environment({**FETCH, name: str(value)})
        assert getattr(read, name.lower()) == value
    for bad in (str(least - 1), str(most + 1), "", "-1", "1.5", "ten", " 5", "５", "1e1"):
        with pytest.raises(SettingsError) as raised:
            FetchSettings.from_environment({**FETCH, name: bad})
        assert (
            str(raised.value)
            == f"environment variable {name}: given {bad!r}; accepted: a whole number from {least}"
            f" to {most}"
        )


@pytest.mark.parametrize("name", [*FETCH, *FORMAT])
def test_a_missing_variable_is_named(name: str) -> None:
    environment = {key: value for key, value in {**FETCH, **FORMAT}.items() if key != name}
    with pytest.raises(SettingsError, match=f"^environment variable {name}: not set$"):
        FetchSettings.from_environment(environment) and FormatSettings.from_environment(environment)


@pytest.mark.parametrize("bad", ["de", "EN", "", "../en"])
def test_other_languages_are_refused(bad: str) -> None:
    with pytest.raises(SettingsError) as raised:
        FormatSettings.from_environment({**FORMAT, "LANGUAGE": bad})
    assert str(raised.value) == f"environment variable LANGUAGE: given {bad!r}; accepted: en or ja"


@pytest.mark.parametrize(
    "bad", ["Mars/Olympus", "", "../../etc/passwd", "/etc/localtime", "Asia", "a\x00b"]
)
def test_other_time_zones_are_refused(bad: str) -> None:
    with pytest.raises(SettingsError) as raised:
        FormatSettings.from_environment({**FORMAT, "TIME_ZONE": bad})
    assert str(raised.value).startswith(
        f"environment variable TIME_ZONE: given {bad!r}; accepted: an IANA"
    )


def test_a_repository_replaces_only_what_it_prefers() -> None:
    fetching, formatting = (
        FetchSettings.from_environment(FETCH),
        FormatSettings.from_environment(FORMAT),
    )
    assert fetching.prefer(NONE) == fetching
    assert formatting.prefer(NONE) == formatting
    assert fetching.prefer({**NONE, "topFindings": 3}) == replace(fetching, top_findings=3)
    assert formatting.prefer({**NONE, "language": "ja"}) == replace(formatting, language="ja")
    tokyo = replace(formatting, time_zone=ZoneInfo("Asia/Tokyo"))
    assert formatting.prefer({**NONE, "timeZone": "Asia/Tokyo"}) == tokyo

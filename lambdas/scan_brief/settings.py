"""The functions' settings: the only reader of their environment. A cold start checks every value.

`prefer` replaces some for one repository: see preferences.find_preferences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scan_brief_common.limits import (
    DETAIL_CALLS,
    DIGEST_DAYS,
    GATHER_ABOVE,
    GATHER_MINUTES,
    IGNORE_ENTRIES,
    LANGUAGES,
    SETTLE_ATTEMPTS,
    SETTLE_WAIT_SECONDS,
    TOP_FINDINGS,
    URGENT_PER_HOUR,
    WATCH_MINUTES,
    Range,
)

if TYPE_CHECKING:
    from scan_brief.model import Preferences


class SettingsError(ValueError):
    """An environment variable is missing or not acceptable; the text names it."""


@dataclass(frozen=True, kw_only=True)
class FetchSettings:
    """The settings of FetchFindings, from environment variables of the same name in capitals.

    top_findings: how many findings a report lists. settle_attempts: how often Inspector is asked.
    settle_wait_seconds: the pause between two attempts. detail_calls: of BatchGetFindingDetails, at
    most. ignore_entries: in the bundle's list of ignored findings. chat_buttons: "" if no chat can
    ignore findings. limits.py has the bounds.
    """

    top_findings: int
    settle_attempts: int
    settle_wait_seconds: int
    detail_calls: int
    ignore_entries: int
    chat_buttons: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> FetchSettings:
        """Read and check the variables; raises SettingsError."""
        return cls(
            top_findings=_integer(environment, "TOP_FINDINGS", TOP_FINDINGS),
            settle_attempts=_integer(environment, "SETTLE_ATTEMPTS", SETTLE_ATTEMPTS),
            settle_wait_seconds=_integer(environment, "SETTLE_WAIT_SECONDS", SETTLE_WAIT_SECONDS),
            detail_calls=_integer(environment, "DETAIL_CALLS", DETAIL_CALLS),
            ignore_entries=_integer(environment, "IGNORE_ENTRIES", IGNORE_ENTRIES),
            chat_buttons=environment.get("CHAT_BUTTONS", ""),
        )

    def prefer(self, preferences: Preferences) -> FetchSettings:
        """With the repository's own topFindings, if it has one."""
        return replace(self, top_findings=preferences["topFindings"] or self.top_findings)


@dataclass(frozen=True, kw_only=True)
class MemorySettings:
    """memory_table: the table's name, from MEMORY_TABLE; "" without one: nothing is remembered."""

    memory_table: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> MemorySettings:
        """Read the variable."""
        return cls(memory_table=environment.get("MEMORY_TABLE", ""))


@dataclass(frozen=True, kw_only=True)
class UrgentSettings:
    """The settings of FindUrgent, from environment variables of the same name in capitals.

    urgent_per_hour: briefs of an hour, at most. ignore_entries: as in FetchSettings.
    state_machine_arn: of the one that briefs. chat_buttons: "" if no chat can ignore findings.
    """

    urgent_per_hour: int
    ignore_entries: int
    state_machine_arn: str
    chat_buttons: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> UrgentSettings:
        """Read and check the variables; raises SettingsError."""
        return cls(
            urgent_per_hour=_integer(environment, "URGENT_PER_HOUR", URGENT_PER_HOUR),
            ignore_entries=_integer(environment, "IGNORE_ENTRIES", IGNORE_ENTRIES),
            state_machine_arn=_value(environment, "STATE_MACHINE_ARN"),
            chat_buttons=environment.get("CHAT_BUTTONS", ""),
        )


@dataclass(frozen=True, kw_only=True)
class DigestSettings:
    """The settings of GatherDigest, from environment variables of the same name in capitals.

    detail_calls, ignore_entries: as in FetchSettings. digest_days: from one digest to the next.
    digest_all_quiet: whether there is one if nothing is new. chat_buttons: as in
    FetchSettings.
    """

    detail_calls: int
    ignore_entries: int
    digest_days: int
    digest_all_quiet: bool
    chat_buttons: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> DigestSettings:
        """Read and check the variables; raises SettingsError."""
        return cls(
            detail_calls=_integer(environment, "DETAIL_CALLS", DETAIL_CALLS),
            ignore_entries=_integer(environment, "IGNORE_ENTRIES", IGNORE_ENTRIES),
            digest_days=_integer(environment, "DIGEST_DAYS", DIGEST_DAYS),
            digest_all_quiet=_value(environment, "DIGEST_ALL_QUIET") == "true",
            chat_buttons=environment.get("CHAT_BUTTONS", ""),
        )


@dataclass(frozen=True, kw_only=True)
class GatherSettings:
    """gather_above: how many briefs of a window are sent by themselves, from GATHER_ABOVE.

    gather_minutes: how long a window is, from GATHER_MINUTES.
    """

    gather_above: int
    gather_minutes: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> GatherSettings:
        """Read and check the variables; raises SettingsError."""
        return cls(
            gather_above=read_gather_above(environment),
            gather_minutes=_integer(environment, "GATHER_MINUTES", GATHER_MINUTES),
        )


@dataclass(frozen=True, kw_only=True)
class WatchSettings:
    """watch_minutes: how long a push was waited for, from WATCH_MINUTES."""

    watch_minutes: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> WatchSettings:
        """Read and check the variable; raises SettingsError."""
        return cls(watch_minutes=_integer(environment, "WATCH_MINUTES", WATCH_MINUTES))


@dataclass(frozen=True, kw_only=True)
class FormatSettings:
    """The settings of FormatMessage, from environment variables of the same name in capitals.

    language: a folder under templates/. time_zone: an IANA name. chat_buttons: by which the buttons
    of chat cards know theirs; "" without buttons.
    """

    language: str
    time_zone: ZoneInfo
    chat_buttons: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> FormatSettings:
        """Read and check the variables; raises SettingsError."""
        language = _value(environment, "LANGUAGE")
        if language not in LANGUAGES:
            raise _error("LANGUAGE", language, " or ".join(LANGUAGES))
        return cls(
            language=language,
            time_zone=_zone(_value(environment, "TIME_ZONE")),
            chat_buttons=environment.get("CHAT_BUTTONS", ""),
        )

    def prefer(self, preferences: Preferences) -> FormatSettings:
        """With the repository's own language and timeZone, if it has them."""
        language, zone = preferences["language"], preferences["timeZone"]
        return replace(
            self,
            language=language or self.language,
            time_zone=_zone(zone) if zone else self.time_zone,
        )


def read_gather_above(environment: Mapping[str, str]) -> int:
    """GATHER_ABOVE: 0 if no brief is gathered. Raises SettingsError."""
    return _integer(environment, "GATHER_ABOVE", GATHER_ABOVE)


def _value(environment: Mapping[str, str], name: str) -> str:
    if name not in environment:
        raise SettingsError(f"environment variable {name}: not set")
    return environment[name]


def _integer(environment: Mapping[str, str], name: str, limit: Range) -> int:
    given = _value(environment, name)
    if not (given.isascii() and given.isdigit() and int(given) in limit):
        raise _error(name, given, limit.accepted)
    return int(given)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise _error("TIME_ZONE", name, "an IANA time zone name such as Asia/Tokyo") from fault


def _error(name: str, given: str, accepted: str) -> SettingsError:
    return SettingsError(f"environment variable {name}: given {given!r}; accepted: {accepted}")

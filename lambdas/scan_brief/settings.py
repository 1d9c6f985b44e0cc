"""The functions' settings: the only reader of their environment. Every value is checked, once, at
cold start.

`prefer` replaces some for one repository: preferences.find_preferences has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scan_brief_common.limits import (
    LANGUAGES,
    SETTLE_ATTEMPTS,
    SETTLE_WAIT_SECONDS,
    TOP_FINDINGS,
    Range,
)


class SettingsError(ValueError):
    """An environment variable is missing or not acceptable; the text names it."""


@dataclass(frozen=True, kw_only=True)
class FetchSettings:
    """What FetchFindings reads from its environment. Their ranges are in limits.

    top_findings: TOP_FINDINGS, how many findings a report lists.
    settle_attempts: SETTLE_ATTEMPTS, how often Inspector is asked at the most.
    settle_wait_seconds: SETTLE_WAIT_SECONDS, the pause between two of them, in seconds.
    """

    top_findings: int
    settle_attempts: int
    settle_wait_seconds: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> FetchSettings:
        """Read and check the variables; raises SettingsError."""
        return cls(
            top_findings=_integer(environment, "TOP_FINDINGS", TOP_FINDINGS),
            settle_attempts=_integer(environment, "SETTLE_ATTEMPTS", SETTLE_ATTEMPTS),
            settle_wait_seconds=_integer(environment, "SETTLE_WAIT_SECONDS", SETTLE_WAIT_SECONDS),
        )

    def prefer(self, preferences: Mapping[str, Any]) -> FetchSettings:
        """With the repository's own topFindings, if it has one."""
        return replace(self, top_findings=preferences.get("topFindings", self.top_findings))


@dataclass(frozen=True, kw_only=True)
class FormatSettings:
    """What FormatMessage reads from its environment.

    language: LANGUAGE, a folder under templates/.
    time_zone: TIME_ZONE, an IANA name.
    """

    language: str
    time_zone: ZoneInfo

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> FormatSettings:
        """Read and check the variables; raises SettingsError."""
        language = _value(environment, "LANGUAGE")
        if language not in LANGUAGES:
            raise _error("LANGUAGE", language, " or ".join(LANGUAGES))
        return cls(language=language, time_zone=_zone(_value(environment, "TIME_ZONE")))

    def prefer(self, preferences: Mapping[str, Any]) -> FormatSettings:
        """With the repository's own language and timeZone, if it has them."""
        zone = _zone(preferences["timeZone"]) if "timeZone" in preferences else self.time_zone
        return replace(self, language=preferences.get("language", self.language), time_zone=zone)


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

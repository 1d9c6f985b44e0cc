"""Pure: reads what a person asks to ignore, from a chat's button or by hand, or refuses it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scan_brief.scan.event_time import write_time
from scan_brief.scan.refusal import match, refuse
from scan_brief.scan.request import A_REPOSITORY, REPOSITORY
from scan_brief.text import clean
from scan_brief.untrusted import MISSING
from scan_brief_common import purl
from scan_brief_common.limits import (
    ASKED_BY_CHARACTERS,
    ASKED_PACKAGE_CHARACTERS,
    ASKED_REASON_CHARACTERS,
    IGNORE_DAYS,
    Range,
)
from scan_brief_common.patterns import A_VULNERABILITY_ID, VULNERABILITY_ID, matches

if TYPE_CHECKING:
    from scan_brief.model import Ask, AskedEntry, AskKey, IgnoreResult, WatchedRepositories

_KEYS: tuple[AskKey, ...] = (
    *("repository", "vulnerabilityId", "reason", "days"),
    *("package", "askedBy"),  # which may be left out
)


def read_watched(text: str) -> tuple[str, ...]:
    """The names and prefixes in the bundle's file. Raises ValueError, LookupError or TypeError."""
    document: WatchedRepositories = json.loads(text)
    return tuple(str(name) for name in document["repositories"])


def read_ask(given: object, watched: Sequence[str], now: datetime) -> AskedEntry:
    """Raises InvalidRequest, which names the field, what was given and what is accepted.

    watched: names and prefixes of the notifier's repositories.
    """
    if not isinstance(given, Mapping):
        raise refuse("request", given, f"an object of {', '.join(_KEYS)}")
    for key in given:
        if key not in _KEYS:
            raise refuse(str(key), given[key], f"only {', '.join(_KEYS)}")
    ask: Ask = given
    repository = _read_repository(ask.get("repository", MISSING), watched)
    name = ask.get("vulnerabilityId", MISSING)
    until = now + timedelta(days=_read_days(ask.get("days", MISSING)))
    package, by = ask.get("package"), ask.get("askedBy")
    return {
        "repository": repository,
        "id": match("vulnerabilityId", name, VULNERABILITY_ID, A_VULNERABILITY_ID).string,
        "package": None if package is None else _read_package(package),
        "reason": _read_text("reason", ask.get("reason", MISSING), ASKED_REASON_CHARACTERS),
        "until": write_time(until),
        "askedBy": None if by is None else _read_text("askedBy", by, ASKED_BY_CHARACTERS),
    }


def describe(asked: AskedEntry) -> IgnoreResult:
    """The answer to the person who asked."""
    about = f" in {asked['package']}" if asked["package"] else ""
    return {
        "message": (
            f"{asked['id']}{about} is ignored in {asked['repository']} until {asked['until']},"
            f" because: {asked['reason']}. Briefs from now on say so"
        ),
        "ignored": asked,
        "refused": None,
    }


def _read_repository(given: object, watched: Sequence[str]) -> str:
    repository = match("repository", given, REPOSITORY, A_REPOSITORY).string
    if not any(matches(pattern, repository) for pattern in watched):
        raise refuse(
            "repository", given, f"one whose briefs this stack sends: {', '.join(watched)}"
        )
    return repository


def _read_days(given: object) -> int:
    """A chat's command may pass the number as text."""
    days = int(given) if isinstance(given, str) and given.isascii() and given.isdigit() else given
    if not (isinstance(days, int) and days in IGNORE_DAYS):
        raise refuse("days", given, IGNORE_DAYS.accepted)
    return days


def _read_package(given: object) -> str:
    """Of a type that findings have: not an image."""
    parsed = purl.parse_purl(given) if isinstance(given, str) else None
    if (
        not isinstance(given, str)
        or parsed is None
        or parsed.type == "oci"
        or len(given.encode()) not in ASKED_PACKAGE_CHARACTERS
    ):
        accepted = f"{purl.ACCEPTED}, of at most {ASKED_PACKAGE_CHARACTERS.most} bytes"
        raise refuse("package", given, accepted)
    return given.strip()


def _read_text(field: str, given: object, characters: Range) -> str:
    text = clean(given, 2 * characters.most)
    if len(text) not in characters:
        raise refuse(field, given, f"a text of {characters} characters, and not blank")
    return text

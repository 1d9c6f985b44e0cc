"""Readers of one setting's value, from cdk.json (typed) or the command line (always text). Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import TypeVar

T = TypeVar("T")


class Refused(ValueError):
    """A value is not acceptable: what was given, and what would be, in words for a person."""

    def __init__(self, given: object, accepted: str) -> None:
        super().__init__(accepted)
        self.given = given
        self.accepted = accepted


def matching(pattern: str, accepted: str, *, forbidden: str = "") -> Callable[[object], str]:
    """A reader of text that is the pattern as a whole and holds none of the forbidden characters.

    What would be accepted but for white space around it, or for capitals where none are, it names.
    """
    compiled = re.compile(pattern, re.ASCII)

    def fits(text: str) -> bool:
        return compiled.fullmatch(text) is not None and not set(text) & set(forbidden)

    def read(given: object) -> str:
        if not isinstance(given, str):
            raise Refused(given, accepted)
        if not fits(given):
            raise Refused(given, accepted + _meant(given, fits))
        return given

    return read


def other_than(
    taken: str, read_one: Callable[[object], str], accepted: str
) -> Callable[[object], str]:
    """A reader that refuses the value which another setting has already."""

    def read(given: object) -> str:
        value = read_one(given)
        if value == taken:
            raise Refused(given, accepted)
        return value

    return read


def choice(*words: str) -> Callable[[object], str]:
    """A reader of one of a few words."""

    def read(given: object) -> str:
        if not isinstance(given, str) or given not in words:
            raise Refused(given, " or ".join(words))
        return given

    return read


def whole_number(least: int, most: int) -> Callable[[object], int]:
    """A reader of an int, or of its decimal digits, from least to most."""

    def read(given: object) -> int:
        number = _integer(given)
        if number is None or not least <= number <= most:
            raise Refused(given, f"a whole number from {least} to {most}")
        return number

    return read


def one_of(numbers: Sequence[int]) -> Callable[[object], int]:
    """A reader of one of a list of numbers."""

    def read(given: object) -> int:
        number = _integer(given)
        if number is None or number not in numbers:
            raise Refused(given, "one of " + ", ".join(map(str, numbers)))
        return number

    return read


def list_of(
    read_one: Callable[[object], str], *, least: int = 0
) -> Callable[[object], tuple[str, ...]]:
    """A reader of a JSON list, or of comma-separated text, in which nothing stands twice."""

    def read(given: object) -> tuple[str, ...]:
        values = tuple(read_one(item) for item in _items(given, read_one))
        if len(values) < least:
            raise Refused(given, f"a list of at least {least}: {_accepted(read_one)}")
        _refuse_repeated(values)
        return values

    return read


def optional(read_one: Callable[[object], T]) -> Callable[[object], T | None]:
    """A reader that takes empty text as none, so that the command line can take back what cdk.json
    says.
    """

    def read(given: object) -> T | None:
        return None if given == "" else read_one(given)

    return read


def time_zone(given: object) -> str:
    """An IANA time zone name of the tzdata package, which the functions have too; a machine may
    know more.
    """
    known = files("tzdata").joinpath("zones").read_text("utf-8").split()
    if isinstance(given, str) and given in known:
        return given
    near = difflib.get_close_matches(str(given), known, n=1)
    hint = f"; is {near[0]} meant?" if near else ""
    raise Refused(given, f"an IANA time zone name such as Asia/Tokyo{hint}")


def _meant(given: str, fits: Callable[[str], bool]) -> str:
    stripped = given.strip()
    lowered = stripped.lower()
    if fits(stripped):
        return f"; is {stripped} meant?"
    capitalized = (lowered[:at] + lowered[at:].capitalize() for at in range(len(lowered)))
    # Where some capital fits, as in the name of a role, small letters may name another one.
    if fits(lowered) and not any(fits(text) for text in capitalized if text != lowered):
        return f"; is {lowered} meant?"
    return ""


def _integer(given: object) -> int | None:
    if isinstance(given, bool):  # which Python counts as an int
        return None
    if isinstance(given, str) and re.fullmatch(r"[0-9]{1,9}", given):
        return int(given)
    return given if isinstance(given, int) else None


def _items(given: object, read_one: Callable[[object], str]) -> list[object]:
    if isinstance(given, list):
        return given
    if not isinstance(given, str):
        raise Refused(given, f"a list, or comma-separated text: {_accepted(read_one)}")
    return [item.strip() for item in given.split(",")] if given.strip() else []


def _accepted(read_one: Callable[[object], str]) -> str:
    try:
        return f"the default {read_one(None)}"
    except Refused as refused:
        return refused.accepted


def _refuse_repeated(values: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for value in values:
        if value.casefold() in seen:  # a mailbox in two spellings would get every brief twice
            raise Refused(value, "each only once")
        seen.add(value.casefold())

"""Takes settings by key, checked, out of the context or one of its entries, and names the key of a
bad one. Pure.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from scan_brief_cdk.settings.value import Refused

SHOWN_CHARACTERS = 80

T = TypeVar("T")


class SettingsError(ValueError):
    """A setting is unknown, missing or not acceptable. The text is one line that names it."""


class Taker:
    """Takes one setting after the other. `defaults`: where a key is looked for that is not in
    `values`.

    place: what stands before a key's name in an error, such as `repositories[1].`.
    """

    def __init__(
        self,
        values: Mapping[str, object],
        *,
        known: Iterable[str] | None = None,
        defaults: Mapping[str, object] | None = None,
        place: str = "",
    ) -> None:
        self._values = values
        self._defaults = defaults or {}
        self._place = place
        if known is not None:
            self.refuse_unknown(known)

    def __call__(self, key: str, read: Callable[[object], T], **default: T) -> T:
        """Read a key's value; `default`, if one is given, where there is none. Raises
        SettingsError.
        """
        holder, name = self._find(key)
        if key not in holder and default:
            return default["default"]
        try:
            return read(holder.get(key))
        except Refused as refused:
            raise self._error(name, refused.given, refused.accepted) from None

    def has(self, key: str) -> bool:
        """Whether the key holds anything."""
        return self._values.get(key, "") not in ("", [], None)

    def entries(self, key: str) -> list[Taker]:
        """A list of repositories: each an object, or just its name; as text, names with commas
        between.

        What an entry does not say is looked for in what this one takes from.
        """
        given = self._values.get(key, [])
        items = (
            [item.strip() for item in given.split(",") if item.strip()]
            if isinstance(given, str)
            else given
        )
        if not isinstance(items, list):
            raise self.refuse(key, "a list of names, or of objects with a repositoryName")
        return [self._entry(f"{key}[{place}]", item) for place, item in enumerate(items)]

    def of_entry(self) -> Taker:
        """Takes what an entry says itself: nothing at the top, where what is said holds for all."""
        return Taker(self._values if self._place else {}, place=self._place)

    def refuse_unknown_in_entry(self, known: Iterable[str]) -> None:
        """refuse_unknown for an entry's keys; those at the top are others."""
        if self._place:
            self.refuse_unknown(known)

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Raises SettingsError for a key that is none of these."""
        names = tuple(known)
        for key in self._values:
            if key not in names:
                near = difflib.get_close_matches(key, names, n=1)
                accepted = (
                    f"no such setting; is {near[0]} meant?" if near else "only " + ", ".join(names)
                )
                raise self.refuse(key, accepted)

    def refuse(self, key: str, accepted: str) -> SettingsError:
        """The error that says what is accepted for this key."""
        holder, name = self._find(key)
        return self._error(name, holder.get(key), accepted)

    def _find(self, key: str) -> tuple[Mapping[str, object], str]:
        """Where the key's value stands, and its name there."""
        inherited = key not in self._values and key in self._defaults
        return (self._defaults, key) if inherited else (self._values, f"{self._place}{key}")

    def _entry(self, place: str, item: object) -> Taker:
        values = {"repositoryName": item} if isinstance(item, str) else item
        if not isinstance(values, dict):
            raise self._error(
                place, item, "a repository's name, or an object with a repositoryName"
            )
        inherited = {key: value for key, value in self._values.items() if key != "repositoryName"}
        return Taker(values, defaults=inherited, place=f"{place}.")

    @staticmethod
    def _error(name: str, given: object, accepted: str) -> SettingsError:
        shown = "nothing" if given is None else json.dumps(given, default=str)
        if len(shown) > SHOWN_CHARACTERS:
            shown = shown[: SHOWN_CHARACTERS - 1] + "…"
        return SettingsError(f"scan-brief settings: {name}: given {shown}; accepted: {accepted}")

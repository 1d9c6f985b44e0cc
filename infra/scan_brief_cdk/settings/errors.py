"""What is refused, and the one line that says so. Pure."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable

from pydantic import ValidationError

SHOWN_CHARACTERS = 80

Location = tuple[str | int, ...]


class SettingsError(ValueError):
    """A setting is unknown, missing or not acceptable. The text is one line that names it."""


class Refused(ValueError):
    """A value is not acceptable: what was given, and what is accepted, in words for a person."""

    def __init__(self, given: object, accepted: str) -> None:
        super().__init__(accepted)
        self.given = given
        self.accepted = accepted


def find_refusal(fault: ValidationError, names: Iterable[str] = ()) -> tuple[Location, Refused]:
    """The first refusal and where it is; an unknown name comes before all others.

    names: what an unknown name may be a misspelling of.
    """
    errors = fault.errors(include_url=False)
    for error in errors:
        if error["type"] == "extra_forbidden":
            accepted = _suggest_name(str(error["loc"][-1]), tuple(names))
            return error["loc"], Refused(error["input"], accepted)
    refused: Refused = errors[0]["ctx"]["error"]  # every other check raises Refused
    return errors[0]["loc"], refused


def make_error(name: str, refused: Refused) -> SettingsError:
    """The error for the setting of this name. The value is shown as JSON, shortened."""
    given = refused.given
    shown = "nothing" if given is None else json.dumps(given, default=str)
    if len(shown) > SHOWN_CHARACTERS:
        shown = shown[: SHOWN_CHARACTERS - 1] + "…"
    return SettingsError(
        f"scan-brief settings: {name}: given {shown}; accepted: {refused.accepted}"
    )


def _suggest_name(name: str, names: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, names, n=1)
    return f"no such setting; is {near[0]} meant?" if near else "only " + ", ".join(names)

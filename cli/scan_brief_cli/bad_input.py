"""The error for input that cannot be used, and how its one line shows what was given. Pure."""

from __future__ import annotations

import json
import re
import unicodedata

from scan_brief.text import cut

_SHOWN_CHARACTERS = 80
_LINE_BREAK = re.compile(r"\s*[\r\n]\s*")
# What would break the line or move the cursor of a terminal.
_NOT_SHOWN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class BadInput(Exception):
    """The text names option, setting or file, what was given and what is accepted."""


def show_given(value: object) -> str:
    """A JSON value in a few characters; of an object or a list, only what it is."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return cut(json.dumps(value, ensure_ascii=False, default=str), _SHOWN_CHARACTERS)


def write_in_one_line(text: str) -> str:
    """The text with its lines joined, and every other control character escaped."""
    return "".join(
        character.encode("unicode_escape").decode()
        if unicodedata.category(character) in _NOT_SHOWN
        else character
        for character in _LINE_BREAK.sub(" ", text.strip())
    )

"""Pure: makes the values that templates print harmless where a mail or a chat would interpret them.

A finding's text must not become a mention, a link or markup.
"""

from __future__ import annotations

import re

from scan_brief_common.defusing import (
    LINK_CHARACTERS,
    MARKUP,
    defuse_code,
    defuse_links,
    defuse_markup,
)

_LOW_LINE = MARKUP["_"]
_AT = MARKUP["@"]
# my_app and app@sha256:0123 are no markup, and people search for them.
_WITHIN_WORD = re.compile(rf"(?<=[A-Za-z0-9]){_LOW_LINE}(?=[A-Za-z0-9])")
_DIGEST = re.compile(rf"(?<=[A-Za-z0-9]){_AT}(?=sha256:[0-9a-f]{{12}})")
_EVERYBODY = re.compile(r"@(?=(?:here|channel|everyone)\b)|\](?=\()", re.IGNORECASE)
_COLON = LINK_CHARACTERS[":"]


class Own(str):
    """Text of our own, such as the console's link, that is printed as it is."""

    __slots__ = ()


def finish_mail(value: object) -> object:
    """Text without clickable URLs; anything but a string is returned as it is."""
    return _break_links(value) if isinstance(value, str) and not isinstance(value, Own) else value


def finish_chat(value: object) -> object:
    """Text that a chat shows literally; anything but a string is returned as it is."""
    return show_literally(value) if isinstance(value, str) and not isinstance(value, Own) else value


def show_literally(text: str) -> str:
    """Text that a chat shows as it is, outside a code span."""
    defused = defuse_markup(_break_links(text))
    if _LOW_LINE in defused:
        defused = _WITHIN_WORD.sub("_", defused)
    return _DIGEST.sub("@", defused) if _AT in defused else defused


def _mark(character: re.Match[str]) -> str:
    return MARKUP[character[0]]


def _break_links(text: str) -> str:
    """Also the rest of a URL whose scheme is cut off."""
    return defuse_links(text).replace("://", f"{_COLON}//")


def format_code(value: object) -> Own:
    """A code span, from which a chat's reader can copy.

    Chats do not interpret what is in one; a mention of everybody and a link under other words are
    replaced all the same.
    """
    return Own(f"`{_EVERYBODY.sub(_mark, defuse_code(_break_links(str(value))))}`")

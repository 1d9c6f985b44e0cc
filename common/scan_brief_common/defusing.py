"""Look-alikes for the characters that make mentions, links and markup. Pure.

One character for one, so lengths stay as they are. FormatMessage and the fallback state machine,
which has no function, use the same tables.
"""

from __future__ import annotations

import re

# Outside a code span. @ makes mentions, & makes entities such as &lt;, the others make markup.
# Slack, "Formatting text for app surfaces"; CommonMark, 2.4 and 6.
MARKUP = {
    "<": "‹",
    ">": "›",
    "`": "ʼ",
    "*": "∗",
    "_": "ˍ",
    "~": "∼",
    "[": "⟦",
    "]": "⟧",
    "@": "＠",
    "&": "＆",
}
# In a code span, from which text is copied, only what could end the span or make a mention.
CODE_SPAN = {character: MARKUP[character] for character in "<>`"}
# A URL, which mail programs and chats make clickable: a scheme and //, www. or mailto:. The same
# pattern for Python, JavaScript and Java; ignore the case. Its characters in LINK_CHARACTERS are
# replaced.
LINK = r"""([a-z][a-z0-9+.-]*://|www\.|mailto:)[^\s"'<>]*"""
LINK_CHARACTERS = {":": "∶", ".": "․"}

_LINK = re.compile(LINK, re.IGNORECASE | re.ASCII)
_MARKUP, _CODE_SPAN, _LINK_CHARACTERS = (
    {ord(character): look_alike for character, look_alike in table.items()}
    for table in (MARKUP, CODE_SPAN, LINK_CHARACTERS)
)


def defuse_links(text: str) -> str:
    """The text with URLs that nothing makes clickable, for a mail."""
    if ":" not in text and "." not in text:  # most texts: a search takes ten times as long
        return text
    return _LINK.sub(lambda link: link[0].translate(_LINK_CHARACTERS), text)


def defuse_markup(text: str) -> str:
    """The text as a chat shows it literally, outside a code span."""
    return defuse_links(text).translate(_MARKUP)


def defuse_code(text: str) -> str:
    """The text as a chat shows it literally in a code span."""
    return text.translate(_CODE_SPAN)

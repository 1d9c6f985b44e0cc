"""Renders a chat's markup as Slack shows it, as HTML made from escaped text. Pure.

Sources: Slack, "Formatting text for app surfaces"; for [text](URL), which Microsoft Teams shows,
CommonMark.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_TOKEN = re.compile(
    r"""
    ```(?P<block>.+?)```
    | `(?P<code>[^`\n]+)`
    | <(?P<target>https?://[^|>\s]+)(?:\|(?P<label>[^>]+))?>
    | \[(?P<words>[^]\n]+)\]\((?P<address>https?://[^)\s]+)\)
    | <(?P<mention>[@\#!][^>\n]+)>
    | (?P<url>https?://[^\s<>"]+)
    | (?<![\w*])\*(?P<bold>[^*\s](?:[^*\n]*[^*\s])?)\*(?![\w*])
    | (?<!\w)_(?P<italic>[^_\s](?:[^_\n]*[^_\s])?)_(?!\w)
    | (?<![\w~])~(?P<struck>[^~\s](?:[^~\n]*[^~\s])?)~(?![\w~])
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
LINK = Markup('<a href="{}" rel="noreferrer noopener">{}</a>')
_HTML = {
    "block": Markup("<pre>{}</pre>"),
    "code": Markup("<code>{}</code>"),
    "mention": Markup('<span class="mention">@{}</span>'),
    "bold": Markup("<b>{}</b>"),
    "italic": Markup("<i>{}</i>"),
    "struck": Markup("<s>{}</s>"),
}
_LITERAL = ("block", "code", "mention")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def render_chat_text(text: str) -> Markup:
    """The text of a chat message; white space, which a chat keeps, stays as it is."""
    parts, end = Markup(), 0
    for token in _TOKEN.finditer(text):
        parts += _decode(text[end : token.start()]) + _render(token)
        end = token.end()
    return parts + _decode(text[end:])


def _render(token: re.Match[str]) -> Markup:
    found = {name: value for name, value in token.groupdict().items() if value is not None}
    address = found.get("target") or found.get("address") or found.get("url")
    if address:
        return LINK.format(address, found.get("label") or found.get("words") or address)
    ((name, value),) = found.items()
    return _HTML[name].format(_decode(value) if name in _LITERAL else render_chat_text(value))


def _decode(text: str) -> Markup:
    """Slack knows three entities, so that a text can have the characters of its own markup."""
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return escape(text)

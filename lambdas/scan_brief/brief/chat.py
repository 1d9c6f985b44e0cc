"""Pure: the JSON that Amazon Q Developer in chat applications renders for Slack and Teams."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scan_brief.text import cut
from scan_brief_common.limits import (
    CHAT_KEYWORD_CHARACTERS,
    CHAT_STEP_CHARACTERS,
    CHAT_TITLE_CHARACTERS,
)

if TYPE_CHECKING:
    from scan_brief.model import ChatContent, ChatMessage, Image, View

_STEPS = 3
# Look-alikes, so that no mention, no link under other words and no end of a code span is left.
# One character for one: lengths stay as they are.
_DEFUSED = str.maketrans({"<": "‹", ">": "›", "`": "ʼ", "*": "∗", "[": "⟦", "]": "⟧"})


def defuse_markdown(value: object) -> object:
    """Text that a chat shows literally; anything but a string is returned as it is."""
    return _defuse(value) if isinstance(value, str) else value


def write_chat(subject: str, description: str, view: View, image: Image) -> str:
    """model.ChatMessage as JSON; `description`: client markdown."""
    commands = [command for finding in view["findings"] for command in finding["commands"]]
    steps = [f"`{_defuse(command)}`" for command in dict.fromkeys(commands)][:_STEPS]
    worst = [view["worst"]["word"]] if view["worst"] else []
    keywords = [*worst, image["repository"]]
    content: ChatContent = {
        "textType": "client-markdown",
        "title": cut(_defuse(subject), CHAT_TITLE_CHARACTERS),
        "description": description,
        "keywords": [cut(_defuse(word), CHAT_KEYWORD_CHARACTERS) for word in keywords],
    }
    if steps:
        content["nextSteps"] = [cut(step, CHAT_STEP_CHARACTERS) for step in steps]
    chat: ChatMessage = {
        "version": "1.0",
        "source": "custom",
        "content": content,
        # A thread for each image: a second brief of it answers the first.
        "metadata": {
            "threadId": f"{image['repository']}@{image['digest']}",
            "summary": content["title"],
        },
    }
    return json.dumps(chat, ensure_ascii=False)


def _defuse(text: str) -> str:
    return text.translate(_DEFUSED)

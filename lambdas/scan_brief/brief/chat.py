"""Pure: the JSON that Amazon Q Developer in chat applications renders for Slack and Teams."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scan_brief.brief.markup import format_code, show_literally
from scan_brief.text import cut
from scan_brief_common.limits import (
    CHAT_KEYWORD_CHARACTERS,
    CHAT_STEP_CHARACTERS,
    CHAT_TITLE_CHARACTERS,
)

if TYPE_CHECKING:
    from scan_brief.model import ChatContent, ChatMessage, Image, View

_STEPS = 3


def _list_steps(view: View) -> Iterator[str]:
    """The fixing commands, with the numbers of the findings if there are several.

    One that is too long is left out: half a command is dangerous.
    """
    for finding in view["findings"]:
        for remedy in finding["remedies"]:
            if remedy["command"]:
                numbers = ", ".join(map(str, [finding["number"], *remedy["also"]]))
                fixed = f" ({numbers})" if remedy["also"] else ""
                yield f"{format_code(remedy['text'])}{fixed}"


def write_chat(subject: str, description: str, view: View, image: Image) -> str:
    """model.ChatMessage as JSON; `description`: client markdown."""
    steps = [step for step in _list_steps(view) if len(step) <= CHAT_STEP_CHARACTERS][:_STEPS]
    worst = [view["worst"]["word"]] if view["worst"] else []
    keywords = [*worst, image["repository"]]
    content: ChatContent = {
        "textType": "client-markdown",
        "title": cut(show_literally(subject), CHAT_TITLE_CHARACTERS),
        "description": description,
        "keywords": [cut(show_literally(word), CHAT_KEYWORD_CHARACTERS) for word in keywords],
    }
    if steps:
        content["nextSteps"] = steps
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

"""Pure: the JSON that Amazon Q Developer in chat renders for Slack and Teams ("custom
notifications").
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from scan_brief.text import cut
from scan_brief_common.limits import (
    CHAT_KEYWORD_CHARACTERS,
    CHAT_STEP_CHARACTERS,
    CHAT_TITLE_CHARACTERS,
)

_STEPS = 3
# No mention, no link under other words and no end of a code span can be made of these; lengths stay
# as they are.
_DEFUSED = str.maketrans({"<": "‹", ">": "›", "`": "ʼ", "*": "∗", "[": "⟦", "]": "⟧"})


def defuse_markdown(value: object) -> object:
    """Text that a chat shows as it stands; numbers and the like pass."""
    return value.translate(_DEFUSED) if isinstance(value, str) else value


def write_chat(
    subject: str, description: str, names: Mapping[str, Any], image: Mapping[str, str]
) -> str:
    """`description` is client markdown within limits.CHAT_DESCRIPTION_CHARACTERS; `names` are view.view_report's;
    `image` is the report's."""
    commands = [command for finding in names["findings"] for command in finding["commands"]]
    steps = [f"`{defuse_markdown(command)}`" for command in dict.fromkeys(commands)][:_STEPS]
    content: dict[str, Any] = {
        "textType": "client-markdown",
        "title": cut(str(defuse_markdown(subject)), CHAT_TITLE_CHARACTERS),
        "description": description,
        "keywords": [
            cut(str(defuse_markdown(word)), CHAT_KEYWORD_CHARACTERS)
            for word in _keywords(names, image)
        ],
    }
    if steps:
        content["nextSteps"] = [cut(step, CHAT_STEP_CHARACTERS) for step in steps]
    # One thread an image: a re-run answers the first brief instead of standing apart.
    metadata = {"threadId": f"{image['repository']}@{image['digest']}", "summary": content["title"]}
    chat = {"version": "1.0", "source": "custom", "content": content, "metadata": metadata}
    return json.dumps(chat, ensure_ascii=False)


def _keywords(names: Mapping[str, Any], image: Mapping[str, str]) -> list[str]:
    worst = [names["worst"]["word"]] if names["worst"] else []
    return [*worst, image["repository"]]

"""Pure: the JSON that Amazon Q Developer in chat applications renders for Slack and Teams."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scan_brief.brief.markup import show_literally
from scan_brief.text import cut
from scan_brief_common.limits import (
    CHAT_KEYWORD_CHARACTERS,
    CHAT_STEP_CHARACTERS,
    CHAT_TITLE_CHARACTERS,
)
from scan_brief_common.patterns import VULNERABILITY_ID

if TYPE_CHECKING:
    from scan_brief.model import ChatContent, ChatContext, ChatMessage, Image, Report, View


def _list_steps(view: View) -> Iterator[str]:
    """What to ask the owner of a shared layer, and the upgrade plan."""
    layers = view["layers"]
    if layers and layers["step"]:
        yield cut(show_literally(layers["step"]), CHAT_STEP_CHARACTERS)
    for upgrade in view["upgrades"]:
        yield f"{upgrade['text']} · {upgrade['effect']}"


def write_chat(
    subject: str, description: str, view: View, image: Image, context: ChatContext | None = None
) -> str:
    """model.ChatMessage as JSON; `description`: client markdown. context: None without buttons."""
    worst = [view["worst"]["word"]] if view["worst"] else []
    return compose_chat(
        subject,
        description,
        name_thread(image),
        steps=list(_list_steps(view)),
        keywords=[*worst, image["repository"]],
        context=context,
    )


def describe_for_buttons(notifier: str, report: Report) -> ChatContext | None:
    """What the buttons put into their commands; only what cannot be anything but a name.

    notifier: "" without buttons.
    """
    if not notifier:
        return None
    image, top = report["image"], report["topFindings"]
    context: ChatContext = {
        "notifier": notifier,
        "repository": image["repository"],
        "imageDigest": image["digest"],
    }
    if top and re.fullmatch(VULNERABILITY_ID, top[0]["id"]):
        context["vulnerabilityId"] = top[0]["id"]
    return context


def name_thread(image: Image) -> str:
    """A thread for each image: a second brief of it answers the first."""
    return f"{image['repository']}@{image['digest']}"


def compose_chat(
    subject: str,
    description: str,
    thread: str,
    *,
    steps: Sequence[str],
    keywords: Sequence[str],
    context: ChatContext | None = None,
) -> str:
    """The same from texts as they are; steps and keywords may be empty."""
    content: ChatContent = {
        "textType": "client-markdown",
        "title": cut(show_literally(subject), CHAT_TITLE_CHARACTERS),
        "description": description,
    }
    if keywords:
        content["keywords"] = [cut(show_literally(w), CHAT_KEYWORD_CHARACTERS) for w in keywords]
    if steps:
        content["nextSteps"] = [cut(show_literally(step), CHAT_STEP_CHARACTERS) for step in steps]
    chat: ChatMessage = {
        "version": "1.0",
        "source": "custom",
        "content": content,
        "metadata": {"threadId": thread, "summary": content["title"]},
    }
    if context:
        chat["metadata"]["additionalContext"] = context
    return json.dumps(chat, ensure_ascii=False)

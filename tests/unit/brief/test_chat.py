"""chat: what Amazon Q Developer in chat renders for Slack and Teams, within the schema's limits."""

from __future__ import annotations

import json
from typing import Any

from scan_brief.brief.chat import write_chat
from scan_brief.model import ChatMessage
from tests.shapes import assert_shape
from tests.unit.builders import make_report


def chat_of(
    subject: str = "HIGH 1",
    *findings: list[str],
    worst: str | None = "High",
    repository: str = "sample-app",
) -> Any:
    """The message about findings with these fixing commands."""
    view: Any = {
        "findings": [
            {
                "number": number,
                "remedies": [
                    {"text": command, "command": True, "also": []} for command in commands
                ],
            }
            for number, commands in enumerate(findings, start=1)
        ],
        "worst": {"word": worst} if worst else None,
    }
    image = make_report(repository=repository)["image"]
    chat = json.loads(write_chat(subject, "text", view, {**image, "digest": "sha256:0"}))
    assert_shape(chat, ChatMessage)
    return chat


def test_the_shape_is_the_documented_one() -> None:
    assert chat_of("HIGH 1", ["apt upgrade"]) == {
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": "HIGH 1",
            "description": "text",
            "keywords": ["High", "sample-app"],
            "nextSteps": ["`apt upgrade`"],
        },
        "metadata": {"threadId": "sample-app@sha256:0", "summary": "HIGH 1"},
    }


def test_without_commands_there_are_no_next_steps_and_without_findings_no_severity() -> None:
    content = chat_of(worst=None)["content"]
    assert "nextSteps" not in content
    assert content["keywords"] == ["sample-app"]


def test_there_are_at_most_three_next_steps() -> None:
    content = chat_of("", ["a", "b"], ["c", "d"])["content"]
    assert content["nextSteps"] == ["`a`", "`b`", "`c`"]


def test_a_step_names_the_findings_that_it_fixes_and_no_step_is_a_sentence() -> None:
    remedies = [
        {"text": "Update pip", "command": False, "also": [4]},
        {"text": "apt upgrade", "command": True, "also": [2, 7]},
    ]
    view: Any = {"findings": [{"number": 1, "remedies": remedies}], "worst": None}
    chat = json.loads(write_chat("x", "x", view, make_report()["image"]))
    assert chat["content"]["nextSteps"] == ["`apt upgrade` (1, 2, 7)"]


def test_texts_keep_the_limits_of_the_schema() -> None:
    chat = chat_of("s" * 300, ["c" * 348], worst="w" * 99, repository="r" * 200)
    content = chat["content"]
    assert (len(content["title"]), len(chat["metadata"]["summary"])) == (250, 250)
    assert [len(step) for step in content["nextSteps"]] == [350]
    assert [len(word) for word in content["keywords"]] == [75, 75]


def test_no_text_of_a_finding_keeps_its_markdown() -> None:
    content = chat_of("<a>", ["`rm` <x>"], worst="*w*", repository="[r]")["content"]
    assert content["title"] == "‹a›"
    assert content["nextSteps"] == ["`ʼrmʼ ‹x›`"]
    assert content["keywords"] == ["∗w∗", "⟦r⟧"]


def test_a_command_that_is_too_long_for_a_step_is_left_out_not_cut() -> None:
    content = chat_of("", ["c" * 400, "short"])["content"]
    assert content["nextSteps"] == ["`short`"]


def test_text_that_is_not_ascii_is_not_escaped() -> None:
    view: Any = {"findings": [], "worst": None}
    assert "問題なし" in write_chat("問題なし", "x", view, make_report()["image"])

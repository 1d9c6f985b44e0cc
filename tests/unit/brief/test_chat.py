"""chat: what Amazon Q Developer in chat renders for Slack and Teams, within the schema's limits."""

from __future__ import annotations

import json
from typing import Any

from scan_brief.brief.chat import defuse_markdown, write_chat


def chat_of(subject: str = "HIGH 1", description: str = "text", **names: Any) -> dict[str, Any]:
    known = {"findings": [], "worst": {"word": "High"}}
    image = {"repository": names.pop("repository", "sample-app"), "digest": "sha256:0"}
    written: dict[str, Any] = json.loads(
        write_chat(subject, description, {**known, **names}, image)
    )
    return written


def finding(*commands: str) -> dict[str, Any]:
    return {"commands": list(commands)}


def test_the_shape_is_the_documented_one() -> None:
    assert chat_of(findings=[finding("apt upgrade")]) == {
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


def test_without_commands_there_are_no_next_steps_and_without_findings_no_worst() -> None:
    content = chat_of(worst=None)["content"]
    assert "nextSteps" not in content
    assert content["keywords"] == ["sample-app"]


def test_three_different_steps_at_the_most() -> None:
    steps = chat_of(findings=[finding("a", "b"), finding("a"), finding("c", "d")])["content"][
        "nextSteps"
    ]
    assert steps == ["`a`", "`b`", "`c`"]


def test_texts_keep_the_schemas_limits() -> None:
    long = chat_of(
        "s" * 300, findings=[finding("c" * 400)], worst={"word": "w" * 99}, repository="r" * 200
    )
    content = long["content"]
    assert (len(content["title"]), len(long["metadata"]["summary"])) == (250, 250)
    assert [len(step) for step in content["nextSteps"]] == [350]
    assert [len(word) for word in content["keywords"]] == [75, 75]


def test_markup_is_defused_and_lengths_stay() -> None:
    hostile = "<!channel> `x` *b* [t](https://e)"
    defused = str(defuse_markdown(hostile))
    assert len(defused) == len(hostile)
    assert not set(defused) & set("<>`*[]")
    assert defuse_markdown(7) == 7


def test_no_text_of_a_finding_keeps_its_markup() -> None:
    content = chat_of(
        "<a>", findings=[finding("`rm` <x>")], worst={"word": "*w*"}, repository="[r]"
    )["content"]
    assert content["title"] == "‹a›"
    assert content["nextSteps"] == ["`ʼrmʼ ‹x›`"]
    assert content["keywords"] == ["∗w∗", "⟦r⟧"]


def test_text_that_is_not_ascii_is_written_as_it_is() -> None:
    image = {"repository": "r", "digest": "d"}
    assert "問題なし" in write_chat("問題なし", "x", {"findings": [], "worst": None}, image)

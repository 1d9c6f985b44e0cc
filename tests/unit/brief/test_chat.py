"""chat: what Amazon Q Developer in chat renders for Slack and Teams, within the schema's limits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scan_brief.brief.chat import describe_for_buttons, write_chat
from scan_brief.model import ChatMessage
from tests.shapes import assert_shape
from tests.unit.builders import make_finding, make_report


def chat_of(
    subject: str = "HIGH 1",
    *upgrades: str,
    worst: str | None = "High",
    step: str = "",
    repository: str = "sample-app",
) -> Any:
    """The message about these upgrades."""
    view: Any = {
        "upgrades": [{"text": text, "effect": "closes 2 findings"} for text in upgrades],
        "worst": {"word": worst} if worst else None,
        "layers": {"step": step} if step else None,
    }
    image = make_report(repository=repository)["image"]
    chat = json.loads(write_chat(subject, "text", view, {**image, "digest": "sha256:0"}))
    assert_shape(chat, ChatMessage)
    return chat


def test_the_shape_is_the_documented_one() -> None:
    assert chat_of("HIGH 1", "curl → 8.5.0") == {
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": "HIGH 1",
            "description": "text",
            "keywords": ["High", "sample-app"],
            "nextSteps": ["curl → 8.5.0 · closes 2 findings"],
        },
        "metadata": {"threadId": "sample-app@sha256:0", "summary": "HIGH 1"},
    }


def test_without_upgrades_there_are_no_next_steps_and_without_findings_no_severity() -> None:
    content = chat_of(worst=None)["content"]
    assert "nextSteps" not in content
    assert content["keywords"] == ["sample-app"]


def test_texts_keep_the_limits_of_the_schema() -> None:
    chat = chat_of("s" * 300, "c" * 348, worst="w" * 99, repository="r" * 200)
    content = chat["content"]
    assert (len(content["title"]), len(chat["metadata"]["summary"])) == (250, 250)
    assert [len(step) for step in content["nextSteps"]] == [349]
    assert [len(word) for word in content["keywords"]] == [75, 75]


def test_no_text_of_a_finding_keeps_its_markdown() -> None:
    content = chat_of("<a>", "`rm` <x>", worst="*w*", repository="[r]")["content"]
    assert content["title"] == "‹a›"
    assert content["nextSteps"] == ["ʼrmʼ ‹x› · closes 2 findings"]
    assert content["keywords"] == ["∗w∗", "⟦r⟧"]


def test_text_that_is_not_ascii_is_not_escaped() -> None:
    view: Any = {"upgrades": [], "worst": None, "layers": None}
    assert "問題なし" in write_chat("問題なし", "x", view, make_report()["image"])


def test_the_first_step_is_what_to_ask_the_owner_of_a_shared_layer() -> None:
    chat = chat_of("HIGH 1", "curl → 8.5.0", step=f"Ask platform *{'x' * 400}*")
    first, second = chat["content"]["nextSteps"]
    assert first.startswith("Ask platform ∗x")
    assert len(first) == 350
    assert second == "curl → 8.5.0 · closes 2 findings"


def test_a_card_for_buttons_names_the_image_and_its_first_finding() -> None:
    findings = [make_finding(number, severity="HIGH") for number in (1, 2)]
    report = make_report(findings)
    assert describe_for_buttons("", report) is None
    context = describe_for_buttons("Stack-1", report)
    assert context == {
        "notifier": "Stack-1",
        "repository": "sample-app",
        "imageDigest": report["image"]["digest"],
        "vulnerabilityId": report["topFindings"][0]["id"],
    }
    view: Any = {"upgrades": [], "worst": None, "layers": None}
    chat = json.loads(write_chat("x", "text", view, report["image"], context))
    assert_shape(chat, ChatMessage)
    assert chat["metadata"]["additionalContext"] == context


@pytest.mark.parametrize("hostile", ['CVE-1"}', "CVE-1 --x", "$reason", "CVE-1'", "", "ü", "a\nb"])
def test_a_name_that_could_be_more_than_a_name_is_in_no_command(hostile: str) -> None:
    report = make_report([make_finding()])
    report["topFindings"][0]["id"] = hostile
    context = describe_for_buttons("Stack-1", report)
    assert context
    assert "vulnerabilityId" not in context


def test_an_image_without_findings_has_nothing_to_ignore() -> None:
    context = describe_for_buttons("Stack-1", make_report())
    assert context
    assert set(context) == {"notifier", "repository", "imageDigest"}

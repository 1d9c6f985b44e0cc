"""The deployed workflow remembers what it briefed, and says what changed since."""

from __future__ import annotations

import json
from typing import Any

from local.emulator.outbox import Message
from scan_brief.aws.memory import BRIEF
from tests.harness import Outcome, StackHarness

OTHER = "sha256:" + "b" * 64
SENT = ["PublishMessage", "RememberBrief", "BriefSent"]


def scan(harness: StackHarness, event: dict[str, Any], **members: Any) -> tuple[Outcome, Message]:
    """The execution and the mail of a scan without counts. members: of the event and its detail."""
    harness.outbox.clear()
    digest = members.pop("digest", event["detail"]["image-digest"])
    changed = {**event, **members, "detail": {**event["detail"], "image-digest": digest}}
    del changed["detail"]["finding-severity-counts"]
    outcome = harness.scan(changed)
    mail = harness.receive()
    harness.wait_until_delivered()
    return outcome, mail


def remembered(harness: StackHarness) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = harness.list_memory()
    return [item for item in items if item["key"]["S"].startswith(BRIEF)]


def retarget(harness: StackHarness, digest: str) -> None:
    """Let the double have the same findings for another image."""
    text = json.dumps(list(harness.double.findings), default=str)
    first = harness.double.findings[0]["resources"][0]["details"]["awsEcrContainerImage"]
    harness.double.findings = json.loads(text.replace(first["imageHash"], digest))


def test_two_images_the_same_again_and_two_that_cross(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    outcome, mail = scan(harness, event)
    assert outcome.states[-3:] == SENT
    assert "first image briefed" in " ".join(mail.text.split())
    (mark,) = remembered(harness)
    assert mark["digest"]["S"] == event["detail"]["image-digest"]

    _, again = scan(harness, event)
    assert "nothing changed since the scan of the same image" in again.text
    assert again.subject.endswith("nothing changed")

    harness.double.findings = list(harness.double.findings)[3:]
    retarget(harness, OTHER)
    calls = len(harness.double.calls)
    _, second = scan(harness, event, time="2027-01-01T00:00:00Z", digest=OTHER)
    assert second.subject.endswith(" fixed")
    assert "−" in second.subject
    called = [name for name, _ in harness.double.calls[calls:]]
    assert "BatchGetFindingDetails" not in called
    (mark,) = remembered(harness)
    assert mark["digest"]["S"] == OTHER

    retarget(harness, event["detail"]["image-digest"])
    outcome, older = scan(harness, event)
    assert outcome.status == "SUCCEEDED"
    assert "a newer scan was briefed already" in older.text
    (mark,) = remembered(harness)
    assert mark["digest"]["S"] == OTHER


def test_a_lost_memory_costs_no_brief(harness: StackHarness, event: dict[str, Any]) -> None:
    with harness.memory_in("none-such"):
        outcome, mail = scan(harness, event)
    assert (outcome.status, outcome.error) == ("SUCCEEDED", "")
    assert "the memory could not be read" in " ".join(mail.text.split())

"""The deployed workflow remembers what it briefed, and says what changed since."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest

from local.emulator.outbox import Message
from local.loopback_server import LoopbackHandler, LoopbackServer
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


def refuse(error: str) -> type[LoopbackHandler]:
    """A DynamoDB that answers each call with this error."""

    class Refusing(LoopbackHandler):
        asked: ClassVar[list[bytes]] = []

        def respond(self, body: bytes) -> None:
            self.asked.append(body)
            answer = {"__type": f"com.amazon.coral.service#{error}", "message": "no"}
            self.send_reply(400, json.dumps(answer).encode())

    return Refusing


@contextmanager
def lose_memory(harness: StackHarness, how: str) -> Iterator[None]:
    if how == "missing":
        with harness.memory_in("none-such"):
            yield
        return
    handler: Any = refuse(how)
    with LoopbackServer(handler) as server, harness.memory_at(server.endpoint_url):
        yield
    assert handler.asked


@pytest.mark.parametrize("how", ["missing", "AccessDeniedException", "ThrottlingException"])
def test_a_lost_memory_costs_the_comparison_only(
    harness: StackHarness, event: dict[str, Any], how: str
) -> None:
    with lose_memory(harness, how):
        outcome, mail = scan(harness, event)
    assert (outcome.status, outcome.error, outcome.task_errors) == ("SUCCEEDED", "", [])
    text = " ".join(mail.text.split())
    assert "Changes not compared with the image before: the memory could not be read" in text
    assert "FIX FIRST: 10 of 60" in text
    assert "not known" not in text

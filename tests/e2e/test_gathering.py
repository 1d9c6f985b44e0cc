"""The deployed workflow gathers briefs: at the window's end, and without a memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest

from local.emulator.outbox import Message
from local.emulator.process import poll
from local.inspector2_double import FaultPlan, Held
from tests.harness import StackHarness
from tests.windows import end_windows, hold_windows, list_gathered

SECONDS = 60
GATHER = "GatherBriefFunctionName"


@pytest.fixture
def alone(harness: StackHarness) -> Iterator[StackHarness]:
    """One brief of a window is sent by itself, and no window ends before the test says so."""
    harness.deployment.set_variable("GATHER_ABOVE", "1", GATHER)
    with hold_windows(harness):
        yield harness
    harness.deployment.set_variable("GATHER_ABOVE", "20", GATHER)


def scan_of(event: dict[str, Any], number: int) -> dict[str, Any]:
    """Of an image of its own, without findings."""
    detail = {
        "image-tags": [f"build-{number}"],
        "image-digest": f"sha256:{number + 0xE2E:064x}",
        "finding-severity-counts": {"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "TOTAL": 0},
    }
    return {**event, "detail": {**event["detail"], **detail}}


def receive_mails(harness: StackHarness, number: int) -> list[Message]:
    def select(seen: list[Message]) -> list[Message]:
        return [message for message in seen if message.protocol == "email"]

    return select(harness.outbox.wait_for(lambda seen: len(select(seen)) >= number, SECONDS))


def test_a_brief_that_is_under_way_at_the_windows_end_is_not_in_its_summary(
    alone: StackHarness, event: dict[str, Any]
) -> None:
    for number in (1, 2):
        assert alone.scan(scan_of(event, number)).status == "SUCCEEDED"
    released = Event()
    alone.double.plan = FaultPlan((Held(until=released),))
    before = set(alone.list_executions())
    alone.deployment.emulator.emit(scan_of(event, 3))
    poll(lambda: set(alone.list_executions()) - before, SECONDS, lambda: pytest.fail("no start"))
    (under_way,) = set(alone.list_executions()) - before
    (summary,) = end_windows(alone)
    assert (summary["status"], summary["gathered"]) == ("SUCCEEDED", 1)
    released.set()
    assert "PublishMessage" in alone.follow(under_way).states
    mails = receive_mails(alone, 3)
    kinds = [mail.attributes["kind"] for mail in mails]
    assert sorted(kinds) == ["CLEAR", "CLEAR", "SUMMARY"]
    assert list_gathered(alone) == ["build-2"]
    (many,) = [mail for mail in mails if mail.attributes["kind"] == "SUMMARY"]
    assert "build-2" in many.text
    assert "sample-app" in json.loads(many.attributes["repository"])


def test_without_a_memory_each_brief_is_sent_by_itself(
    alone: StackHarness, event: dict[str, Any]
) -> None:
    table = alone.deployment.outputs["MemoryTableName"]
    alone.deployment.set_variable("MEMORY_TABLE", "none-such", GATHER)
    outcomes = [alone.scan(scan_of(event, number)) for number in (4, 5, 6)]
    alone.deployment.set_variable("MEMORY_TABLE", table, GATHER)
    for outcome in outcomes:
        assert (outcome.status, outcome.task_errors) == ("SUCCEEDED", ["MemoryLost"])
        assert "PublishMessage" in outcome.states
    assert {mail.attributes["kind"] for mail in receive_mails(alone, 3)} == {"CLEAR"}

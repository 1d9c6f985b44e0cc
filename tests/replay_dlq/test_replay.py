"""`scan-brief replay-dlq` against the deployed stack: from dead letters to briefs, each once.

The emulator's rules have no dead letters, so each test sends them, with EventBridge's attributes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from scan_brief_cli.main import main
from scan_brief_cli.replay_dlq.calls import PERMISSIONS
from tests.gate import Error, Gate, LostAnswer, serve_gate
from tests.harness import StackHarness

_COUNTS = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]


@pytest.fixture
def gate(harness: StackHarness, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """The caller's AWS is the emulator, behind a gate. The queue is empty before and after."""
    monkeypatch.setattr("scan_brief_cli.replay_dlq.command.sleep", lambda _: None)
    with serve_gate(harness.deployment.emulator, monkeypatch) as gate:
        yield gate
    purge(harness)


def purge(harness: StackHarness) -> None:
    sqs = harness.deployment.emulator.client("sqs")
    sqs.purge_queue(QueueUrl=harness.deployment.outputs["DeadLetterQueueUrl"])


def send(harness: StackHarness, body: str) -> None:
    """As EventBridge does: User Guide, "Using dead-letter queues"."""
    outputs = harness.deployment.outputs
    attributes = {
        "RULE_ARN": "arn:aws:events:ap-northeast-1:111122223333:rule/Rule",
        "TARGET_ARN": outputs.get("DoorStateMachineArn", outputs["StateMachineArn"]),
        "ERROR_CODE": "NO_PERMISSIONS",
        "ERROR_MESSAGE": "AccessDeniedException",
    }
    harness.deployment.emulator.client("sqs").send_message(
        QueueUrl=outputs["DeadLetterQueueUrl"],
        MessageBody=body,
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    )


def count(harness: StackHarness) -> list[int]:
    """The queue's messages: visible and hidden ones."""
    answer = harness.deployment.emulator.client("sqs").get_queue_attributes(
        QueueUrl=harness.deployment.outputs["DeadLetterQueueUrl"], AttributeNames=_COUNTS
    )
    return [int(answer["Attributes"][name]) for name in _COUNTS]


def list_briefs(harness: StackHarness, before: list[str]) -> list[dict[str, Any]]:
    """The executions of the brief since, ended."""
    new = [execution for execution in harness.list_executions() if execution not in before]
    assert {harness.follow(execution).status for execution in new} <= {"SUCCEEDED"}
    states = harness.deployment.emulator.client("stepfunctions")
    return [states.describe_execution(executionArn=execution) for execution in new]


def test_a_dead_letter_becomes_a_brief_and_the_rest_stays(
    gate: Gate, harness: StackHarness, event: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    before = harness.list_executions()
    send(harness, json.dumps(harness.tell_apart(event)))
    send(harness, "no event")
    assert main(["replay-dlq", "--dry-run"]) == 1
    assert capsys.readouterr().out == "1 would be started, 1 would be left in the queue\n"
    assert (list_briefs(harness, before), count(harness)) == ([], [2, 0])
    assert main(["replay-dlq"]) == 1
    shown = capsys.readouterr()
    assert shown.out == "1 started, 1 left in the queue\n"
    assert "started: sample-app:" in shown.err
    assert count(harness) == [1, 0]
    assert harness.receive().attributes["total"] == "60"
    assert len(list_briefs(harness, before)) == 1
    # Amazon SQS Developer Guide: the permission of an operation holds for its batch too.
    assert {call.removesuffix("Batch") for call in gate.calls} == {
        permission.partition(":")[2]
        for permission in PERMISSIONS
        if permission != "sqs:GetQueueAttributes"
    }


def test_lost_answers_start_and_send_nothing_twice(
    gate: Gate, harness: StackHarness, event: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    before = harness.list_executions()
    letter = {**event, "id": "11111111-2222-3333-4444-555555555555"}
    send(harness, json.dumps(harness.tell_apart(letter)))
    gate.turns["StartExecution"] = LostAnswer(times=1)
    gate.turns["DeleteMessage"] = Error("InternalError", "an internal error", 500, times=3)
    assert main(["replay-dlq"]) == 1
    assert "1 started, 0 left in the queue; run it again" in capsys.readouterr().err
    assert count(harness) == [1, 0]
    assert main(["replay-dlq"]) == 0
    assert capsys.readouterr().out == "1 started, 0 left in the queue\n"
    harness.receive()
    assert len(list_briefs(harness, before)) == 1
    assert main(["replay-dlq"]) == 0
    assert capsys.readouterr().out == "no message was received\n"


def test_another_stack_is_not_touched(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay-dlq", "--stack-name", "CDKToolkit"]) == 2
    assert "this one has no output StateMachineArn" in capsys.readouterr().err
    assert main(["replay-dlq", "--stack-name", "a b"]) == 2
    assert gate.calls == ["DescribeStacks"]

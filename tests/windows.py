"""Windows of a deployed stack that end when a test says so, and a queue that receives reports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from scan_brief.aws.window_table import GATHER
from tests.harness import StackHarness

_END = "{% $states.input.endsAt %}"
_NEVER = "2999-01-01T00:00:00Z"  # the emulator waits a thousandth of it


@contextmanager
def hold_windows(harness: StackHarness) -> Iterator[None]:
    """Summaries that start meanwhile wait for `end_windows`."""
    _replace(harness, _END, _NEVER)
    try:
        yield
    finally:
        if _NEVER in _machine(harness)["definition"]:
            _replace(harness, _NEVER, _END)


def end_windows(harness: StackHarness) -> list[dict[str, Any]]:
    """Let every summary that waits go on, as a new execution with the same input. Their outputs."""
    states = harness.deployment.emulator.client("stepfunctions")
    if _NEVER in _machine(harness)["definition"]:
        _replace(harness, _NEVER, _END)
    outputs = []
    machine = harness.deployment.outputs["SummaryStateMachineArn"]
    waiting = states.list_executions(stateMachineArn=machine, statusFilter="RUNNING")
    for each in waiting["executions"]:
        arn = each["executionArn"]
        given = json.loads(states.describe_execution(executionArn=arn)["input"])
        states.stop_execution(executionArn=arn)
        outcome = harness.run(given, machine)
        outputs.append(json.loads(outcome.output or "{}") | {"status": outcome.status})
    return outputs


def list_gathered(harness: StackHarness) -> list[str]:
    """The tag of each brief that a summary reports, by the table: once for each summary."""
    items = harness.list_memory()
    entries = {item["key"]["S"]: item for item in items}
    ids = [name for item in items for name in item.get("gathered", {"SS": []})["SS"]]
    left = [json.loads(entries[f"{GATHER}brief/{name}"]["content"]["S"]) for name in ids]
    return [gathered["image"]["tag"] for gathered in left]


def _machine(harness: StackHarness) -> Any:
    states = harness.deployment.emulator.client("stepfunctions")
    arn = harness.deployment.outputs["SummaryStateMachineArn"]
    return states.describe_state_machine(stateMachineArn=arn)


def _replace(harness: StackHarness, old: str, new: str) -> None:
    machine = _machine(harness)
    assert old in machine["definition"]
    harness.deployment.emulator.client("stepfunctions").update_state_machine(
        stateMachineArn=machine["stateMachineArn"],
        definition=machine["definition"].replace(old, new),
        roleArn=machine["roleArn"],
    )


@dataclass(frozen=True)
class Queue:
    """A queue that is subscribed without a filter."""

    harness: StackHarness
    url: str

    def receive(self, number: int) -> list[str]:
        """A tag for each report of so many that are expected, and of any further ones."""
        queues = self.harness.deployment.emulator.client("sqs")
        tags: list[str] = []
        while True:
            answer = queues.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=10,
                WaitTimeSeconds=0 if len(tags) >= number else 5,
            )
            messages = answer.get("Messages", [])
            documents = [json.loads(json.loads(each["Body"])["Message"]) for each in messages]
            tags += [each["resource"]["imageTags"][0] for each in documents if "resource" in each]
            for each in messages:
                queues.delete_message(QueueUrl=self.url, ReceiptHandle=each["ReceiptHandle"])
            if not messages:
                return tags


@contextmanager
def subscribe_queue(harness: StackHarness) -> Iterator[Queue]:
    """A queue of its own, which is unsubscribed afterwards."""
    queues = harness.deployment.emulator.client("sqs")
    topics = harness.deployment.emulator.client("sns")
    url = queues.create_queue(QueueName="reports")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    topic = harness.deployment.outputs["TopicArn"]
    subscribed = topics.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True
    )
    try:
        yield Queue(harness, url)
    finally:
        topics.unsubscribe(SubscriptionArn=subscribed["SubscriptionArn"])
        queues.delete_queue(QueueUrl=url)

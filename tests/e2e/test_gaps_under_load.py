"""What stock MiniStack does with a burst, and local/emulator/gaps.py does otherwise."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from local.emulator.functions import AT_ONCE
from local.emulator.process import Emulator, poll
from local.loopback import send
from local.loopback_server import LoopbackHandler, LoopbackServer
from tests.e2e.emulators import ROLE, create_function, fail

WAITING = """
import os
import pathlib
import time

def handle(event, context):
    if event["fail"]:
        raise ValueError("not today")
    folder = pathlib.Path(event["folder"])
    (folder / context.aws_request_id).touch()
    deadline = time.monotonic() + 120
    while not (folder / "free").exists():
        if time.monotonic() > deadline:
            raise TimeoutError("nobody set it free")
        time.sleep(0.01)  # in the emulator's process, which no event of the test's reaches
    return os.getpid()
"""


def test_queue_invocations(emulators: dict[str, Emulator], tmp_path: Path) -> None:
    """A burst of executions shares a bounded number of processes; an error ends no other's."""
    arn = create_function(emulators["filled"], "waiting", WAITING)
    task = {"Type": "Task", "Resource": arn, "TimeoutSeconds": 60, "End": True}
    states = emulators["filled"].client("stepfunctions")
    machine = states.create_state_machine(
        name="burst",
        definition=json.dumps({"StartAt": "Wait", "States": {"Wait": task}}),
        roleArn=ROLE,
    )["stateMachineArn"]
    started = [
        states.start_execution(
            stateMachineArn=machine, input=json.dumps({"folder": str(tmp_path), "fail": not number})
        )["executionArn"]
        for number in range(3 * AT_ONCE)
    ]
    poll(
        lambda: len(list(tmp_path.iterdir())) >= AT_ONCE - 1,  # one has failed before it waits
        60,
        lambda: fail("the functions do not run"),
    )
    (tmp_path / "free").touch()
    ended = poll(
        lambda: describe_all(states, started), 60, lambda: fail("not all executions ended")
    )
    assert [execution["status"] for execution in ended] == [
        "FAILED",
        *["SUCCEEDED"] * (3 * AT_ONCE - 1),
    ]
    assert len({execution["output"] for execution in ended[1:]}) <= AT_ONCE


def describe_all(states: Any, arns: list[str]) -> list[dict[str, Any]]:
    """The executions, once all have ended; before that []."""
    found = [states.describe_execution(executionArn=arn) for arn in arns]
    return found if all(execution["status"] != "RUNNING" for execution in found) else []


@pytest.mark.parametrize(
    ("kind", "statuses"), [("stock", {"SUCCEEDED", "FAILED"}), ("filled", {"SUCCEEDED"})]
)
def test_time_expressions(emulators: dict[str, Emulator], kind: str, statuses: set[str]) -> None:
    """Many at once: each takes a fraction of a second, all together take several."""
    states = emulators[kind].client("stepfunctions")
    compute = {"Type": "Pass", "Output": "{% $sum([1..10000].($ * 2)) %}", "End": True}
    definition = {"QueryLanguage": "JSONata", "StartAt": "Sum", "States": {"Sum": compute}}
    machine = states.create_state_machine(
        name="sum", definition=json.dumps(definition), roleArn=ROLE
    )["stateMachineArn"]
    started = [states.start_execution(stateMachineArn=machine)["executionArn"] for _ in range(40)]
    ended = poll(
        lambda: describe_all(states, started), 120, lambda: fail("not all executions ended")
    )
    assert {execution["status"] for execution in ended} <= statuses
    assert ("FAILED" in {execution["status"] for execution in ended}) == ("FAILED" in statuses)


@pytest.mark.parametrize(("kind", "expected"), [("stock", ["2"]), ("filled", ["1", "2"])])
def test_retry_deliveries(emulators: dict[str, Emulator], kind: str, expected: list[str]) -> None:
    topics = emulators[kind].client("sns")
    topic = topics.create_topic(Name="retried")["TopicArn"]
    received: list[str] = []
    refused = threading.Event()

    class Subscriber(LoopbackHandler):
        def respond(self, body: bytes) -> None:
            message = json.loads(body)
            if message["Type"] == "SubscriptionConfirmation":
                send(message["SubscribeURL"])
            elif not refused.is_set():
                refused.set()
                return
            else:
                received.append(message["Message"])
            self.send_reply(200)

    with LoopbackServer(Subscriber) as server:
        topics.subscribe(TopicArn=topic, Protocol="http", Endpoint=server.endpoint_url)
        poll(lambda: is_confirmed(topics, topic), 60, lambda: fail("the subscription is pending"))
        topics.publish(TopicArn=topic, Message="1")
        assert refused.wait(60)
        topics.publish(TopicArn=topic, Message="2")
        poll(lambda: set(received) >= set(expected), 60, lambda: fail(f"received: {received}"))
        assert sorted(received) == expected


def is_confirmed(topics: Any, topic: str) -> bool:
    (found,) = topics.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    attributes = topics.get_subscription_attributes(SubscriptionArn=found["SubscriptionArn"])
    return bool(attributes["Attributes"]["PendingConfirmation"] == "false")

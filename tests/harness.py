"""A deployed stack with the double and the outbox beside it: sends requests and says what came of
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.emulator.deployment import Deployment, deploy
from local.emulator.outbox import Message, Outbox
from local.emulator.process import Emulator, poll
from local.inspector2_double import Inspector2Double

_SECONDS = 120
# Waits and retry pauses of the state machine take a thousandth of their time; its order of things
# stays.
_WAIT_SCALE = 0.001


class HarnessError(Exception):
    """Something expected did not happen in time; the text says what was seen."""


@dataclass(frozen=True)
class Outcome:
    """An ended execution: SUCCEEDED or FAILED, its error and cause, the states entered and task
    errors in order.
    """

    status: str
    error: str
    cause: str
    states: list[str]
    task_errors: list[str]
    output: str


@dataclass(frozen=True)
class StackHarness:
    """The parts, and what a test or a person does with them."""

    deployment: Deployment
    double: Inspector2Double
    outbox: Outbox

    def scan(self, event: Mapping[str, Any]) -> Outcome:
        """Put the event on the bus and follow the execution that the rule starts."""
        before = set(self.list_executions())
        self.deployment.emulator.emit(dict(event))
        started = poll(
            lambda: [one for one in self.list_executions() if one not in before],
            _SECONDS,
            lambda: _fail("the rule started no execution"),
        )
        return self.follow(started[0])

    def run(self, request: object) -> Outcome:
        """Start an execution by hand and follow it."""
        return self.follow(self.deployment.start(request))

    def list_executions(self) -> list[str]:
        """ARNs of all executions so far."""
        states = self.deployment.emulator.client("stepfunctions")
        found = states.list_executions(
            stateMachineArn=self.deployment.outputs["StateMachineArn"], maxResults=1000
        )
        return [one["executionArn"] for one in found["executions"]]

    def follow(self, execution_arn: str) -> Outcome:
        """What came of an execution, once it has ended."""
        ended = self.deployment.wait_for_execution(execution_arn, _SECONDS)
        states = self.deployment.emulator.client("stepfunctions")
        history = states.get_execution_history(executionArn=execution_arn, maxResults=1000)[
            "events"
        ]
        return Outcome(
            ended["status"],
            ended.get("error", ""),
            ended.get("cause", ""),
            [
                one["stateEnteredEventDetails"]["name"]
                for one in history
                if "stateEnteredEventDetails" in one
            ],
            [
                one["taskFailedEventDetails"]["error"]
                for one in history
                if "taskFailedEventDetails" in one
            ],
            ended.get("output", ""),
        )

    def wait_until_delivered(self) -> None:
        """Every mail has its message to the chat: nothing of what was published is still on its
        way.
        """

        def even(arrived: list[Message]) -> bool:
            protocols = [one.protocol for one in arrived]
            return protocols.count("email") == protocols.count("https")

        self.outbox.wait_for(even, _SECONDS)

    def receive(self, protocol: str = "email") -> Message:
        """The one message that this protocol's subscriber got."""
        messages = self.outbox.wait_for(
            lambda arrived: any(one.protocol == protocol for one in arrived), _SECONDS
        )
        (message,) = [one for one in messages if one.protocol == protocol]
        return message


@contextmanager
def open_harness(
    assembly: Path, *, existing_repositories: Iterable[str] = ()
) -> Iterator[StackHarness]:
    """An emulator of its own that has the assembly deployed, and already had the repositories."""
    with Outbox() as outbox, Inspector2Double() as double, open_emulator(outbox) as emulator:
        for name in existing_repositories:
            emulator.client("ecr").create_repository(repositoryName=name)
        deployment = deploy(emulator, assembly)
        deployment.reach_inspector_at(double.endpoint_url)
        yield StackHarness(deployment, double, outbox)


def open_emulator(outbox: Outbox) -> Emulator:
    """A context manager: an account without anything, whose mail goes to the outbox."""
    return Emulator(
        account="111122223333",
        region="ap-northeast-1",
        outbox=outbox.endpoint_url,
        wait_scale=_WAIT_SCALE,
    )


def _fail(what: str) -> None:
    raise HarnessError(what)

"""A deployed stack with the double and the outbox: sends requests and returns their outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local.emulator.deployment import Deployment, deploy
from local.emulator.outbox import Message, Outbox
from local.emulator.process import Emulator, poll
from local.inspector2_double import Inspector2Double

_SECONDS = 120
# Waits and retry intervals of the state machine take a thousandth of their time.
_WAIT_SCALE = 0.001
_BETWEEN_SCANS = timedelta(hours=7)  # after which the door takes an event for one of a new scan


class HarnessError(Exception):
    """A result did not arrive in time. The text says what happened instead."""


@dataclass(frozen=True)
class Outcome:
    """An ended execution: status, error, cause, the states entered and the task errors in order."""

    status: str
    error: str
    cause: str
    states: list[str]
    task_errors: list[str]
    output: str


@dataclass(frozen=True)
class StackHarness:
    """The parts, and what a test does with them."""

    deployment: Deployment
    double: Inspector2Double
    outbox: Outbox
    emitted: list[str] = field(default_factory=list)

    def scan(self, event: Mapping[str, Any]) -> Outcome:
        """Deliver the event and follow the execution that the door starts.

        An event of the same scan again is one of a later scan: the door would not start it twice.
        """
        before = set(self.list_executions())
        self.deployment.emulator.emit(self.tell_apart(event))
        started = poll(
            lambda: [execution for execution in self.list_executions() if execution not in before],
            _SECONDS,
            lambda: _fail(f"the door started no execution; there are {len(before)} older ones"),
        )
        return self.follow(started[0])

    def tell_apart(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The event, of a later scan if its image's was delivered before."""
        detail = event["detail"]
        image = f"{detail.get('repository-name')}@{detail.get('image-digest')}"
        self.emitted.append(image)
        times = self.emitted.count(image)
        if times == 1:
            return dict(event)
        later = datetime.now(UTC) + times * _BETWEEN_SCANS
        return {**event, "time": later.strftime("%Y-%m-%dT%H:%M:%SZ")}

    def run(self, request: object, machine: str = "") -> Outcome:
        """Start an execution with a request and follow it. machine: the ARN of a copy."""
        return self.follow(self.deployment.start(request, machine))

    def list_executions(self, status: str = "") -> list[str]:
        """The ARNs of all executions, or of those with this status."""
        states = self.deployment.emulator.client("stepfunctions")
        pages = states.get_paginator("list_executions").paginate(
            stateMachineArn=self.deployment.outputs["StateMachineArn"],
            **({"statusFilter": status} if status else {}),
        )
        return [execution["executionArn"] for page in pages for execution in page["executions"]]

    def follow(self, execution_arn: str) -> Outcome:
        """The outcome of an execution, after it and the fallback it may have started have ended.

        The emulator hands each email over before a publish ends, chats and queues beside it.
        """
        ended = self.deployment.wait_for_execution(execution_arn, _SECONDS)
        self._wait_for_fallbacks()
        states = self.deployment.emulator.client("stepfunctions")
        history = states.get_execution_history(executionArn=execution_arn, maxResults=1000)[
            "events"
        ]
        return Outcome(
            ended["status"],
            ended.get("error", ""),
            ended.get("cause", ""),
            [
                event["stateEnteredEventDetails"]["name"]
                for event in history
                if "stateEnteredEventDetails" in event
            ],
            [
                event["taskFailedEventDetails"]["error"]
                for event in history
                if "taskFailedEventDetails" in event
            ],
            ended.get("output", ""),
        )

    def _wait_for_fallbacks(self) -> None:
        machine = self.deployment.outputs.get("FallbackStateMachineArn")  # 0.1.0 has none
        if machine:
            states = self.deployment.emulator.client("stepfunctions")

            def list_running() -> list[str]:
                found = states.list_executions(stateMachineArn=machine, statusFilter="RUNNING")
                return [execution["executionArn"] for execution in found["executions"]]

            poll(
                lambda: not list_running(),
                _SECONDS,
                lambda: _fail(f"still running: {list_running()}"),
            )

    def copy_machine(self, name: str, output: str, replaced: Mapping[str, str]) -> str:
        """A copy of the machine in this output with some texts of its definition replaced.

        Returns its ARN.
        """
        states = self.deployment.emulator.client("stepfunctions")
        deployed = states.describe_state_machine(stateMachineArn=self.deployment.outputs[output])
        definition = deployed["definition"]
        for old, new in replaced.items():
            if old not in definition:
                raise HarnessError(f"not in the definition: {old}")
            definition = definition.replace(old, new)
        created = states.create_state_machine(
            name=name, definition=definition, roleArn=deployed["roleArn"]
        )
        return str(created["stateMachineArn"])

    def wait_until_delivered(self) -> None:
        """Wait until each email has its message to the chat, so that all messages are delivered. A
        chat also has those that are gathered.
        """

        def is_complete(arrived: list[Message]) -> bool:
            of_chat = [each for each in arrived if each.protocol == "https"]
            own = [each for each in of_chat if "gathered" not in each.attributes]
            return len(own) == sum(each.protocol == "email" for each in arrived)

        self.outbox.wait_for(is_complete, _SECONDS)

    def list_memory(self) -> list[dict[str, Any]]:
        """Every item of the memory's table."""
        found = self.deployment.emulator.client("dynamodb").scan(
            TableName=self.deployment.outputs["MemoryTableName"]
        )
        return list(found["Items"])

    def forget(self) -> None:
        """Empty the memory's table."""
        for item in self.list_memory():
            self.deployment.emulator.client("dynamodb").delete_item(
                TableName=self.deployment.outputs["MemoryTableName"],
                Key={name: item[name] for name in ("key", "part")},
            )

    @contextmanager
    def memory_in(self, table: str) -> Iterator[None]:
        """FetchFindings uses another table, or none if the name is empty."""
        self.deployment.set_variable("MEMORY_TABLE", table)
        yield
        self.deployment.set_variable("MEMORY_TABLE", self.deployment.outputs["MemoryTableName"])

    @contextmanager
    def memory_at(self, endpoint_url: str) -> Iterator[None]:
        """FetchFindings calls DynamoDB at this address."""
        self.deployment.set_variable("AWS_ENDPOINT_URL_DYNAMODB", endpoint_url)
        yield
        self.deployment.set_variable("AWS_ENDPOINT_URL_DYNAMODB", "")

    def receive(self, protocol: str = "email") -> Message:
        """The one message to the subscriber of this protocol."""
        messages = self.outbox.wait_for(
            lambda arrived: any(message.protocol == protocol for message in arrived), _SECONDS
        )
        (message,) = [message for message in messages if message.protocol == protocol]
        return message


@contextmanager
def open_harness(
    assembly: Path,
    *,
    existing_repositories: Iterable[str] = (),
    planned_faults: Path | None = None,
) -> Iterator[StackHarness]:
    """A harness with an emulator of its own, in which the repositories existed before."""
    with (
        Outbox() as outbox,
        Inspector2Double() as double,
        open_emulator(outbox, planned_faults) as emulator,
    ):
        for name in existing_repositories:
            emulator.client("ecr").create_repository(repositoryName=name)
        deployment = deploy(emulator, assembly)
        deployment.reach_inspector_at(double.endpoint_url)
        yield StackHarness(deployment, double, outbox)


def open_emulator(outbox: Outbox, planned_faults: Path | None = None) -> Emulator:
    """An empty account whose email goes to the outbox. A context manager."""
    return Emulator(
        account="111122223333",
        region="ap-northeast-1",
        outbox=outbox.endpoint_url,
        wait_scale=_WAIT_SCALE,
        planned_faults=planned_faults,
    )


def _fail(what: str) -> None:
    raise HarnessError(what)

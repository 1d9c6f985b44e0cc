"""Delivers events to the deployed stack, and waits for all that they start."""

from __future__ import annotations

from typing import Any

from local.emulator.process import poll
from tests.harness import StackHarness

SECONDS = 60


def ends(harness: StackHarness, output: str, before: set[str], count: int) -> list[dict[str, Any]]:
    """So many new executions of the machine in this output, when they have ended."""
    states: Any = harness.deployment.emulator.client("stepfunctions")
    arn = harness.deployment.outputs[output]

    def list_new() -> list[dict[str, Any]]:
        listed = states.list_executions(stateMachineArn=arn, maxResults=1000)["executions"]
        return [each for each in listed if each["executionArn"] not in before]

    def fail() -> None:
        raise AssertionError(f"{output}: {[(each['status']) for each in list_new()]}")

    poll(
        lambda: len([each for each in list_new() if each["status"] != "RUNNING"]) >= count,
        SECONDS,
        fail,
    )
    return [states.describe_execution(executionArn=each["executionArn"]) for each in list_new()]


class Deliveries:
    """Delivers events and waits for the ends of all that they start."""

    MACHINES = ("DoorStateMachineArn", "WatchdogStateMachineArn", "StateMachineArn")

    def __init__(self, harness: StackHarness) -> None:
        self.harness = harness
        states = harness.deployment.emulator.client("stepfunctions")
        self.before = {
            output: {
                each["executionArn"]
                for each in states.list_executions(
                    stateMachineArn=harness.deployment.outputs[output], maxResults=1000
                )["executions"]
            }
            for output in self.MACHINES
        }

    def deliver(self, *events: dict[str, Any]) -> None:
        for event in events:
            self.harness.deployment.emulator.emit(event)

    def ended(self, *, door: int = 0, watchdog: int = 0, brief: int = 0) -> dict[str, Any]:
        """Exactly so many executions of each machine."""
        found = {}
        for output, count in zip(self.MACHINES, (door, watchdog, brief), strict=True):
            found[output] = ends(self.harness, output, self.before[output], count)
            assert len(found[output]) == count, (output, found[output])
        return found

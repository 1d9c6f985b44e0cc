"""From a scan event to the message on the emulator, against a state machine that does nothing."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local.emulator.deployment import synthesize
from local.emulator.process import poll
from scan_brief_cli.scan_files import SAMPLE, read_event, read_findings
from tests.bench.row import Row
from tests.harness import StackHarness, open_harness

_REPETITIONS = 7
_PAUSE_SECONDS = 0.15  # MiniStack sleeps for so long before it runs an execution
_NOTHING = {"source": "bench", "detail-type": "Bench", "detail": {}}


def measure() -> Iterator[Row]:
    """Cold: each function starts anew. Warm: its process is there already.

    The ratios are given with and without the pause that the emulator makes before each execution.
    """
    with tempfile.TemporaryDirectory() as folder:
        assembly = Path(folder) / "cdk.out"
        synthesize({}, assembly)
        with open_harness(assembly) as harness:
            harness.double.findings = read_findings([SAMPLE / "findings.json"])
            _add_machine(harness)
            yield from _compare(harness, read_event(SAMPLE / "event.json"))


def _compare(harness: StackHarness, event: Mapping[str, Any]) -> Iterator[Row]:
    nothing, cold, warm = [], [], []
    for number in range(_REPETITIONS):
        nothing.append(_time(harness, _NOTHING))
        _forget_processes(harness, number)
        cold.append(_time(harness, event))
        warm.append(_time(harness, event))
    least = statistics.median(nothing)
    yield Row("event to message: two Pass states and a publish", least * 1000, "ms")
    for name, times in (("cold", cold), ("warm", warm)):
        taken = statistics.median(times)
        yield Row(f"event to message: {name}", taken * 1000, "ms")
        yield Row(f"event to message: {name}, ratio", taken / least, "x", 5)
        both = (taken + _PAUSE_SECONDS) / (least + _PAUSE_SECONDS)
        yield Row(f"event to message: {name}, ratio with the emulator's pause", both, "x", 5)


def _time(harness: StackHarness, event: Mapping[str, Any]) -> float:
    """Seconds until the mail is there, without the emulator's own pause."""
    harness.outbox.clear()
    began = time.perf_counter()
    harness.deployment.emulator.emit(dict(event))
    harness.receive()
    taken = time.perf_counter() - began
    poll(lambda: _is_idle(harness), 60, lambda: None)
    return taken - _PAUSE_SECONDS


def _is_idle(harness: StackHarness) -> bool:
    states = harness.deployment.emulator.client("stepfunctions")
    machines = states.list_state_machines()["stateMachines"]
    return not any(
        states.list_executions(stateMachineArn=machine["stateMachineArn"], statusFilter="RUNNING")[
            "executions"
        ]
        for machine in machines
    )


def _forget_processes(harness: StackHarness, number: int) -> None:
    """A function with a new setting starts in a new process."""
    functions = harness.deployment.emulator.client("lambda")
    for output in ("FetchFindingsFunctionName", "FormatMessageFunctionName"):
        name = harness.deployment.outputs[output]
        found = functions.get_function_configuration(FunctionName=name)
        variables = found["Environment"]["Variables"] | {"BENCH": str(number)}
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": variables}
        )


def _add_machine(harness: StackHarness) -> None:
    """Two Pass states and a publish, and a rule that starts them."""
    emulator, outputs = harness.deployment.emulator, harness.deployment.outputs
    states, events = emulator.client("stepfunctions"), emulator.client("events")
    role = states.describe_state_machine(stateMachineArn=outputs["StateMachineArn"])["roleArn"]
    repository = read_event(SAMPLE / "event.json")["detail"]["repository-name"]
    attribute = {"DataType": "String", "StringValue": repository}
    publish = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sns:publish",
        "Parameters": {
            "TopicArn": outputs["TopicArn"],
            "Subject": "Bench",
            "Message": "Bench",
            "MessageAttributes": {"repositoryArn": attribute},
        },
        "End": True,
    }
    definition = {
        "StartAt": "First",
        "States": {
            "First": {"Type": "Pass", "Next": "Second"},
            "Second": {"Type": "Pass", "Next": "Publish"},
            "Publish": publish,
        },
    }
    machine = states.create_state_machine(
        name="Bench", definition=json.dumps(definition), roleArn=role
    )
    events.put_rule(Name="Bench", EventPattern=json.dumps({"source": ["bench"]}))
    events.put_targets(Rule="Bench", Targets=[{"Id": "1", "Arn": machine["stateMachineArn"]}])

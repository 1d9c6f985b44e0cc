"""The brief machine's cases as the emulator ran them, recorded once for all tests here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.emulator.process import Emulator
from local.step_functions_local import connect, create_state_machine, run_cases
from local.workflow_cases import MOCKS, Case, Outcome, load_cases


@dataclass(frozen=True)
class Recording:
    """The outcome of each case, and every input of each state."""

    outcomes: dict[str, Outcome]
    inputs: dict[str, list[Any]]


@pytest.fixture(scope="session")
def case_emulator() -> Iterator[Emulator]:
    with Emulator(
        account="111122223333", region="eu-central-1", wait_scale=0.001, mocks=MOCKS
    ) as running:
        yield running


@pytest.fixture(scope="session")
def recording(case_emulator: Emulator) -> Recording:
    client = connect(case_emulator.endpoint_url)
    outcomes = run_cases(client, load_cases(), seconds=60)
    for case in _further_requests():  # by their cases' names, so one after the other
        run_cases(client, [case], seconds=60)
    inputs: dict[str, list[Any]] = {}
    for execution in client.list_executions(
        stateMachineArn=create_state_machine(client), maxResults=1000
    )["executions"]:
        arn = execution["executionArn"]
        for event in client.get_execution_history(executionArn=arn, maxResults=1000)["events"]:
            entered = event.get("stateEnteredEventDetails")
            if entered:
                inputs.setdefault(entered["name"], []).append(json.loads(entered["input"]))
    return Recording(outcomes, inputs)


def _further_requests() -> Iterator[Case]:
    """The first case and one that fails, with an event that lacks one or all optional fields."""
    cases = {case.name: case for case in load_cases()}
    event = cases["FirstTry"].request
    optional = ("finding-severity-counts", "image-tags", "version", "scan-status")
    for left_out in (*[(name,) for name in optional], optional):
        detail = {name: value for name, value in event["detail"].items() if name not in left_out}
        for name in ("FirstTry", "RetriesExhausted"):
            yield Case(name, {**event, "detail": detail}, cases[name].expected)

"""The brief machine's cases, its definition for Step Functions Local, and their comparison."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scan_brief_cdk.files import WORKFLOW
from scan_brief_cdk.notifier.definition import render_definition

MOCKS = WORKFLOW / "brief" / "mocks.json"
CASES = WORKFLOW / "brief" / "cases.json"
MACHINE = "Brief"  # the state machine's name in the mock file

# No resource is called: every task of every case is mocked.
_PLACEHOLDERS = {
    "Partition": "aws",
    "FetchFindingsFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:FetchFindings",
    "FormatMessageFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:FormatMessage",
    "RememberBriefFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:RememberBrief",
    "GatherBriefFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:GatherBrief",
    "SummaryStateMachineArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:Summary",
    "TopicArn": "arn:aws:sns:eu-central-1:111122223333:briefs",
    "FallbackStateMachineArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:Fallback",
}


@dataclass(frozen=True)
class Outcome:
    """An execution's status, its error ("" for none) and the states that it entered, in order."""

    status: str
    error: str
    states: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A case of the mock file: the execution's input and the expected outcome."""

    name: str
    request: dict[str, Any]
    expected: Outcome


def load_cases(path: Path = CASES) -> list[Case]:
    """The cases of the file.

    Shape: {"requests": {name: request}, "cases": {name: {"request", "states", "status", "error"}}}.
    """
    read = json.loads(path.read_text("utf-8"))
    return [
        Case(
            name,
            read["requests"][case["request"]],
            Outcome(case["status"], case.get("error", ""), tuple(case["states"])),
        )
        for name, case in read["cases"].items()
    ]


def render_for_cases() -> dict[str, Any]:
    """The definition with a value for each placeholder."""
    rendered: dict[str, Any] = json.loads(render_definition("brief", "en", _PLACEHOLDERS))
    return rendered


def adapt_definition(definition: dict[str, Any]) -> dict[str, Any]:
    """A copy that Step Functions Local accepts, without the fields that its versions may refuse.

    The order of states stays the same: JitterStrategy and MaxDelaySeconds change only when a task
    is retried, and CausePath only the text of a failure.
    """
    return {
        **definition,
        "States": {name: _adapt_state(state) for name, state in definition["States"].items()},
    }


def compare(expected: Outcome, found: Outcome) -> list[str]:
    """The differences in words; an empty list if there are none."""
    differences = []
    if found.status != expected.status:
        differences.append(f"status {found.status}, expected {expected.status}")
    if found.error != expected.error:
        differences.append(f"error {found.error or 'none'}, expected {expected.error or 'none'}")
    if found.states != expected.states:
        differences.append(_compare_states(expected.states, found.states))
    return differences


def _adapt_state(state: dict[str, Any]) -> dict[str, Any]:
    adapted = {key: value for key, value in state.items() if key != "CausePath"}
    if "CausePath" in state:
        adapted["Cause"] = f"the value at {state['CausePath']}"
    if "Retry" in state:
        adapted["Retry"] = [_adapt_retrier(retrier) for retrier in state["Retry"]]
    return adapted


def _adapt_retrier(retrier: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in retrier.items()
        if key not in ("JitterStrategy", "MaxDelaySeconds")
    }


def _compare_states(expected: Sequence[str], found: Sequence[str]) -> str:
    first = next(
        (
            index
            for index, pair in enumerate(zip(expected, found, strict=False))
            if pair[0] != pair[1]
        ),
        min(len(expected), len(found)),
    )
    entered = found[first] if first < len(found) else "the end"
    wanted = expected[first] if first < len(expected) else "the end"
    return f"state {first + 1} is {entered}, expected {wanted}; entered: {' > '.join(found)}"

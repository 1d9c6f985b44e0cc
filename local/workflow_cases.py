"""The brief machine's named cases, its definition for Step Functions Local, and comparison."""

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
MACHINE = "Brief"  # the name under which the mock file has its cases

# Nothing is called: every task of every case is mocked.
_PLACEHOLDERS = {
    "Partition": "aws",
    "FetchFindingsFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:FetchFindings",
    "FormatMessageFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:FormatMessage",
    "TopicArn": "arn:aws:sns:eu-central-1:111122223333:briefs",
    "FallbackStateMachineArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:Fallback",
}


@dataclass(frozen=True)
class Outcome:
    """An ended execution: its status, its error ("" for none) and the states entered, in order."""

    status: str
    error: str
    states: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A named case of the mock file: what the execution gets, and what is to come of it."""

    name: str
    request: dict[str, Any]
    expected: Outcome


def load_cases(path: Path = CASES) -> list[Case]:
    """Shape of the file: {"requests": {name: request}, "cases": {name: {"request", "states",
    "status", "error"}}}.
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
    """The definition with its placeholders filled."""
    rendered: dict[str, Any] = json.loads(render_definition("brief", "en", _PLACEHOLDERS))
    return rendered


def adapt_definition(definition: dict[str, Any]) -> dict[str, Any]:
    """A copy that Step Functions Local takes. Which state follows which stays as it is.

    Its last version is older than some of AWS's language, and earlier ones refused a definition for
    them: JitterStrategy and MaxDelaySeconds change when a task is tried again, never whether;
    CausePath changes what a failure says, never its error.
    """
    return {
        **definition,
        "States": {name: _adapt_state(state) for name, state in definition["States"].items()},
    }


def compare(expected: Outcome, found: Outcome) -> list[str]:
    """What differs, in words; nothing when all is as expected."""
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
        adapted["Cause"] = f"what stands at {state['CausePath']}"
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
    same = next(
        (
            place
            for place, pair in enumerate(zip(expected, found, strict=False))
            if pair[0] != pair[1]
        ),
        min(len(expected), len(found)),
    )
    here = found[same] if same < len(found) else "the end"
    there = expected[same] if same < len(expected) else "the end"
    return f"state {same + 1} is {here}, expected {there}; entered: {' > '.join(found)}"

"""Pure: rules over time: the whole against its parts, and tasks against their functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Definition = dict[str, Any]

# What settings accept at the most; a test holds them against the settings.
MOST_ATTEMPTS = 5
MOST_WAIT_SECONDS = 300
_NOTIFIER = (
    Path(__file__).resolve().parents[2]
    / "infra"
    / "scan_brief_cdk"
    / "notifier"
    / "scan_notifier.py"
)
_TIMEOUT = {"FetchFindings": "FETCH_TIMEOUT_SECONDS", "FormatMessage": "FORMAT_TIMEOUT_SECONDS"}


def the_whole_lasts_longer_than_its_parts(definition: Definition) -> Iterator[str]:
    """The execution's timeout, which no state can catch, is longer than all tries, pauses and waits
    together.
    """
    states = definition["States"]
    tasks = {name: longest(state) for name, state in states.items() if state["Type"] == "Task"}
    fetching = (
        MOST_ATTEMPTS * tasks.pop("FetchFindings", 0) + (MOST_ATTEMPTS - 1) * MOST_WAIT_SECONDS
    )
    worst = fetching + sum(tasks.values())
    given = definition.get("TimeoutSeconds", 0)
    if given <= worst:
        yield f"{definition['StartAt']}: the whole may last {given} s, its parts {worst:g} s"


def longest(task: dict[str, Any]) -> float:
    """Seconds that one visit of a Task may last: every retrier used up, every try to its timeout."""
    retries = task.get("Retry", [])
    tries = 1 + sum(retrier.get("MaxAttempts", 3) for retrier in retries)
    return float(tries * task.get("TimeoutSeconds", 60) + sum(map(_pauses, retries)))


def tasks_outlast_their_functions(definition: Definition) -> Iterator[str]:
    """A Task's timeout is longer than its function's, whose own error is to be seen."""
    for name, constant in _TIMEOUT.items():
        given, function = (
            definition["States"].get(name, {}).get("TimeoutSeconds", 0),
            _read_constant(constant),
        )
        if given <= function:
            yield f"{name}: the task ends after {given} s, its function after {function} s"


def _pauses(retrier: dict[str, Any]) -> float:
    first, rate = retrier.get("IntervalSeconds", 1), retrier.get("BackoffRate", 2)
    cap = retrier.get("MaxDelaySeconds", float("inf"))
    return float(
        sum(min(first * rate**count, cap) for count in range(retrier.get("MaxAttempts", 3)))
    )


def _read_constant(name: str) -> int:
    """From the text: importing the stack would start the CDK's own process."""
    (value,) = re.findall(rf"^{name} = (\d+)$", _NOTIFIER.read_text("utf-8"), re.MULTILINE)
    return int(value)

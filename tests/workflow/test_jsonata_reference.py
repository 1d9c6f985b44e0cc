"""The fallback's expressions have the same results in JSONata's reference implementation."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from scan_brief_cli.fallback import evaluate
from tests.workflow.fallback_inputs import EVENT, EXECUTION, FAILURES, REQUESTS, definition
from tests.workflow.test_definitions import NODE

HERE = Path(__file__).parent
STATE_INPUTS = [
    {"request": request, "failure": failure, "execution": EXECUTION}
    for request in [*REQUESTS.values()][:30] + [*REQUESTS.values()][30::3]
    for failure in (FAILURES.values() if request is EVENT else [FAILURES["Lambda's JSON"]])
]


def evaluations(language: str) -> Iterator[tuple[str, Any, Any]]:
    """Each expression of the machine, each possible $states, and its result; fewer in Japanese.

    An evaluation takes long here, so each is made once.
    """
    states = definition(language)["States"]
    read, write = states["ReadRequest"]["Output"], states["WriteBrief"]["Output"]
    for state_input in STATE_INPUTS if language == "en" else STATE_INPUTS[:20]:
        outputs = [state_input]
        for expression in (read, write):
            before = {"input": outputs[-1]}
            outputs.append(evaluate(expression, before))
            yield expression, before, outputs[-1]
        for _, value in _leaves(states["PublishBrief"]["Arguments"]):
            before = {"input": outputs[-1]}
            yield value, before, evaluate(value, before)


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, name)
    elif value.startswith("{%"):
        yield key, value


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_reference_implementation_of_jsonata_has_the_same_results(language: str) -> None:
    cases = list(evaluations(language))
    given = [{"expression": e[2:-2], "states": states} for e, states, _ in cases]
    command = [str(NODE), str(HERE / "evaluate.mjs")]
    done = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, check=True
    )
    results = json.loads(done.stdout)
    assert len(results) == len(cases) > 100
    for (_, states, here), result in zip(cases, results, strict=True):
        assert _read_json(result) == _read_json(here), states


def _read_json(value: Any) -> Any:
    """JSON in texts is read: one implementation escapes what is not ASCII, the other does not."""
    if isinstance(value, dict):
        return {key: _read_json(inner) for key, inner in value.items()}
    if isinstance(value, str) and value.startswith(("{", "[")):
        with suppress(json.JSONDecodeError):  # a text that was cut, or a hostile one
            return _read_json(json.loads(value))
    return value


def test_the_reference_implementation_is_the_version_of_step_functions() -> None:
    # AWS Step Functions Developer Guide, "Transforming data with JSONata": version 2.0.6.
    package = Path(sys.prefix).parent / "node_modules" / "jsonata" / "package.json"
    assert json.loads(package.read_text("utf-8"))["version"] == "2.0.6"

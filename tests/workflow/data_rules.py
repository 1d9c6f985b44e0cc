"""Pure: walks the definition with the least that each request is, on every way, and says what is
read in vain.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.workflow.examples import least_requests, real_brief, real_report
from tests.workflow.intrinsics import evaluate, look_up, parse

Definition = dict[str, Any]
Step = tuple[str, Any]  # a state's name and its input

_FAULTS = (LookupError, TypeError, ValueError)


@dataclass
class Walk:
    """Where it has been, in the order found, and what was complained about on the way."""

    definition: Definition
    seen: dict[tuple[str, str], None] = field(default_factory=dict)
    complaints: dict[str, None] = field(default_factory=dict)

    def go(self, start: list[Step]) -> Walk:
        """All ways from these steps on; a way ends where something is wrong."""
        ahead = list(start)
        while ahead:
            name, data = ahead.pop()
            here = (name, json.dumps(data, sort_keys=True))
            if here not in self.seen and name in self.definition["States"]:
                self.seen[here] = None
                ahead += self._step(name, data)
        return self

    def _step(self, name: str, data: Any) -> list[Step]:
        try:
            return _STEPS[self.definition["States"][name]["Type"]](
                name, self.definition["States"][name], data
            )
        except _FAULTS as fault:
            self.complaints[f"{name}: {type(fault).__name__}: {fault}, having {sorted(data)}"] = (
                None
            )
            return []


def what_is_read_is_there(definition: Definition) -> Iterator[str]:
    """Every path that a state reads was put there, whatever the way and whatever valid request
    came.
    """
    yield from _walk_all(definition).complaints


def every_state_is_walked(definition: Definition) -> Iterator[str]:
    """Some way with some valid request leads through each state."""
    seen = {name for name, _ in _walk_all(definition).seen}
    for name in definition["States"].keys() - seen:
        yield f"{name}: no walk comes here"


def _walk_all(definition: Definition) -> Walk:
    return Walk(definition).go([(definition["StartAt"], request) for request in least_requests()])


def _fill(template: Any, data: Any) -> Any:
    """A payload template's value. Raises LookupError, ValueError."""
    if not isinstance(template, dict):
        return template
    return {
        key.removesuffix(".$"): evaluate(parse(value), data)
        if key.endswith(".$")
        else _fill(value, data)
        for key, value in template.items()
    }


def _place(path: str, data: Any, result: Any) -> Any:
    """The state's output: `result` at ResultPath in its input. Only $ and $.name are used here."""
    if path == "$":
        return result
    root, _, key = path.partition(".")
    if root != "$" or not key or "." in key:
        raise ValueError(f"ResultPath {path}")
    return {**data, key: result}


def _pass(_: str, state: dict[str, Any], data: Any) -> list[Step]:
    result = (
        _fill(state["Parameters"], data) if "Parameters" in state else state.get("Result", data)
    )
    output = _place(state.get("ResultPath", "$"), data, result)
    return [(state["Next"], output)] if "Next" in state else []


def _task(name: str, state: dict[str, Any], data: Any) -> list[Step]:
    _fill(state.get("Parameters"), data)
    caught = [
        (
            catcher["Next"],
            _place(catcher.get("ResultPath", "$"), data, _failure(catcher["ErrorEquals"][0])),
        )
        for catcher in state.get("Catch", [])
    ]
    result = _result(name)
    if "ResultSelector" in state:
        result = _fill(state["ResultSelector"], result)
    output = look_up(
        state.get("OutputPath", "$"), _place(state.get("ResultPath", "$"), data, result)
    )
    return [*caught, (state["Next"], output)] if "Next" in state else caught


def _choice(_: str, state: dict[str, Any], data: Any) -> list[Step]:
    """A question of presence or of less has one answer; any other may be answered either way."""
    ways: list[Step] = []
    for choice in state["Choices"]:
        answer = _answer(choice.get("And", [choice])[0], data)
        if answer:
            return [*ways, (choice["Next"], data)]
        if answer is None:
            look_up(choice["Variable"], data)
            ways.append((choice["Next"], data))
    return [*ways, (state["Default"], data)]


def _answer(question: dict[str, Any], data: Any) -> bool | None:
    """None for what depends on more than the least that a request is."""
    if question.get("IsPresent") is True:  # it comes before any other question of the field
        return _is_present(question["Variable"], data)
    if "NumericLessThanPath" in question:
        return bool(
            look_up(question["Variable"], data) < look_up(question["NumericLessThanPath"], data)
        )
    return None


def _wait(_: str, state: dict[str, Any], data: Any) -> list[Step]:
    if not isinstance(look_up(state["SecondsPath"], data), int):
        raise TypeError(f"{state['SecondsPath']} is not a number of seconds")
    return [(state["Next"], data)]


def _fail(_: str, state: dict[str, Any], data: Any) -> list[Step]:
    if not isinstance(look_up(state["CausePath"], data), str):
        raise TypeError(f"{state['CausePath']} is not a text")
    return []


_STEPS = {"Pass": _pass, "Task": _task, "Choice": _choice, "Wait": _wait, "Fail": _fail}


def _is_present(path: str, data: Any) -> bool:
    try:
        look_up(path, data)
    except LookupError:
        return False
    return True


def _result(name: str) -> dict[str, Any]:
    payloads = {"FetchFindings": real_report, "FormatMessage": real_brief}
    if name in payloads:
        return {"StatusCode": 200, "Payload": payloads[name]()}
    return {"MessageId": "one", "SdkHttpMetadata": {"HttpStatusCode": 200}}


def _failure(error: str) -> dict[str, str]:
    """An error of ours comes from a function, whose cause is JSON; any other's may be any text."""
    cause = (
        "Not authorized"
        if "." in error
        else json.dumps({"errorType": error, "errorMessage": "why"})
    )
    return {"Error": error, "Cause": cause}

"""Runs a definition state by state: what the definitions here use of Amazon States Language."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from jsonata import Jsonata

_CLOCK = [0.0]  # what $now() answers: epoch seconds
_PATH = re.compile(r"\$\$?(?:\.[\w-]+)*")
_INTRINSIC = re.compile(r"States\.(\w+)\((.*)\)")
_TYPES: dict[str, Callable[[Any], bool]] = {
    "IsString": lambda value: isinstance(value, str),
    "IsNumeric": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "IsNull": lambda value: value is None,
}


class TaskError(Exception):
    """A task's error, by its name."""

    def __init__(self, name: str, cause: str = "") -> None:
        super().__init__(name, cause)
        self.name, self.cause = name, cause


@dataclass(eq=False, repr=False)
class Run:
    """One execution. by: "rule", "person", or the execution that started it."""

    machine: str
    definition: Mapping[str, Any]
    name: str
    input: Any
    started_at: float
    by: Any
    status: str = "RUNNING"
    error: str = ""
    ended_at: float = 0.0
    begun_at: float = 0.0  # or redriven
    wake_at: float = 0.0
    state: str = ""
    data: Any = None
    tries: dict[int, int] = field(default_factory=dict)
    lost: int = 0  # publishes of which the answer was lost

    def __post_init__(self) -> None:
        self.state, self.data = self.definition["StartAt"], copy.deepcopy(self.input)
        self.wake_at = self.begun_at = self.started_at

    def __repr__(self) -> str:
        return f"{self.machine} {self.name} {self.status} in {self.state}"

    @property
    def arn(self) -> str:
        return f"arn:aws:states:eu-central-1:111122223333:execution:{self.machine}:{self.name}"

    def redrive(self, now: float) -> None:
        """As AWS does: again from the state that it ended in, with its retries as new."""
        self.status, self.begun_at, self.wake_at, self.tries = "RUNNING", now, now, {}

    def step(self, now: float, call: Callable[[Run, str, Any], Any]) -> None:
        """Do the state, or one try of its task."""
        _CLOCK[0] = now
        if now > self.begun_at + self.definition["TimeoutSeconds"]:
            self._end("TIMED_OUT", now)
            return
        state = self.definition["States"][self.state]
        try:
            if state["Type"] == "Task":
                self._do_task(state, now, call)
            else:
                self._do(state, now)
        except LookupError as error:  # no Catch sees it
            self.error = f"States.Runtime {error}"
            self._end("FAILED", now)

    def _do(self, state: Mapping[str, Any], now: float) -> None:
        kind = state["Type"]
        if kind == "Pass":
            self._do_pass(state, now)
        elif kind == "Choice":
            self._choose(state, now)
        elif kind == "Wait":
            self._wait(state, now)
        elif kind == "Succeed":
            self._end("SUCCEEDED", now)
        else:
            assert kind == "Fail"
            self._fail(state, now)

    def _end(self, status: str, now: float) -> None:
        self.status, self.ended_at = status, now

    def _go_on(self, state: Mapping[str, Any], now: float) -> None:
        self.tries = {}
        if state.get("End"):
            self._end("SUCCEEDED", now)
        else:
            self.state = state["Next"]

    def _is_jsonata(self) -> bool:
        return self.definition.get("QueryLanguage") == "JSONata"

    def _fill(self, template: Any, **more: Any) -> Any:
        context = {"Execution": {"Name": self.name, "Id": self.arn, "Input": self.input}}
        if self._is_jsonata():
            return _fill_jsonata(template, {"input": self.data, "context": context, **more})
        return _fill_paths(template, more.get("result", self.data), context)

    def _do_pass(self, state: Mapping[str, Any], now: float) -> None:
        if self._is_jsonata():
            self.data = self._fill(state["Output"])
        else:
            self._place(state, self._fill(state["Parameters"]))
        self._go_on(state, now)

    def _place(self, state: Mapping[str, Any], result: Any) -> None:
        path = state.get("ResultPath", "$")
        self.data = result if path == "$" else {**self.data, path.removeprefix("$."): result}

    def _wait(self, state: Mapping[str, Any], now: float) -> None:
        path = state.get("SecondsPath")
        if "Timestamp" in state:
            until = datetime.fromisoformat(self._fill(state["Timestamp"])).timestamp()
            self.wake_at = max(now, until)
        else:
            seconds = _read(self.data, path) if path else self._fill(state["Seconds"])
            self.wake_at = now + float(seconds)
        self._go_on(state, now)

    def _choose(self, state: Mapping[str, Any], now: float) -> None:
        for rule in state["Choices"]:
            met = (
                self._fill(rule["Condition"])
                if self._is_jsonata()
                else all(_is_met(test, self.data) for test in rule.get("And", [rule]))
            )
            if met:
                self.data = self._fill(rule["Output"]) if "Output" in rule else self.data
                self._go_on(rule, now)
                return
        self._go_on({"Next": state["Default"]}, now)

    def _fail(self, state: Mapping[str, Any], now: float) -> None:
        self.error = state["Error"] if "Error" in state else _read(self.data, state["ErrorPath"])
        _ = _read(self.data, state["CausePath"]) if "CausePath" in state else None
        self._end("FAILED", now)

    def _do_task(
        self, state: Mapping[str, Any], now: float, call: Callable[[Run, str, Any], Any]
    ) -> None:
        arguments = self._fill(state["Arguments" if self._is_jsonata() else "Parameters"])
        try:
            result = call(self, state["Resource"].rpartition(":::")[2], arguments)
        except TaskError as error:
            self._handle(state, error, now)
            return
        result = json.loads(json.dumps(result))
        if self._is_jsonata():
            self.data = self._fill(state["Output"], result=result)
        else:
            self._place(
                state,
                self._fill(state["ResultSelector"], result=result)
                if "ResultSelector" in state
                else result,
            )
        self._go_on(state, now)

    def _retries(self, retries: list[Any], error: TaskError, now: float) -> bool:
        for number, retry in enumerate(retries):
            if _matches(retry["ErrorEquals"], error.name):
                tried = self.tries.get(number, 0)
                if tried >= retry["MaxAttempts"]:
                    return False
                self.tries[number] = tried + 1
                delay = retry["IntervalSeconds"] * retry["BackoffRate"] ** tried
                self.wake_at = now + min(delay, retry["MaxDelaySeconds"])
                return True
        return False

    def _handle(self, state: Mapping[str, Any], error: TaskError, now: float) -> None:
        if self._retries(state.get("Retry", []), error, now):
            return
        output = {"Error": error.name, "Cause": error.cause}
        for catch in state.get("Catch", []):
            if _matches(catch["ErrorEquals"], error.name):
                if self._is_jsonata():
                    self.data = self._fill(catch["Output"], errorOutput=output)
                else:
                    self._place(catch, output)
                self._go_on(catch, now)
                return
        self.error = error.name
        self._end("FAILED", now)


def _matches(names: list[str], error: str) -> bool:
    return (
        error in names
        or "States.ALL" in names
        or ("States.TaskFailed" in names and error != "States.Timeout")
    )


def _fill_jsonata(template: Any, states: dict[str, Any]) -> Any:
    if isinstance(template, dict):
        return {key: _fill_jsonata(value, states) for key, value in template.items()}
    if isinstance(template, list):
        return [_fill_jsonata(value, states) for value in template]
    if isinstance(template, str) and template.startswith("{%"):
        parsed = _parse(template)
        frame = parsed.create_frame()
        frame.bind("states", states)
        return json.loads(json.dumps(parsed.evaluate({}, frame)))
    return template


@cache
def _parse(template: str) -> Any:
    parsed = Jsonata(template.removeprefix("{%").removesuffix("%}").strip())
    parsed.register_lambda("hash", lambda text, _: hashlib.sha256(str(text).encode()).hexdigest())
    parsed.register_lambda("now", lambda: f"{datetime.fromtimestamp(_CLOCK[0], UTC):%FT%T.000Z}")
    return parsed


def _fill_paths(template: Any, data: Any, context: Any) -> Any:
    if not isinstance(template, dict):
        return template
    return {
        key.removesuffix(".$"): _evaluate(value, data, context)
        if key.endswith(".$")
        else _fill_paths(value, data, context)
        for key, value in template.items()
    }


def _evaluate(text: str, data: Any, context: Any) -> Any:
    found = _INTRINSIC.fullmatch(text)
    if not found:
        return _read(context if text.startswith("$$") else data, text)
    values = [
        _read(data, value) if _PATH.fullmatch(value) else json.loads(value)
        for value in found[2].split(", ")
    ]
    if found[1] == "MathAdd":
        return values[0] + values[1]
    if found[1] == "JsonToString":
        return json.dumps(values[0])
    if found[1] == "JsonMerge":
        return {**values[0], **values[1]}
    raise NotImplementedError(text)


def _read(data: Any, path: str) -> Any:
    """KeyError for a path that leads nowhere: the execution fails."""
    for step in path.split(".")[1:]:
        if not isinstance(data, dict):
            raise KeyError(path)
        data = data[step]
    return data


def _is_met(test: Mapping[str, Any], data: Any) -> bool:
    try:
        value = _read(data, test["Variable"])
    except KeyError:
        if "IsPresent" in test:
            return not test["IsPresent"]
        raise
    ((operator, wanted),) = ((key, test[key]) for key in test if key != "Variable")
    if operator == "IsPresent":
        return bool(wanted)
    if operator == "StringEquals":
        return bool(value == wanted)
    return _TYPES[operator](value) is wanted

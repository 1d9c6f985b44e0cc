"""Cases of single states, and their run through the TestState API: of the emulator, or of AWS.

workflow/MACHINE/states/STATE.json: {"input": for each case without its own, "cases": {name: case}}.
A case has what goes in (input, mock, context) and what must come out, each only if it is given:

    mock         {"result"}, or {"error", "cause"} and how often was retried before, "attempts"
    context      {"Name", "Id"} of the execution
    arguments    what the task calls its service with
    output, next
    arm          the choice that is taken: its index, or "default"
    retry, catch the index of the retrier or catcher for the mocked error
    fails        [error, cause]

{"from": "input/event"} stands for this value of the case's input, {"from": "Published/0/Return"}
for one of the machine's mocks.json, each with the members of "with" put over it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from scan_brief_cdk.files import WORKFLOW
from scan_brief_cdk.notifier.definition import MACHINES, render_definition
from tests.workflow.test_definitions import DEPLOYED

WAIT_SECONDS = "2"  # a test on AWS waits as long
EXECUTION = {
    "Name": "scan-sample-app-1",
    "Id": "arn:aws:states:eu-central-1:111122223333:execution:machine:scan-sample-app-1",
}
Call = Callable[..., Mapping[str, Any]]  # test_state of a boto3 client


@dataclass(frozen=True)
class StateCase:
    machine: str
    state: str
    name: str
    input: Any
    mock: dict[str, Any] | None
    expected: dict[str, Any]
    context: dict[str, str]

    @property
    def id(self) -> str:
        return f"{self.machine}/{self.state}: {self.name}"


@cache
def definition(machine: str, partition: str = "aws") -> dict[str, Any]:
    deployed = {**DEPLOYED[machine], "Partition": partition}
    if "WatchSeconds" in deployed:
        deployed["WatchSeconds"] = WAIT_SECONDS
    return dict(json.loads(render_definition(machine, "en", deployed)))


def list_states() -> list[tuple[str, str]]:
    """Machine and name of every state."""
    return [(machine, state) for machine in MACHINES for state in definition(machine)["States"]]


def load_cases(machine: str, state: str) -> list[StateCase]:
    file = WORKFLOW / machine / "states" / f"{state}.json"
    read = json.loads(file.read_text("utf-8")) if file.is_file() else {"cases": {}}
    return [
        _load_case(machine, state, name, {"input": read.get("input"), **case})
        for name, case in read["cases"].items()
    ]


def _load_case(machine: str, state: str, name: str, case: dict[str, Any]) -> StateCase:
    given = _fill(case.pop("input"), _mocks(machine))
    filled = _fill(case, {**_mocks(machine), "input": given})
    mock, context = filled.pop("mock", None), filled.pop("context", EXECUTION)
    return StateCase(machine, state, name, given, mock, filled, context)


def _fill(value: Any, sources: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_fill(element, sources) for element in value]
    if not isinstance(value, dict):
        return value
    if value.keys() <= {"from", "with"} and isinstance(value.get("from"), str):
        found: Any = sources
        for step in value["from"].split("/"):
            found = found[step]
        return {**found, **_fill(value["with"], sources)} if "with" in value else found
    return {key: _fill(inner, sources) for key, inner in value.items()}


@cache
def _mocks(machine: str) -> dict[str, Any]:
    file = WORKFLOW / machine / "mocks.json"
    read = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return dict(read.get("MockedResponses", {}))


def prepare(machine: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The state alone. Where a Choice goes also says by which arm: two arms may have one Next."""
    language = machine.get("QueryLanguage", "JSONPath")
    state: dict[str, Any] = {"QueryLanguage": language} | machine["States"][name]
    if state["Type"] == "Choice":
        arms = enumerate(state["Choices"])
        state["Choices"] = [arm | {"Next": f"{index} {arm['Next']}"} for index, arm in arms]
        state["Default"] = f"default {state['Default']}"
    return state


def run(
    case: StateCase, call: Call, machine: Mapping[str, Any] | None = None, role: str = ""
) -> list[str]:
    """Everything that differs from what is expected. Parameters as for ask."""
    return list(_compare(case.expected, ask(case, call, machine, role)))


def ask(
    case: StateCase, call: Call, machine: Mapping[str, Any] | None = None, role: str = ""
) -> dict[str, Any]:
    """The answer in the form of a case's expectations. machine: by default, the real definition.

    role: for states without a mock; AWS may ask for one that it can assume.
    """
    state = prepare(machine or definition(case.machine), case.state)
    request = {
        "definition": json.dumps(state),
        "input": json.dumps(case.input),
        "inspectionLevel": "DEBUG",
    }
    if case.mock is not None:
        request |= _mock(case, str(state["Resource"]))
    elif role:
        request["roleArn"] = role
    return _read(call(**request))


def _mock(case: StateCase, resource: str) -> dict[str, Any]:
    """AWS allows a context only with a mock."""
    assert case.mock is not None
    given: dict[str, Any] = {"context": json.dumps({"Execution": case.context})}
    if "error" in case.mock:
        error = {"error": case.mock["error"], "cause": case.mock.get("cause", "because")}
        attempts = {"retrierRetryCount": case.mock.get("attempts", 0)}
        return given | {"mock": {"errorOutput": error}, "stateConfiguration": attempts}
    # Lambda's model has a text as Payload; a state gets the value that the text is the JSON of.
    mode = "NONE" if resource.endswith("lambda:invoke") else "STRICT"
    result = json.dumps(case.mock["result"])
    return given | {"mock": {"result": result, "fieldValidationMode": mode}}


def _read(answer: Mapping[str, Any]) -> dict[str, Any]:
    inspected = answer.get("inspectionData", {})
    details = inspected.get("errorDetails", {})
    arguments = inspected.get("afterArguments", inspected.get("afterParameters"))
    arm, _, following = str(answer.get("nextState", "")).rpartition(" ")
    status = answer["status"]
    return {
        "status": status,
        "output": json.loads(answer["output"]) if "output" in answer else None,
        "arguments": json.loads(arguments) if arguments else None,
        "next": following or None,
        "arm": int(arm) if arm.isdigit() else arm or None,
        "retry": details.get("retryIndex") if status == "RETRIABLE" else None,
        "catch": details.get("catchIndex") if status == "CAUGHT_ERROR" else None,
        "fails": [answer["error"], answer["cause"]] if status == "FAILED" else None,
    }


def write_output(case: StateCase, output: Any) -> None:
    """Put this output into the case's file, a field in each line."""
    file = WORKFLOW / case.machine / "states" / f"{case.state}.json"
    read = json.loads(file.read_text("utf-8"))
    read["cases"][case.name]["output"] = output
    cases = ",\n".join(
        f"    {_write(name)}: {{\n{_write_fields(fields, 6)}\n    }}"
        for name, fields in read.pop("cases").items()
    )
    first = f"{_write_fields(read, 2)},\n" if read else ""
    file.write_text(f'{{\n{first}  "cases": {{\n{cases}\n  }}\n}}\n', "utf-8")


def _write_fields(fields: Mapping[str, Any], indent: int) -> str:
    return ",\n".join(f"{' ' * indent}{_write(key)}: {_write(fields[key])}" for key in fields)


def _write(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def status_of(expected: Mapping[str, Any]) -> str:
    """The status that AWS gives to what is expected."""
    statuses = {"retry": "RETRIABLE", "catch": "CAUGHT_ERROR", "fails": "FAILED"}
    return next((status for key, status in statuses.items() if key in expected), "SUCCEEDED")


def _compare(expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    wanted = {"status": status_of(expected), "next": None, "arm": None, **expected}
    for key, value in wanted.items():
        if found[key] != value:
            yield f"{key}: {found[key]!r}, expected {value!r}"

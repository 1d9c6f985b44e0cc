"""Every state's cases through the TestState API, on the emulator or, with --live, on AWS."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from local.emulator.process import Emulator
from scan_brief.model import (
    FetchResult,
    FormatResult,
    GatherBriefResult,
    GatherResult,
    RememberResult,
    SummaryResult,
    WatchResult,
)
from scan_brief_cdk.files import WORKFLOW
from tests.live import ACCOUNT
from tests.shapes import assert_shape
from tests.workflow.state_cases import (
    StateCase,
    ask,
    definition,
    list_states,
    load_cases,
    run,
    status_of,
    write_output,
)

STATES = list_states()
CASES = [case for machine, state in STATES for case in load_cases(machine, state)]
PAYLOADS: dict[str, Any] = {
    "FetchFindings": FetchResult,
    "FormatMessage": FormatResult,
    "GatherBrief": GatherBriefResult,
    "GatherSummary": SummaryResult,
    "RememberBrief": RememberResult,
    "RememberDigest": RememberResult,
    "FindUnscanned": WatchResult,
    "GatherDigest": GatherResult,
}
# By the integration: service and operation of botocore.
OPERATIONS = {
    "lambda:invoke": ("lambda", "Invoke"),
    "sns:publish": ("sns", "Publish"),
    "states:startExecution": ("stepfunctions", "StartExecution"),
    "events:putEvents": ("events", "PutEvents"),
    "aws-sdk:sfn:describeExecution": ("stepfunctions", "DescribeExecution"),
}
WILDCARDS = {"States.ALL", "States.TaskFailed"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_state_does_as_its_case_says(case: StateCase, request: pytest.FixtureRequest) -> None:
    account = request.config.stash.get(ACCOUNT, None)
    if account:
        machine = definition(case.machine, account.partition)
        differences = run(case, account.test_state, machine, account.role)
    else:
        emulator: Emulator = request.getfixturevalue("case_emulator")
        test_state = emulator.client("stepfunctions").test_state
        if request.config.getoption("--update-goldens") and case.state == "WriteBrief":
            write_output(case, ask(case, test_state)["output"])
            return
        differences = run(case, test_state)
    assert differences == []


@pytest.mark.parametrize(("machine", "state"), STATES)
def test_the_cases_of_a_state_are_complete(machine: str, state: str) -> None:
    assert list_gaps(definition(machine)["States"][state], load_cases(machine, state)) == []


@pytest.mark.parametrize(("machine", "state"), STATES)
def test_a_case_that_is_missing_is_found(machine: str, state: str) -> None:
    whole, cases = definition(machine)["States"][state], load_cases(machine, state)
    for key in ("arm", "retry", "catch", "arguments"):
        for value in [case.expected[key] for case in cases if key in case.expected]:
            others = [case for case in cases if case.expected.get(key) != value]
            assert list_gaps(whole, others if key != "arguments" else []) != []
    assert list_gaps(whole, []) != []


def list_gaps(state: dict[str, Any], cases: list[StateCase]) -> list[str]:
    """What no case shows: an arm, a handler, an error that it names, a success, an end."""
    shown = [case.expected for case in cases]
    arms = [*range(len(state["Choices"])), "default"] if state["Type"] == "Choice" else []
    gaps = [f"arm {arm}" for arm in arms if arm not in [case.get("arm") for case in shown]]
    if state["Type"] == "Task" and not any("arguments" in case for case in shown):
        gaps.append("what it calls its service with")
    if "retry" not in state and not any(
        status_of(case) in ("SUCCEEDED", "FAILED") for case in shown
    ):
        gaps.append("its end")
    for index, retrier in enumerate(state.get("Retry", [])):
        gaps += [f"retrier {index}: {gap}" for gap in _list_retry_gaps(index, retrier, cases)]
    for index, catcher in enumerate(state.get("Catch", [])):
        caught = {mock["error"] for mock in _mocks(cases, "catch", index)}
        gaps += [
            f"catcher {index}: {name}" for name in {*catcher["ErrorEquals"]} - WILDCARDS - caught
        ]
        if not caught:
            gaps.append(f"catcher {index}")
    return gaps


def _list_retry_gaps(index: int, retrier: dict[str, Any], cases: list[StateCase]) -> list[str]:
    most = retrier["MaxAttempts"]
    retried = _mocks(cases, "retry", index)
    errors = {mock["error"] for mock in retried}
    names = {*retrier["ErrorEquals"]} - WILDCARDS
    ended = {
        case.mock["error"]: case.mock.get("attempts", 0)
        for case in cases
        if case.mock and "error" in case.mock and "retry" not in case.expected
    }
    if not most:
        return [f"{name} is not retried" for name in sorted(names - ended.keys())]
    gaps = [f"{name} is retried" for name in sorted(names - errors)]
    if most - 1 not in [mock.get("attempts", 0) for mock in retried]:
        gaps.append("its last attempt")
    if not any(ended.get(error) == most for error in errors):
        gaps.append("no more than its attempts")
    return gaps


def _mocks(cases: list[StateCase], handler: str, index: int) -> list[dict[str, Any]]:
    """Of the cases in which this handler matches."""
    return [case.mock for case in cases if case.mock and case.expected.get(handler) == index]


def test_every_file_is_of_a_state() -> None:
    files = {(path.parts[-3], path.stem) for path in WORKFLOW.glob("*/states/*")}
    assert files == set(STATES)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.mock and "result" in case.mock],
    ids=lambda case: case.id,
)
def test_a_mocked_result_has_the_shape_that_aws_gives(case: StateCase) -> None:
    assert case.mock is not None
    result = case.mock["result"]
    resource = str(definition(case.machine)["States"][case.state]["Resource"])
    called = resource.removeprefix("arn:aws:states:::")
    assert list_mismatches(result, OPERATIONS[called]) == []
    if called == "lambda:invoke" and result["Payload"] is not None:
        assert_shape(result["Payload"], PAYLOADS[case.state])


def list_mismatches(result: dict[str, Any], operation: tuple[str, str]) -> list[str]:
    """Step Functions writes members with a capital letter, and times as text."""
    service, name = operation
    model = botocore.session.get_session().get_service_model(service).operation_model(name)
    shape = model.output_shape
    members = {member[0].upper() + member[1:]: inner for member, inner in shape.members.items()}
    required = {member[0].upper() + member[1:] for member in shape.required_members}
    types: dict[str, Any] = {
        "string": str,
        "timestamp": str,
        "integer": int,
        "blob": object,
        "list": list,
    }
    return [
        *(f"{member} is missing" for member in sorted(required - result.keys())),
        *(f"{member} is unknown" for member in sorted(result.keys() - members.keys())),
        *(
            f"{member} is {value!r}"
            for member, value in result.items()
            if (member in members and not isinstance(value, types[members[member].type_name]))
            or (getattr(members.get(member), "enum", []) and value not in members[member].enum)
        ),
    ]


@pytest.mark.parametrize(
    ("result", "operation"),
    [
        ({"MessageId": 7}, ("sns", "Publish")),
        ({"messageId": "m"}, ("sns", "Publish")),
        ({"ExecutionArn": "arn"}, ("stepfunctions", "StartExecution")),
        ({"ExecutionArn": "arn", "StartDate": 1764103483}, ("stepfunctions", "StartExecution")),
        ({"StatusCode": "200", "Payload": {}}, ("lambda", "Invoke")),
        (
            {"ExecutionArn": "a", "StateMachineArn": "a", "Status": "DONE", "StartDate": "x"},
            ("stepfunctions", "DescribeExecution"),
        ),
    ],
)
def test_a_mock_of_another_shape_is_found(
    result: dict[str, Any], operation: tuple[str, str]
) -> None:
    assert len(list_mismatches(result, operation)) >= 1

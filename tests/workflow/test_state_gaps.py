"""What MiniStack's TestState does otherwise than AWS: a test fails once a release closes a gap.

AWS's side is from the Step Functions Developer Guide, "Testing state machines with TestState API",
and from answers of AWS that LocalStack's tests record (tests/aws/services/stepfunctions/v2/
test_state in its repository).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator.process import Emulator

ERROR = {"errorOutput": {"error": "Sns.Throttled", "cause": "because"}}
CAUGHT = {"Error": "Sns.Throttled", "Cause": "because"}
RETRY = [
    {"ErrorEquals": ["Other"]},
    {"ErrorEquals": ["Sns.Throttled"], "IntervalSeconds": 3, "MaxAttempts": 2},
]
CATCH = [
    {"ErrorEquals": ["Other"], "Next": "A", "Output": "other"},
    {"ErrorEquals": ["States.ALL"], "Next": "B", "Output": "{% $states.errorOutput.Error %}"},
]
TASK: dict[str, Any] = {
    "Type": "Task",
    "QueryLanguage": "JSONata",
    "Resource": "arn:aws:states:::sns:publish",
    "Arguments": {"Message": "{% $states.input.text %}"},
    "Output": "{% $states.result.MessageId %}",
    "End": True,
}
PATHS: dict[str, Any] = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sns:publish",
    "Parameters": {"Message.$": "$.absent"},
    "End": True,
}
PASS = {"Type": "Pass", "End": True}
SENT = {"result": json.dumps({"MessageId": "m"})}
SPENT = {"stateConfiguration": {"retrierRetryCount": 2}}
REFUSED = "ValidationException"
# What differs: the state, further parameters; what is looked at, in MiniStack and with gaps.py.
FILLED: dict[str, tuple[dict[str, Any], dict[str, Any], str, Any, Any]] = {
    "retries before it catches": (
        TASK | {"Retry": RETRY, "Catch": CATCH}, {"mock": ERROR}, "status",
        "CAUGHT_ERROR", "RETRIABLE",
    ),
    "catches what was retried enough": (
        TASK | {"Retry": RETRY, "Catch": CATCH}, {"mock": ERROR, **SPENT}, "catchIndex", None, 1,
    ),
    "says which retrier": (TASK | {"Retry": RETRY}, {"mock": ERROR}, "retryIndex", 0, 1),
    "uses a catcher's Output": (
        TASK | {"Catch": CATCH}, {"mock": ERROR}, "output", CAUGHT, "Sns.Throttled",
    ),
    "uses a task's Output": (TASK, {"mock": SENT}, "output", {"MessageId": "m"}, "m"),
    "uses Arguments": (TASK, {"mock": SENT}, "afterArguments", None, {"Message": "hello"}),
    "mocks only what calls a service": (PASS, {"mock": SENT}, "status", "SUCCEEDED", REFUSED),
}  # fmt: skip
# What differs from AWS even with gaps.py: what is looked at there, and what AWS answers.
OPEN: dict[str, tuple[dict[str, Any], dict[str, Any], str, Any, Any]] = {
    "checks a mock against the service's model": (
        TASK, {"mock": {"result": '{"MessageId": {"id": 7}}'}}, "output", {"id": 7}, REFUSED,
    ),
    "fails for a path that leads nowhere": (
        PATHS, {"mock": SENT}, "afterParameters", {"Message": None}, "States.Runtime",
    ),
    "takes a context only with a mock": (
        PASS, {"context": '{"Execution": {"Name": "n"}}'}, "status", "SUCCEEDED", REFUSED,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def stock() -> Iterator[Emulator]:
    with Emulator(account="111122223333", region="eu-central-1", stock=True) as running:
        yield running


def look(emulator: Emulator, state: dict[str, Any], further: dict[str, Any], at: str) -> Any:
    request = {"definition": json.dumps(state), "input": '{"text": "hello"}', **further}
    try:
        answer = emulator.client("stepfunctions").test_state(inspectionLevel="DEBUG", **request)
    except ClientError as refused:
        return refused.response["Error"]["Code"]
    inspected = answer.get("inspectionData", {})
    found = (answer | inspected | inspected.get("errorDetails", {})).get(at)
    is_json = at in ("output", "afterArguments", "afterParameters") and found is not None
    return json.loads(found) if is_json else found


@pytest.mark.parametrize("name", FILLED)
def test_the_emulator_does_as_aws(name: str, stock: Emulator, case_emulator: Emulator) -> None:
    state, further, at, ministack, aws = FILLED[name]
    # Once MiniStack does so itself, mock_tasks of local/emulator/state_tests.py need not.
    assert look(stock, state, further, at) == ministack
    assert look(case_emulator, state, further, at) == aws


@pytest.mark.parametrize("name", OPEN)
def test_the_emulator_does_otherwise_than_aws(
    name: str, stock: Emulator, case_emulator: Emulator
) -> None:
    state, further, at, ministack, aws = OPEN[name]
    assert look(case_emulator, state, further, at) == ministack != aws
    if "path" in name or "context" in name:
        assert look(stock, state, further, at) == ministack

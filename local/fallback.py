"""The fallback brief of a request, made by the definition's own states, which MiniStack's TestState runs in here.

One text, in one place: what is shown is what the deployed state machine would publish. No server, no AWS.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ministack.services.stepfunctions import _test_state

from infra.definition import load_definition, render_definition

_FIRST, _LAST = "ChooseFallback", "PublishFallback"


def make_fallback(request: Mapping[str, Any], *, language: str, error: str) -> dict[str, Any]:
    """`request`: a scan event, or one by hand; `error`: the name of what failed.

    Shape: message.Formatter.format's, without what the fallback does not know.
    """
    region, account, place = _find_place(request)
    execution = f"arn:aws:states:{region}:{account}:execution:ScanBrief:preview"
    definition = render_definition(
        load_definition(),
        language,
        {
            "Partition": "aws",
            "FetchFindingsFunctionArn": "-",
            "FormatMessageFunctionArn": "-",
            "TopicArn": "-",
            "RepositoryName": place.removeprefix("repository/"),
            "RepositoryArnPrefix": f"arn:aws:ecr:{region}:{account}:repository/",
            "ExecutionConsoleUrlPrefix": f"https://{region}.console.aws.amazon.com/states/home"
            f"?region={region}#/v2/executions/details/",
        },
    )
    published = _walk(definition, {"request": request, "failure": {"Error": error, "Cause": error}}, execution)
    attributes = {name: given["StringValue"] for name, given in published["MessageAttributes"].items()}
    return {"subject": published["Subject"], "message": published["Message"], "attributes": attributes}


def _find_place(request: Mapping[str, Any]) -> tuple[str, str, str]:
    """Region, account and repository; a request by hand means the stack's own, here an example's."""
    if "detail" not in request:
        return "eu-central-1", "111122223333", f"repository/{request['repository']}"
    _, _, _, region, account, place = request["detail"]["repository-name"].split(":", 5)
    return region, account, place


def _walk(definition: str, state_input: dict[str, Any], execution: str) -> dict[str, Any]:
    """What the last state would send, from the first state on."""
    state, passed = _FIRST, json.dumps(state_input)
    while state != _LAST:
        result = _run_state(definition, state, passed, execution)
        state, passed = result["nextState"], result["output"]
    sent: dict[str, Any] = json.loads(
        _run_state(definition, _LAST, passed, execution)["inspectionData"]["afterParameters"]
    )
    return sent


def _run_state(definition: str, state: str, state_input: str, execution: str) -> dict[str, Any]:
    asked = {
        "definition": definition,
        "stateName": state,
        "input": state_input,
        "inspectionLevel": "DEBUG",
        "mock": {"result": {"MessageId": "preview"}},
        "context": {"Execution": {"Id": execution}},
    }
    _, _, body = _test_state(asked)
    result: dict[str, Any] = json.loads(body)
    if result.get("status") != "SUCCEEDED":
        raise RuntimeError(f"state {state}: {result}")
    return result

"""The fallback brief of a request, made by the definition's own states, which MiniStack's TestState
runs in here.

One text, in one place: what is shown is what the deployed state machine would publish. No server,
no AWS.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ministack.services.stepfunctions import _test_state

from scan_brief.scan.request import Registry, read_request
from scan_brief_cdk.notifier.definition import render_definition
from scan_brief_cdk.route import Route
from scan_brief_common.console import console_host
from scan_brief_common.limits import SUBJECT_CHARACTERS

# Where an example's stack is deployed: a request by hand means its own registry.
_STACK = Registry(account="111122223333", region="eu-central-1", partition="aws")
_FIRST, _PUBLISH = "BeginFallback", "PublishFallback"
_PUBLISHED = {"result": {"MessageId": "preview"}}
# What a state machine gets of SNS for a subject that is too long.
_REFUSED = {
    "errorOutput": {"error": "SNS.InvalidParameterException", "cause": "Invalid parameter: Subject"}
}


def make_fallback(
    request: Mapping[str, Any],
    *,
    language: str,
    error: str,
    routes: Sequence[Route] = (),
    note: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """`request`: a scan event, or one by hand; `error`: the name of what failed.

    `routes`: the repositories with a language of their own; `language` is that of all others.
    `note` is told what a person would wonder about.

    Shape: message.Formatter.format's, without what the fallback does not know.
    """
    scan = read_request(request, _STACK)
    place = scan.registry
    execution = (
        f"arn:{place.partition}:states:{place.region}:{place.account}:execution:ScanBrief:preview"
    )
    console = (
        f"https://{console_host(place.region, place.partition)}/states/home?region={place.region}"
    )
    definition = render_definition(
        language,
        {
            "Partition": place.partition,
            "FetchFindingsFunctionArn": "-",
            "FormatMessageFunctionArn": "-",
            "TopicArn": "-",
            "RepositoryArnPrefix": scan.repository_arn.removesuffix(scan.repository),
            "ExecutionConsoleUrlPrefix": f"{console}#/v2/executions/details/",
        },
        routes,
    )
    published = _walk(
        definition,
        {"request": request, "failure": {"Error": error, "Cause": error}},
        execution,
        note,
    )
    attributes = {
        name: given["StringValue"] for name, given in published["MessageAttributes"].items()
    }
    return {
        "subject": published["Subject"],
        "message": published["Message"],
        "attributes": attributes,
    }


def _walk(
    definition: str, state_input: dict[str, Any], execution: str, note: Callable[[str], None]
) -> dict[str, Any]:
    """What is published, from the first state on: by the state that SNS would not refuse."""
    state, passed = _FIRST, json.dumps(state_input)
    while state != _PUBLISH:
        result = _run_state(definition, state, passed, execution)
        state, passed = result["nextState"], result["output"]
    sent = _read_publish(_run_state(definition, state, passed, execution))
    if len(sent["Subject"]) <= SUBJECT_CHARACTERS:
        return sent
    note(
        f"SNS takes a subject of at most {SUBJECT_CHARACTERS} characters, so the workflow does not"
        f" send this one of {len(sent['Subject'])} but one without the name: {sent['Subject']}"
    )
    refused = _run_state(definition, state, passed, execution, _REFUSED)
    return _read_publish(_run_state(definition, refused["nextState"], refused["output"], execution))


def _read_publish(result: dict[str, Any]) -> dict[str, Any]:
    sent: dict[str, Any] = json.loads(result["inspectionData"]["afterParameters"])
    return sent


def _run_state(
    definition: str,
    state: str,
    state_input: str,
    execution: str,
    answer: Mapping[str, Any] = _PUBLISHED,
) -> dict[str, Any]:
    """TestState's result; `answer` is what a task gets."""
    asked = {
        "definition": definition,
        "stateName": state,
        "input": state_input,
        "inspectionLevel": "DEBUG",
        "mock": answer,
        "context": {"Execution": {"Id": execution}},
    }
    _, _, body = _test_state(asked)
    result: dict[str, Any] = json.loads(body)
    if result.get("status") != ("CAUGHT_ERROR" if "errorOutput" in answer else "SUCCEEDED"):
        raise RuntimeError(f"state {state}: {result}")
    return result

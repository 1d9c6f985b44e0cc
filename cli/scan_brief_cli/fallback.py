"""The fallback brief of a request, from the deployed state machine's expressions. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from jsonata import Jsonata

from scan_brief.scan.errors import InvalidRequest
from scan_brief.scan.request import Registry, read_event
from scan_brief_cdk.notifier.definition import render_definition
from scan_brief_cdk.route import Route

# Where the stack of an example is deployed: a request by hand means a repository of its registry.
_STACK = Registry(account="111122223333", region="eu-central-1", partition="aws")


def make_fallback(
    request: Mapping[str, Any],
    *,
    language: str,
    error: str,
    cause: str = "",
    routes: Sequence[Route] = (),
    time_zone: str = "UTC",
) -> dict[str, Any]:
    """`request`: a scan event, or a request by hand; `error`, `cause`: of what failed.

    `language`, `time_zone`: of the repositories whose route has none of its own. Shape: a Brief's,
    without the attribute that the fallback does not know.
    """
    registry = _find_registry(request)
    place = f"{registry.region}:{registry.account}"
    text = render_definition("fallback", language, _deployed(registry), routes, time_zone=time_zone)
    definition = json.loads(text)
    execution = f"arn:{registry.partition}:states:{place}:execution:ScanBrief:preview"
    published = run_fallback(
        definition,
        {
            "request": request,
            "failure": {"Error": error, "Cause": cause},
            "execution": execution,
        },
    )
    attributes = {
        name: value["StringValue"] for name, value in published["MessageAttributes"].items()
    }
    return {
        "subject": published["Subject"],
        "message": json.loads(published["Message"]),
        "attributes": attributes,
    }


def run_fallback(definition: Mapping[str, Any], state_input: object) -> dict[str, Any]:
    """What the machine's Task would publish, in the shape of Amazon SNS's Publish."""
    state = definition["States"][definition["StartAt"]]
    while state["Type"] == "Pass":
        state_input = evaluate(state["Output"], {"input": state_input})
        state = definition["States"][state["Next"]]
    published: dict[str, Any] = evaluate(state["Arguments"], {"input": state_input})
    return published


def evaluate(template: object, states: Mapping[str, Any]) -> Any:
    """A state's JSONata field: JSON in which a string {% … %} is an expression over $states."""
    if isinstance(template, Mapping):
        return {name: evaluate(value, states) for name, value in template.items()}
    if isinstance(template, list):
        return [evaluate(value, states) for value in template]
    if not (isinstance(template, str) and template.startswith("{%")):
        return template
    expression = _parse(template.removeprefix("{%").removesuffix("%}").strip())
    frame = expression.create_frame()
    frame.bind("states", dict(states))
    return expression.evaluate({}, frame)


@lru_cache(maxsize=32)
def _parse(expression: str) -> Jsonata:
    return Jsonata(expression)


def _find_registry(request: Mapping[str, Any]) -> Registry:
    """The registry of a scan event; that of the example for a request that names none."""
    try:
        return read_event(request).registry
    except InvalidRequest:
        return _STACK


def _deployed(registry: Registry) -> dict[str, str]:
    place = f"{registry.region}:{registry.account}"
    return {
        "Partition": registry.partition,
        "TopicArn": "-",
        "RepositoryArnPrefix": f"arn:{registry.partition}:ecr:{place}:repository/",
    }

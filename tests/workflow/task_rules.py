"""Pure: rules over Task states: time, retries, catchers, resources, results."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from scan_brief.scan import errors

Definition = dict[str, Any]
Json = dict[str, Any]

_RESOURCE = re.compile(
    r"arn:(?:\$\{Partition\}|aws(?:-[a-z]+)*):states:::(lambda:invoke|sns:publish)"
)
_SPREAD = ("IntervalSeconds", "BackoffRate", "MaxAttempts", "MaxDelaySeconds")
_SERVICE_ERRORS = {
    "States.ALL",
    "States.TaskFailed",
    "States.Timeout",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
    "Sandbox.Timedout",
}
# What becomes of our own errors. InspectorRefused is left to States.ALL: asking again will not
# help.
_RETRIED, _CAUGHT, _LEFT = (
    {"InspectorUnavailable"},
    {"InvalidRequest", "ImageNotScanned"},
    {"InspectorRefused"},
)
_CAUGHT_AT = {"PublishFallback": "$.unpublished", "PublishFallbackWithoutName": "$.unpublished"}
# ResultSelector, ResultPath, OutputPath
_RESULTS: dict[str, tuple[object, object, object]] = {
    "FetchFindings": ({"report.$": "$.Payload"}, "$.result", None),
    "FormatMessage": ({"brief.$": "$.Payload"}, "$.result", None),
    "PublishMessage": ({"messageId.$": "$.MessageId"}, "$.published", "$.published"),
    "PublishFallback": (None, "$.published", None),
    "PublishFallbackWithoutName": (None, "$.published", None),
}


def tasks(definition: Definition) -> Iterator[tuple[str, Json]]:
    """Every Task state with its name."""
    return (
        (name, state) for name, state in definition["States"].items() if state["Type"] == "Task"
    )


def tasks_time_out(definition: Definition) -> Iterator[str]:
    """Every Task has a timeout."""
    for name, state in tasks(definition):
        if not _is_positive(state.get("TimeoutSeconds")):
            yield f"{name}: no TimeoutSeconds"


def tasks_retry_by_name(definition: Definition) -> Iterator[str]:
    """Every Task retries, and only what it names."""
    for name, state in tasks(definition):
        named = keep_error_names(state.get("Retry", []))
        if not named:
            yield f"{name}: no Retry"
        if "States.ALL" in named:
            yield f"{name}: retries States.ALL, which asks again what will never be answered"


def retries_are_spread(definition: Definition) -> Iterator[str]:
    """Every Retry backs off, up to a cap, with full jitter."""
    for name, state in tasks(definition):
        for retrier in state.get("Retry", []):
            missing = [key for key in _SPREAD if not _is_positive(retrier.get(key))]
            if missing:
                yield f"{name}: a Retry without {', '.join(missing)}"
            if retrier.get("BackoffRate", 2) <= 1:
                yield f"{name}: a Retry that does not back off"
            if retrier.get("JitterStrategy") != "FULL":
                yield f"{name}: a Retry without full jitter"


def tasks_catch_everything_last(definition: Definition) -> Iterator[str]:
    """Every Task's last catcher is for States.ALL, alone, and no other is."""
    for name, state in tasks(definition):
        *before, last = [catcher["ErrorEquals"] for catcher in state.get("Catch", [])] or [[]]
        if last != ["States.ALL"]:
            yield f"{name}: its last catcher is for {last}, not for States.ALL alone"
        if any("States.ALL" in names for names in before):
            yield f"{name}: a catcher for States.ALL comes before another"


def catchers_keep_the_request(definition: Definition) -> Iterator[str]:
    """A caught error stands beside the request and does not replace it, or an earlier failure."""
    for name, state in tasks(definition):
        for catcher in state.get("Catch", []):
            expected = _CAUGHT_AT.get(name, "$.failure")
            if catcher.get("ResultPath") != expected:
                yield (
                    f"{name}: a catcher's ResultPath is {catcher.get('ResultPath')}; expected"
                    f" {expected}"
                )


def error_names_exist(definition: Definition) -> Iterator[str]:
    """Whatever is retried or caught by name can happen: it is a class of ours or a service's own
    error.
    """
    for name, state in tasks(definition):
        for error in (
            keep_error_names(state.get("Retry", []) + state.get("Catch", []))
            - _SERVICE_ERRORS
            - own_errors()
        ):
            yield f"{name}: nothing raises {error}"


def own_errors_are_handled(definition: Definition) -> Iterator[str]:
    """Each class of scan_brief.scan.errors is retried, caught or left to States.ALL, as it was
    meant to be.
    """
    fetch = definition["States"].get("FetchFindings", {})
    retried, caught = (
        keep_error_names(fetch.get("Retry", [])),
        keep_error_names(fetch.get("Catch", [])),
    )
    for error in own_errors() - _RETRIED - _CAUGHT - _LEFT:
        yield f"FetchFindings: what becomes of {error} is not decided"
    for error in _RETRIED ^ (retried & own_errors()):
        yield f"FetchFindings: {error} is to be retried: {error in _RETRIED}"
    for error in _CAUGHT ^ (caught & own_errors()):
        yield f"FetchFindings: {error} is to be caught by name: {error in _CAUGHT}"


def resources_are_known(definition: Definition) -> Iterator[str]:
    """A Task invokes a function or publishes, in the stack's own partition."""
    for name, state in tasks(definition):
        found = _RESOURCE.fullmatch(state.get("Resource", ""))
        wanted = "sns:publish" if name.startswith("Publish") else "lambda:invoke"
        if not found or found[1] != wanted:
            yield f"{name}: Resource {state.get('Resource')}; expected {wanted}"


def functions_are_named_like_their_state(definition: Definition) -> Iterator[str]:
    """State FetchFindings invokes ${FetchFindingsFunctionArn}: one name for both."""
    for name, state in tasks(definition):
        given = str(state.get("Parameters", {}).get("FunctionName"))
        rendered = given.startswith("arn:")
        if not (name.startswith("Publish") or rendered or given == f"${{{name}FunctionArn}}"):
            yield f"{name}: invokes {given}"


def results_have_their_place(definition: Definition) -> Iterator[str]:
    """What a Task returns goes where the states after it look, and nowhere over the request."""
    for name, state in tasks(definition):
        given = (state.get("ResultSelector"), state.get("ResultPath"), state.get("OutputPath"))
        if given != _RESULTS.get(name):
            yield (
                f"{name}: ResultSelector, ResultPath, OutputPath are {given}; expected"
                f" {_RESULTS.get(name)}"
            )


def own_errors() -> set[str]:
    """The classes of scan_brief.scan.errors."""
    return {name for name, _ in inspect.getmembers(errors, inspect.isclass)}


def keep_error_names(handlers: list[Json]) -> set[str]:
    """Every name in the handlers' ErrorEquals."""
    return {error for handler in handlers for error in handler["ErrorEquals"]}


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0

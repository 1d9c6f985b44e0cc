"""What must be true of a definition and no other checker finds. Contracts yield complaints."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scan_brief.scan import errors
from scan_brief_cdk.notifier import scan_notifier
from scan_brief_common.limits import SETTLE_ATTEMPTS, SETTLE_WAIT_SECONDS

Definition = dict[str, Any]
Complaints = Iterator[str]

MOST_STATES = 14
INTEGRATIONS = {"lambda:invoke", "sns:publish", "states:startExecution"}
# A passing error of ours is retried, any other is not: asking again would not help.
RETRIED = {"InspectorUnavailable"}
OWN_ERRORS = {name for name, _ in inspect.getmembers(errors, inspect.isclass)}
SERVICE_ERRORS = re.compile(
    r"States\.(ALL|TaskFailed|Timeout)|Sandbox\.Timedout|Lambda\.(Unknown|ClientExecutionTimeout"
    r"Exception|ServiceException|AWSLambdaException|SdkClientException|TooManyRequestsException)"
)
TIMEOUTS = {
    "FetchFindings": scan_notifier.FETCH_TIMEOUT_SECONDS,
    "FormatMessage": scan_notifier.FORMAT_TIMEOUT_SECONDS,
}


def tasks(definition: Definition) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and state of each Task."""
    for name, state in definition["States"].items():
        if state["Type"] == "Task":
            yield name, state


def next_states(state: Mapping[str, Any]) -> set[str]:
    """The states that may follow."""
    choices = [*state.get("Choices", []), *state.get("Catch", [])]
    found = {state.get("Next"), state.get("Default"), *(choice["Next"] for choice in choices)}
    return {name for name in found if name}


def fits_one_screen(definition: Definition) -> Complaints:
    if len(definition["States"]) > MOST_STATES:
        yield f"{len(definition['States'])} states, accepted: at most {MOST_STATES}"


def every_state_is_reachable(definition: Definition) -> Complaints:
    reached, waiting = set(), [definition["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += next_states(definition["States"].get(name, {}))
    yield from (f"{name}: dangling" for name in sorted(reached - definition["States"].keys()))
    yield from (f"{name}: not reachable" for name in sorted(definition["States"].keys() - reached))


def integrations_are_known(definition: Definition) -> Complaints:
    for name, state in tasks(definition):
        called = state["Resource"].removeprefix("arn:${Partition}:states:::")
        if called not in INTEGRATIONS:
            yield f"{name}: calls {called}"
        arguments = state.get("Parameters") or state.get("Arguments") or {}
        if called == "lambda:invoke" and arguments.get("FunctionName") != f"${{{name}FunctionArn}}":
            yield f"{name}: invokes {arguments.get('FunctionName')}"


def tasks_end_in_time(definition: Definition) -> Complaints:
    """A function ends before its task does, so that its own error is seen."""
    for name, state in tasks(definition):
        seconds = state.get("TimeoutSeconds")
        if seconds is None or seconds <= TIMEOUTS.get(name, 0):
            yield f"{name}: TimeoutSeconds {seconds}"
    limit = definition.get("TimeoutSeconds", 0)
    if not longest_way(definition) < limit <= 24 * 3600:
        yield f"TimeoutSeconds {limit}, the longest way takes {longest_way(definition):.0f}"


def longest_way(definition: Definition) -> float:
    """The longest possible run in seconds, with all attempts and pauses of each state."""
    loop = {"FetchFindings": SETTLE_ATTEMPTS.most, "WaitForFindings": SETTLE_ATTEMPTS.most - 1}
    seconds = {"WaitForFindings": float(SETTLE_WAIT_SECONDS.most)}
    for name, state in tasks(definition):
        retries = state.get("Retry", [])
        tries = 1 + sum(retrier["MaxAttempts"] for retrier in retries)
        pauses = sum(
            retrier["MaxAttempts"] * retrier.get("MaxDelaySeconds", 60) for retrier in retries
        )
        seconds[name] = tries * state.get("TimeoutSeconds", 60) + pauses
    return sum(spent * loop.get(name, 1) for name, spent in seconds.items())


def retries_are_spread(definition: Definition) -> Complaints:
    for name, state in tasks(definition):
        if not state.get("Retry"):
            yield f"{name}: no Retry"
        for retrier in state.get("Retry", []):
            spread = (
                retrier.get("JitterStrategy") == "FULL"
                and retrier.get("BackoffRate", 2) > 1
                and retrier.get("MaxAttempts", 3) >= 1
                and retrier.get("IntervalSeconds", 1) <= retrier.get("MaxDelaySeconds", 0)
            )
            if not spread:
                yield f"{name}: retries at once, for ever or never: {retrier}"


def errors_are_known(definition: Definition) -> Complaints:
    for name, state in tasks(definition):
        for error in sorted(_errors(state, "Retry") | _errors(state, "Catch")):
            if error not in OWN_ERRORS and not SERVICE_ERRORS.fullmatch(error):
                yield f"{name}: no such error {error}"


def errors_are_retried_if_they_pass(definition: Definition) -> Complaints:
    for name, state in tasks(definition):
        retried = _errors(state, "Retry")
        wanted = RETRIED if name == "FetchFindings" else set()
        if "States.ALL" in retried or retried & OWN_ERRORS != wanted:
            yield f"{name}: retries {sorted(retried)}, of our own it is to retry {sorted(wanted)}"
        if name == "PublishMessage" and retried != {"States.TaskFailed"}:
            # After a timeout the message may be out already.
            yield f"{name}: may publish twice"


def _errors(state: Mapping[str, Any], field: str) -> set[str]:
    return {error for handler in state.get(field, []) for error in handler["ErrorEquals"]}


def failures_lead_to_the_fallback(definition: Definition) -> Complaints:
    """The brief's machine: every task catches everything and goes on to the fallback."""
    if definition.get("QueryLanguage") == "JSONata":
        return
    for name, state in tasks(definition):
        starts = name == "StartFallback"
        after = "DetailsUnavailable" if starts else "NameFailure"
        caught = {
            "ErrorEquals": ["States.ALL"],
            "ResultPath": "$.unstarted" if starts else "$.caught",
            "Next": after,
        }
        if state.get("Catch") != [caught]:
            yield f"{name}: an error does not lead to {after} with the request kept"
    for name, state in definition["States"].items():
        if state["Type"] == "Choice" and state.get("Default") != "NameFailure":
            yield f"{name}: an incomplete answer does not lead to the fallback"


def failures_have_their_name_and_a_cause(definition: Definition) -> Complaints:
    for name, state in definition["States"].items():
        if state["Type"] == "Fail" and (state.get("Error") != name or "CausePath" not in state):
            yield f"{name}: fails as {state.get('Error')}"


def the_request_is_kept(definition: Definition) -> Complaints:
    kept = definition["States"].get("NameFailure", {}).get("Parameters", {})
    if kept and kept.get("request.$") != "$.request":
        yield "NameFailure: drops the request"


def results_have_their_place(definition: Definition) -> Complaints:
    """Neither the request nor the failure is overwritten, and raw results are not kept."""
    places = {
        "FetchFindings": "$.result",
        "FormatMessage": "$.result",
        "PublishMessage": "$.published",
    }
    for name, state in tasks(definition):
        if name in places and state.get("ResultPath") != places[name]:
            yield f"{name}: its result goes to {state.get('ResultPath')}"
        if name in places and "ResultSelector" not in state:
            yield f"{name}: keeps its raw result"
        if name in ("FetchFindings", "FormatMessage") and "OutputPath" in state:
            yield f"{name}: drops the request"
    published = definition["States"].get("PublishMessage", {})
    if published and published.get("OutputPath") != "$.published":
        yield "PublishMessage: puts out everything"


def publishes_are_complete(definition: Definition) -> Complaints:
    for name, state in tasks(definition):
        if not state["Resource"].endswith("sns:publish"):
            continue
        given = {key.removesuffix(".$"): value for key, value in _arguments(state).items()}
        if given.get("TopicArn") != "${TopicArn}" or given.get("MessageStructure") != "json":
            yield f"{name}: TopicArn or MessageStructure"
        for field in ("Subject", "Message"):
            if not re.match(r"\$\.|States\.|\{%", str(given.get(field))):
                yield f"{name}: {field} is {given.get(field)}"
        yield from (f"{name}: {complaint}" for complaint in _attributes(given, name))


def _attributes(given: Mapping[str, Any], name: str) -> Complaints:
    attributes = given.get("MessageAttributes", {})
    wanted = {"kind", "severity", "repository", "repositoryArn"}
    if name == "PublishMessage":
        wanted.add("total")
    if set(attributes) != wanted:
        yield f"attributes {sorted(attributes)}"
    for attribute, value in attributes.items():
        text = str(value.get("StringValue") or value.get("StringValue.$"))
        number = attribute == "total"
        if (value.get("DataType") == "Number") != number:
            yield f"{attribute} is a {value.get('DataType')}"
        if text.startswith(("$", "{%")) and not re.search(rf"\.{attribute}( %}})?$", text):
            yield f"{attribute} is {text}"


def paths_are_marked(definition: Definition) -> Complaints:
    """JSONPath: a text that begins with $ is a path, and its key says so."""
    if definition.get("QueryLanguage") == "JSONata":
        return
    for name, state in definition["States"].items():
        for key, value in _leaves(state.get("Parameters", {})):
            if (value == "$" or str(value).startswith(("$.", "$$.", "States."))) != key.endswith(
                ".$"
            ):
                yield f"{name}: {key} is {value}"


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, name)
    else:
        yield key, value


def _arguments(state: Mapping[str, Any]) -> dict[str, Any]:
    return dict(state.get("Parameters") or state.get("Arguments") or {})


CONTRACTS: tuple[Callable[[Definition], Complaints], ...] = (
    fits_one_screen,
    every_state_is_reachable,
    integrations_are_known,
    tasks_end_in_time,
    retries_are_spread,
    errors_are_known,
    errors_are_retried_if_they_pass,
    failures_lead_to_the_fallback,
    failures_have_their_name_and_a_cause,
    the_request_is_kept,
    results_have_their_place,
    publishes_are_complete,
    paths_are_marked,
)


def complain(definition: Definition) -> list[str]:
    """Everything that the contracts find, each with the contract's name."""
    return [
        f"{contract.__name__}: {complaint}"
        for contract in CONTRACTS
        for complaint in contract(definition)
    ]

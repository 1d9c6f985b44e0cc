"""What must be true of a definition and no other checker finds. Contracts yield complaints."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.workflow.retry_contracts import RETRY_CONTRACTS, Complaints, Definition, tasks

MOST_STATES = 17
# Where a caught error goes, and the next state. The brief is out when RememberBrief begins.
CATCHERS = {
    "StartFallback": ("$.unstarted", "DetailsUnavailable"),
    "RememberBrief": ("$.forgotten", "BriefSent"),
    "GatherBrief": ("$.ungathered", "PublishMessage"),
}
# Where a Choice leads that is not an answer's completeness.
DEFAULTS = {"IsGathered": "PublishMessage"}
# By the machine's first state and the task: the next state after any other error.
JSONATA_CATCHERS = {
    ("ReadEvent", "FindFirst"): "StartAgain",
    ("ReadEvent", "StartFallback"): "NotStarted",
    ("JustPushed", "StartFallback"): "NotWatched",
    # The next digest tells what this one did not: the alarm is enough.
    **{
        ("GatherDigest", name): "DigestNotSent"
        for name in ("GatherDigest", "FormatMessage", "PublishDigest")
    },
    ("GatherDigest", "RememberDigest"): "DigestEnded",
    ("ReadCopies", "PublishCopy"): "NextCopy",
    ("ReadCopies", "PutReport"): "NextCopy",
    ("ReadRequest", "StartCopies"): "PublishBrief",
    ("WaitForEnd", "StartFallback"): "SummaryNotSent",
}
# AWS's names for a name that is taken, of both integrations, and the emulator's.
TAKEN = {
    *("StepFunctions.ExecutionAlreadyExistsException", "StepFunctions.ExecutionAlreadyExists"),
    *("Sfn.ExecutionAlreadyExistsException", "Sfn.ExecutionAlreadyExists"),
    "ExecutionAlreadyExists",
}
PUBLISHES = ("PublishMessage", "PublishGathered")
QUIET = {"BriefSent", "FindFirst", "AlreadyStarted", "NothingToReport"}
# Besides those of the fallback.
MORE_ATTRIBUTES = {
    "PublishMessage": ("total", "knownExploited"),
    "PublishGathered": ("total", "knownExploited", "gathered"),
    "PublishSummary": ("total", "knownExploited"),
    "PublishDigest": ("total", "knownExploited"),
}
INTEGRATIONS = {
    *("lambda:invoke", "sns:publish", "states:startExecution", "aws-sdk:sfn:describeExecution"),
    "events:putEvents",
}


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


def failures_lead_to_the_fallback(definition: Definition) -> Complaints:
    """Every task catches everything, and goes on to the fallback; the fallback itself does not."""
    if definition.get("QueryLanguage") == "JSONata":
        yield from _jsonata_failures_lead_to_the_fallback(definition)
        return
    yield from _tasks_catch_everything(definition)
    for name, state in definition["States"].items():
        default = DEFAULTS.get(name, "NameFailure")
        if state["Type"] == "Choice" and state.get("Default") != default:
            yield f"{name}: an incomplete answer does not lead to {default}"


def _tasks_catch_everything(definition: Definition) -> Complaints:
    for name, state in tasks(definition):
        place, after = CATCHERS.get(name, ("$.caught", "NameFailure"))
        if name == "RememberBrief" and "StartCopies" in definition["States"]:
            after = "StartCopies"
        caught = {"ErrorEquals": ["States.ALL"], "ResultPath": place, "Next": after}
        # The brief is out when its copies start: their failure is the execution's own.
        if state.get("Catch") != [caught] and name != "StartCopies":
            yield f"{name}: an error does not lead to {after} with the request kept"


def _jsonata_failures_lead_to_the_fallback(definition: Definition) -> Complaints:
    for name, state in tasks(definition):
        if name == "PublishBrief":
            continue
        after = JSONATA_CATCHERS.get((definition["StartAt"], name), "StartFallback")
        last = (state.get("Catch") or [{}])[-1]
        if (last.get("ErrorEquals"), last.get("Next")) != (["States.ALL"], after):
            yield f"{name}: an error does not lead to {after}"
        kept = json.dumps(last.get("Output"))
        if "$states.input" not in kept or (after == "StartFallback" and "errorOutput" not in kept):
            yield f"{name}: drops the event or the error"


def a_name_that_is_taken_ends_quietly(definition: Definition) -> Complaints:
    """Of all spellings of the error, none is retried, and each leads to another end."""
    for name, state in tasks(definition):
        copies = name == "StartCopies" and "QueryLanguage" not in definition
        if name not in ("StartOnce", "StartAgain", "StartBrief") and not copies:
            continue
        first, caught = state["Retry"][0], state["Catch"][0]
        if (set(first["ErrorEquals"]), first["MaxAttempts"]) != (TAKEN, 0):
            yield f"{name}: retries a name that is taken"
        if set(caught["ErrorEquals"]) != TAKEN or caught["Next"] not in QUIET:
            yield f"{name}: a name that is taken does not end quietly"


def failures_have_their_name_and_a_cause(definition: Definition) -> Complaints:
    for name, state in definition["States"].items():
        if state["Type"] != "Fail":
            continue
        error = state.get("Error", state.get("ErrorPath"))
        own = "$.result.answer.refusal.error" if name == "RequestRefused" else name
        if error != own or not {"Cause", "CausePath"} & state.keys():
            yield f"{name}: fails as {error}"


def the_request_is_kept(definition: Definition) -> Complaints:
    kept = definition["States"].get("NameFailure", {}).get("Parameters", {})
    if kept and kept.get("request.$") != "$.request":
        yield "NameFailure: drops the request"


def results_have_their_place(definition: Definition) -> Complaints:
    """Neither the request nor the failure is overwritten, and raw results are not kept."""
    places = {
        "FetchFindings": "$.result",
        "FormatMessage": "$.result",
        "GatherBrief": "$.gathering",
        **dict.fromkeys(PUBLISHES, "$.published"),
        "RememberBrief": "$.remembered",
    }
    paths = [] if definition.get("QueryLanguage") == "JSONata" else [*tasks(definition)]
    for name, state in paths:
        if name in places and state.get("ResultPath") != places[name]:
            yield f"{name}: its result goes to {state.get('ResultPath')}"
        if name in places and "ResultSelector" not in state:
            yield f"{name}: keeps its raw result"
        if name in places and "OutputPath" in state:
            yield f"{name}: drops the request"
    sent = definition["States"].get("BriefSent", {})
    if sent and sent.get("OutputPath") != "$.published":
        yield "BriefSent: puts out everything"


def a_gathered_brief_is_marked(definition: Definition) -> Complaints:
    """PublishGathered is PublishMessage with the attribute, and nothing else differs."""
    states = definition["States"]
    if "PublishGathered" not in states:
        return
    marked = copy.deepcopy(states["PublishGathered"])
    gathered = marked["Parameters"]["MessageAttributes"].pop("gathered", None)
    if gathered != {"DataType": "String", "StringValue": "YES"}:
        yield f"PublishGathered: gathered is {gathered}"
    if marked | {"Comment": ""} != states["PublishMessage"] | {"Comment": ""}:
        yield "PublishGathered: differs from PublishMessage"


def only_a_sent_brief_is_remembered(definition: Definition) -> Complaints:
    for name, state in definition["States"].items():
        if "RememberBrief" in next_states(state) and name not in PUBLISHES:
            yield f"{name}: remembers what was not sent"


def publishes_are_complete(definition: Definition) -> Complaints:
    for name, state in tasks(definition):
        if not state["Resource"].endswith("sns:publish") or name == "PublishCopy":
            continue  # a copy has its brief's attributes: read_copies.jsonata
        given = {key.removesuffix(".$"): value for key, value in _arguments(state).items()}
        if given.get("TopicArn") != "${TopicArn}" or given.get("MessageStructure") != "json":
            yield f"{name}: TopicArn or MessageStructure"
        for field in ("Subject", "Message"):
            if not re.match(r"\$\.|States\.|\{%", str(given.get(field))):
                yield f"{name}: {field} is {given.get(field)}"
        yield from (f"{name}: {complaint}" for complaint in _attributes(given, name))


def _attributes(given: Mapping[str, Any], name: str) -> Complaints:
    attributes = given.get("MessageAttributes", {})
    wanted = {"kind", "severity", "repository", "repositoryArn", *MORE_ATTRIBUTES.get(name, ())}
    if set(attributes) != wanted:
        yield f"attributes {sorted(attributes)}"
    for attribute, value in attributes.items():
        text = str(value.get("StringValue") or value.get("StringValue.$"))
        number = attribute in ("total", "knownExploited")
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
    failures_lead_to_the_fallback,
    a_name_that_is_taken_ends_quietly,
    failures_have_their_name_and_a_cause,
    the_request_is_kept,
    results_have_their_place,
    a_gathered_brief_is_marked,
    only_a_sent_brief_is_remembered,
    publishes_are_complete,
    paths_are_marked,
    *RETRY_CONTRACTS,
)


def complain(definition: Definition) -> list[str]:
    """Everything that the contracts find, each with the contract's name."""
    return [
        f"{contract.__name__}: {complaint}"
        for contract in CONTRACTS
        for complaint in contract(definition)
    ]

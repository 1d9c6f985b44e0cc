"""The definitions keep the contracts, are valid for AWS's grammar, and a broken one is found."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from scan_brief_cdk.notifier.definition import (
    MACHINES,
    find_placeholders,
    known_values,
    load_definition,
    render_definition,
)
from scan_brief_cdk.route import Route
from tests.workflow.contracts import complain

ROOT = Path(__file__).resolve().parents[2]
NODE = Path(sys.executable).parent / "node"
VALIDATOR = ROOT / "node_modules" / ".bin" / "asl-validator"
ROUTES = (Route(name="*"), Route(name="team/*", language="ja", time_zone="Asia/Tokyo"))
DEPLOYED = {
    "brief": {
        "Partition": "aws",
        "FetchFindingsFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:fetch",
        "FormatMessageFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:format",
        "GatherBriefFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:gather_brief",
        "SummaryStateMachineArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:summary",
        "RememberBriefFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:remember",
        "TopicArn": "arn:aws:sns:eu-central-1:111122223333:briefs",
        "FallbackStateMachineArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:fallback",
    },
    "copies": {"Partition": "aws"},
    "summary": {
        "Partition": "aws",
        "GatherSummaryFunctionArn": (
            "arn:aws:lambda:eu-central-1:111122223333:function:gather_summary"
        ),
        "TopicArn": "arn:aws:sns:eu-central-1:111122223333:briefs",
        "FallbackStateMachineArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:fallback",
    },
    "fallback": {
        "Partition": "aws",
        "TopicArn": "arn:aws:sns:eu-central-1:111122223333:briefs",
        "RepositoryArnPrefix": "arn:aws:ecr:eu-central-1:111122223333:repository/",
    },
    "watchdog": {
        "Partition": "aws",
        "RepositoryArnPrefix": "arn:aws:ecr:eu-central-1:111122223333:repository/",
        "FindUnscannedFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:find",
        "WatchSeconds": "1800",
        "BriefStateMachineArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:brief",
        "FallbackStateMachineArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:fallback",
    },
    "digest": {
        "Partition": "aws",
        "GatherDigestFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:gather",
        "FormatMessageFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:format",
        "RememberDigestFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:tell",
        "TopicArn": "arn:aws:sns:eu-central-1:111122223333:briefs",
    },
    "door": {
        "Partition": "aws",
        "RepositoryArnPrefix": "arn:aws:ecr:eu-central-1:111122223333:repository/",
        "WatchSeconds": "1800",
        "BriefStateMachineArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:brief",
        "WatchdogStateMachineArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:watchdog",
        "FallbackStateMachineArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:fallback",
    },
}
GONE = object()
THREE_MORE = {name: {"Type": "Pass"} for name in "ABC"}
Change = object | Callable[[Any], object]
_PUBLISH, _FETCH, _START = "States/PublishMessage", "States/FetchFindings", "States/StartFallback"
_FORMAT = "States/FormatMessage"
_ATTRIBUTES = f"{_PUBLISH}/Parameters/MessageAttributes"
_SENT = "States/PublishBrief/Arguments"
_ANSWER = "$.result.answer.attributes"

# Machine, the place in its definition, and what is put there.
MUTATIONS: dict[str, tuple[str, str, Change]] = {
    "dangling Next": ("brief", "States/FormatMessage/Next", "Nowhere"),
    "dangling Default": ("brief", "States/FindingsSettled/Default", "Nowhere"),
    "dangling choice": ("brief", "States/FindingsSettled/Choices/0/Next", "Nowhere"),
    "dangling catcher": ("brief", f"{_FETCH}/Catch/0/Next", "Nowhere"),
    "dangling StartAt": ("brief", "StartAt", "Nowhere"),
    "state passed by": ("brief", "States/NameFailure/Next", "DetailsUnavailable"),
    "neither Next nor End": ("brief", f"{_PUBLISH}/Next", GONE),
    "remembered before it is sent": ("brief", "States/FormatMessage/Next", "RememberBrief"),
    "never remembered": ("brief", f"{_PUBLISH}/Next", "BriefSent"),
    "the memory's failure is the brief's": (
        "brief", "States/RememberBrief/Catch/0/Next", "NameFailure"
    ),
    "Next and End": ("brief", "States/FormatMessage/End", True),
    "Choice without Default": ("brief", "States/BriefComplete/Default", GONE),
    "incomplete answer published": ("brief", "States/BriefComplete/Default", "PublishMessage"),
    "failure ends well": ("brief", f"{_FETCH}/Catch/0/Next", "FormatMessage"),
    "failure misnamed": ("brief", "States/DetailsUnavailable/Error", "InvalidRequest"),
    "refusal misnamed": ("brief", "States/RequestRefused/ErrorPath", "$.result.error"),
    "failure without a cause": ("brief", "States/DetailsUnavailable/CausePath", GONE),
    "no timeout": ("brief", "States/FormatMessage/TimeoutSeconds", GONE),
    "task before its function": ("brief", f"{_FETCH}/TimeoutSeconds", 30),
    "no Retry": ("brief", "States/FormatMessage/Retry", GONE),
    "empty Retry": ("fallback", "States/PublishBrief/Retry", []),
    "Retry of everything": ("brief", f"{_FETCH}/Retry/5/ErrorEquals", ["States.ALL"]),
    "no jitter": ("brief", f"{_FETCH}/Retry/1/JitterStrategy", GONE),
    "jitter NONE": ("fallback", "States/PublishBrief/Retry/0/JitterStrategy", "NONE"),
    "no cap": ("brief", "States/FormatMessage/Retry/0/MaxDelaySeconds", GONE),
    "no backoff": ("fallback", "States/PublishBrief/Retry/0/BackoffRate", 1),
    "never again": ("brief", f"{_FETCH}/Retry/1/MaxAttempts", 0),
    "too many tries": ("brief", f"{_FETCH}/Retry/1/MaxAttempts", 99),
    "throttling given up soon": ("brief", f"{_FETCH}/Retry/2/MaxAttempts", 17),
    "concurrency given up soon": ("brief", f"{_FORMAT}/Retry/1/MaxAttempts", 17),
    "crash not retried": ("brief", f"{_FETCH}/Retry", lambda retry: retry[:5]),
    "timeout not retried": ("brief", f"{_FETCH}/Retry", lambda retry: retry[:4] + retry[5:]),
    "crash of the formatter not retried": ("brief", f"{_FORMAT}/Retry", lambda retry: retry[:3]),
    "fallback lost in a timeout": (
        "fallback", "States/PublishBrief/Retry/0/ErrorEquals", ["States.TaskFailed"]
    ),
    "event not read ends silently": (
        "brief", "States/FindingsSettled/Choices/0/Next", "RequestRefused"
    ),
    "dropped Catch": ("brief", f"{_FETCH}/Catch", GONE),
    "empty Catch": ("brief", f"{_PUBLISH}/Catch", []),
    "not everything caught": ("brief", f"{_FETCH}/Catch/0/ErrorEquals", ["States.TaskFailed"]),
    "two for everything": ("brief", f"{_PUBLISH}/Catch", lambda catch: catch * 2),
    "catcher drops the request": ("brief", f"{_FETCH}/Catch/0/ResultPath", GONE),
    "catcher's place": ("brief", "States/FormatMessage/Catch/0/ResultPath", "$.failure"),
    "failed start over the failure": ("brief", f"{_START}/Catch/0/ResultPath", "$.failure"),
    "error misspelled": ("brief", f"{_FETCH}/Retry/1/ErrorEquals/0", "InspectorUnavailble"),
    "AWS error misspelled": ("brief", f"{_FETCH}/Retry/1/ErrorEquals/2", "Lambda.ServiceExeption"),
    "unavailability not retried": ("brief", f"{_FETCH}/Retry/1/ErrorEquals", ["States.Timeout"]),
    "refusal retried": ("brief", f"{_FETCH}/Retry/0/MaxAttempts", 1),
    "refusal retried as any failure": ("brief", f"{_FETCH}/Retry", lambda retry: retry[1:]),
    "published twice": ("brief", f"{_PUBLISH}/Retry/0/ErrorEquals", ["States.Timeout"]),
    "sns:publsh": ("brief", f"{_PUBLISH}/Resource", "arn:${Partition}:states:::sns:publsh"),
    "lambda:invok": ("brief", f"{_FETCH}/Resource", "arn:${Partition}:states:::lambda:invok"),
    "two colons": ("brief", f"{_FETCH}/Resource", "arn:${Partition}:states::lambda:invoke"),
    "partition fixed": ("fallback", "States/PublishBrief/Resource", "arn:aws:states:::sns:publish"),
    "functions swapped": ("brief", f"{_FETCH}/Parameters/FunctionName", "${FormatMessageArn}"),
    "no function": ("brief", "States/FormatMessage/Parameters/FunctionName", GONE),
    "result over the request": ("brief", f"{_FETCH}/ResultPath", "$.request"),
    "result over everything": ("brief", "States/FormatMessage/ResultPath", GONE),
    "raw result": ("brief", f"{_FETCH}/ResultSelector", GONE),
    "everything put out": ("brief", "States/BriefSent/OutputPath", GONE),
    "request dropped": ("brief", "States/NameFailure/Parameters/request.$", GONE),
    "literal Subject": ("brief", f"{_PUBLISH}/Parameters/Subject.$", "subject"),
    "no Message": ("brief", f"{_PUBLISH}/Parameters/Message.$", GONE),
    "no topic": ("fallback", f"{_SENT}/TopicArn", GONE),
    "no structure": ("fallback", f"{_SENT}/MessageStructure", GONE),
    "literal text": ("fallback", f"{_SENT}/Message", "$states.input.message"),
    "no attributes": ("brief", _ATTRIBUTES, GONE),
    "no kind": ("fallback", f"{_SENT}/MessageAttributes/kind", GONE),
    "severity forgotten": ("fallback", f"{_SENT}/MessageAttributes/severity", GONE),
    "attribute of another": ("brief", f"{_ATTRIBUTES}/kind/StringValue.$", f"{_ANSWER}.total"),
    "number as text": ("brief", f"{_ATTRIBUTES}/total/DataType", "String"),
    "literal attribute": ("brief", f"{_ATTRIBUTES}/kind/StringValue", f"{_ANSWER}.kind"),
    "literal request": ("brief", f"{_FETCH}/Parameters/Payload/request", "$.request"),
    "text for a path": ("brief", "States/NameFailure/Parameters/failure.$", "the failure"),
    "ResultPath without $": ("brief", f"{_FETCH}/ResultPath", "result"),
    "too short a whole": ("brief", "TimeoutSeconds", 172_800),
    "endless whole": ("fallback", "TimeoutSeconds", GONE),
    "placeholder misspelled": ("brief", f"{_PUBLISH}/Parameters/TopicArn", "${TopicArm}"),
    "door lets an error pass": ("door", "States/StartOnce/Catch/1/Next", "AlreadyStarted"),
    "door drops the event": ("door", "States/StartOnce/Catch/1/Output", "{% 1 %}"),
    "door retries a taken name": ("door", "States/StartOnce/Retry", lambda retry: retry[1:]),
    "a spelling forgotten": ("door", "States/StartOnce/Catch/0/ErrorEquals", lambda all_: all_[1:]),
    "taken name is a failure": ("watchdog", "States/StartBrief/Catch/0/Next", "StartFallback"),
    "watchdog fails silently": ("watchdog", "States/FindUnscanned/Catch/0/Next", "NothingToReport"),
    "watchdog asks once": ("watchdog", "States/FindUnscanned/Retry/1/MaxAttempts", 1),
    "watchdog's failure without a cause": ("watchdog", "States/NotWatched/Cause", GONE),
    "digest fails silently": ("digest", "States/GatherDigest/Catch/0/Next", "DigestEnded"),
    "digest asks once": ("digest", "States/GatherDigest/Retry/1/MaxAttempts", 1),
    "digest published twice": (
        "digest", "States/PublishDigest/Retry/0/ErrorEquals", ["States.ALL"]
    ),
    "digest without its recipients": (
        "digest", "States/PublishDigest/Arguments/MessageAttributes/repositoryArn", GONE
    ),
    "a failed memory is a failed digest": (
        "digest", "States/RememberDigest/Catch/0/Next", "DigestNotSent"
    ),
    "gathered and sent": (
        "brief", "States/PublishGathered/Parameters/MessageAttributes/gathered/StringValue", "NO"
    ),
    "a lost memory loses the brief": ("brief", "States/GatherBrief/Catch/0/Next", "NameFailure"),
    "a lost memory is waited for": (
        "brief", "States/GatherBrief/Retry", lambda retry: retry[1:]
    ),
    "gathering is waited for": ("brief", "States/GatherBrief/Retry/1/MaxAttempts", 17),
    "gathered without an answer": ("brief", "States/IsGathered/Default", "PublishGathered"),
    "a summary lost silently": ("summary", "States/GatherSummary/Catch/0/Next", "NothingGathered"),
    "an incomplete summary": ("summary", "States/SummaryComplete/Default", "PublishSummary"),
    "a summary published twice": (
        "summary",
        "States/PublishSummary/Retry/0/ErrorEquals",
        ["States.TaskFailed", "States.Timeout"],
    ),
    "a summary that no mail passes": (
        "summary", "States/PublishSummary/Arguments/MessageAttributes/repositoryArn", GONE
    ),
    "another state": ("brief", "States", lambda states: states | THREE_MORE),
}  # fmt: skip


def definition(machine: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(load_definition(machine))
    return read


def mutate(machine: str, place: str, change: Change) -> dict[str, Any]:
    mutant = copy.deepcopy(definition(machine))
    holder: Any = mutant
    *steps, last = (int(step) if step.isdigit() else step for step in place.split("/"))
    for step in steps:
        holder = holder[step]
    if change is GONE:
        del holder[last]
    else:
        holder[last] = change(holder[last]) if callable(change) else change
    return mutant


def validate(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "definition.json"
    file.write_text(text, "utf-8")
    command = [str(NODE), str(VALIDATOR), "--json-path", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_definition_keeps_the_contracts(machine: str) -> None:
    assert complain(definition(machine)) == []


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_broken_definition_is_found(mutation: str, tmp_path: Path) -> None:
    machine, place, change = MUTATIONS[mutation]
    mutant = mutate(machine, place, change)
    assert mutant != definition(machine), "nothing was broken"
    unknown = find_placeholders(json.dumps(mutant)) - find_placeholders(load_definition(machine))
    invalid = False
    if not (found := complain(mutant) + sorted(unknown)):
        invalid = validate(json.dumps(mutant), tmp_path).returncode != 0
    assert found or invalid


@pytest.mark.parametrize("routes", [(), ROUTES])
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("machine", MACHINES)
def test_the_rendered_definition_is_valid_and_ascii(
    machine: str, language: str, routes: Sequence[Route], tmp_path: Path
) -> None:
    text = render_definition(machine, language, DEPLOYED[machine], routes)
    done = validate(text, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "is valid" in done.stdout
    assert text.isascii()


def test_a_placeholder_without_a_value_is_named() -> None:
    with pytest.raises(KeyError, match="brief: no value for FallbackStateMachineArn"):
        render_definition(
            "brief", "en", {k: v for k, v in DEPLOYED["brief"].items() if k[0] != "F" or "Fu" in k}
        )


def test_every_value_is_used() -> None:
    used = set().union(*(find_placeholders(load_definition(machine)) for machine in MACHINES))
    assert used == {*known_values("en")}.union(*DEPLOYED.values())


def test_the_preferences_of_a_repository_reach_the_functions() -> None:
    brief = json.loads(render_definition("brief", "en", DEPLOYED["brief"], ROUTES))
    for state in ("FetchFindings", "FormatMessage"):
        preferences = json.loads(brief["States"][state]["Parameters"]["Payload"]["preferences"])
        assert preferences == {"team/*": {"language": "ja", "timeZone": "Asia/Tokyo"}}

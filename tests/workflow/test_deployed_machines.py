"""Every way through the deployed machines, with the double's faults: no task is mocked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from local.inspector2_double import AppearAt, Denied, FaultPlan, ServerError, Throttle
from scan_brief_cli.fallback import make_fallback
from tests.harness import Outcome, StackHarness

BEGIN = ["ReceiveRequest", "FetchFindings"]
SETTLED = [*BEGIN, "FindingsSettled"]
SENT = ["PublishMessage", "RememberBrief", "BriefSent"]
BRIEF = ["FormatMessage", "BriefComplete", "GatherBrief", "IsGathered", *SENT]
ASKED_FOR = ["FormatMessage", "BriefComplete", *SENT]  # by a person: never gathered
AGAIN = ["WaitForFindings", "FetchFindings", "FindingsSettled"]
FAILED = ["NameFailure", "StartFallback", "DetailsUnavailable"]
FALLBACK = ["ReadRequest", "WriteBrief", "PublishBrief"]
BY_HAND = {"repository": "sample-app", "imageTag": "latest"}


def follow_fallback(harness: StackHarness, execution: str) -> Outcome:
    """The outcome of the fallback that the brief's execution started."""
    machine = harness.deployment.outputs["FallbackStateMachineArn"]
    arn = machine.replace(":stateMachine:", ":execution:")
    return harness.follow(f"{arn}:{execution.rpartition(':')[2]}")


def newest(harness: StackHarness) -> str:
    return harness.list_executions()[0]


def test_a_scan_gives_a_brief_at_the_first_attempt(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    outcome = harness.scan(event)
    assert (outcome.status, outcome.states) == ("SUCCEEDED", SETTLED + BRIEF)
    message = harness.receive()
    assert message.subject == "CRITICAL 13 · sample-app:1.4.2 (+1 tag) · 60 findings"
    assert message.attributes == {
        "kind": "FINDINGS",
        "severity": "CRITICAL",
        "total": "60",
        "knownExploited": "0",
        "repository": "sample-app",
        "repositoryArn": "arn:aws:ecr:ap-northeast-1:111122223333:repository/sample-app",
    }
    assert set(json.loads(outcome.output)) == {"messageId"}


def test_findings_that_appear_at_the_third_attempt_are_waited_for(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    # Each attempt that lists too few asks for the suppressed ones too.
    harness.double.plan = FaultPlan((AppearAt(call=5, before=20),))
    outcome = harness.scan(event)
    assert outcome.states == SETTLED + AGAIN + AGAIN + BRIEF
    assert harness.receive().attributes["total"] == "60"


def test_findings_that_never_appear_are_reported_as_missing(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    harness.double.plan = FaultPlan((AppearAt(call=99, before=20),))
    outcome = harness.scan(event)
    assert (outcome.status, outcome.states) == ("SUCCEEDED", SETTLED + 3 * AGAIN + BRIEF)
    message = harness.receive()
    assert message.subject.endswith("20 of 60 findings listed")
    assert message.text.startswith("INCOMPLETE: Inspector does not list all that")
    assert "differ (asked 4 times)" in message.text


def test_a_temporary_fault_is_retried_by_the_state_machine(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    # The function itself tries three times.
    harness.double.plan = FaultPlan((Throttle(calls=range(1, 4), retry_after=1),))
    outcome = harness.scan(event)
    assert (outcome.status, outcome.states) == ("SUCCEEDED", SETTLED + BRIEF)
    assert outcome.task_errors == ["InspectorThrottled"]
    assert harness.receive().attributes["total"] == "60"


def test_a_middle_page_that_fails_once_loses_no_finding(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    findings = list(harness.double.findings)
    harness.double.findings = [
        {**finding, "findingArn": f"{finding['findingArn']}{n}"}
        for n in range(5)
        for finding in findings
    ]
    event["detail"]["finding-severity-counts"]["TOTAL"] = 300
    harness.double.plan = FaultPlan((ServerError(calls=[2]),))
    outcome = harness.scan(event)
    assert (outcome.status, outcome.task_errors) == ("SUCCEEDED", [])
    assert harness.receive().attributes["total"] == "300"


def test_after_the_last_retry_the_fallback_is_sent_and_the_execution_fails(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    harness.double.plan = FaultPlan((ServerError(),))
    outcome = harness.scan(event)
    assert (outcome.status, outcome.error) == ("FAILED", "DetailsUnavailable")
    assert outcome.states == BEGIN + FAILED
    assert outcome.task_errors == ["InspectorUnavailable"] * 18
    fallback = follow_fallback(harness, newest(harness))
    assert (fallback.status, fallback.states) == ("SUCCEEDED", FALLBACK)
    message = harness.receive()
    assert message.subject == "CRITICAL 13 · HIGH 18 · sample-app · details unavailable"
    assert message.attributes["kind"] == "DETAILS_UNAVAILABLE"
    assert message.attributes["repository"] == "sample-app"
    chat = json.loads(harness.receive("https").text)["content"]
    assert "A scan of sample-app ended" in chat["description"]


def test_a_sent_brief_equals_its_preview(harness: StackHarness, event: dict[str, Any]) -> None:
    harness.double.plan = FaultPlan((Denied(),))
    harness.scan(event)
    expected = make_fallback(event, language="en", error="InspectorRefused")
    message = harness.receive()
    assert message.subject == expected["subject"]
    # The preview knows neither the cause nor the execution.
    until_the_cause = expected["message"]["default"].partition("\nInspectorRefused")[0]
    assert message.text.partition("\nInspectorRefused: ")[0] == until_the_cause
    assert newest(harness) in message.text
    assert message.attributes == expected["attributes"]


def test_a_refusal_of_inspector_is_not_retried(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    harness.double.plan = FaultPlan((Denied(),))
    outcome = harness.scan(event)
    assert (outcome.error, outcome.task_errors) == ("DetailsUnavailable", ["InspectorRefused"])
    assert len(harness.double.calls) == 1
    assert "InspectorRefused" in harness.receive().text


@pytest.mark.parametrize("counts", [None, {"CRITICAL": 1}, {"CRITICAL": None}])
def test_an_event_without_a_total_has_a_fallback_too(
    harness: StackHarness, event: dict[str, Any], counts: object
) -> None:
    event["detail"]["finding-severity-counts"] = counts
    harness.double.plan = FaultPlan((Denied(),))
    assert harness.scan(event).states == BEGIN + FAILED
    assert "does not say how many" in " ".join(harness.receive().text.split())


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"detail": {"image-digest": None}}, "detail.image-digest: given null"),
        ({"detail": {"image-digest": "latest"}}, "detail.image-digest: given"),
        ({"time": None}, "time: given null"),
        ({"time": "2026-02-30T00:00:00Z"}, "time: given"),
        ({"account": "444455556666"}, "account: given"),
        ({"account": 7}, "account: given 7"),
        ({"region": "eu-west-1"}, "region: given"),
        (
            {"detail": {"finding-severity-counts": {"CRITICAL": None}, "image-digest": 1}},
            "detail.image-digest: given 1",
        ),
    ],
)
def test_an_event_that_cannot_be_read_has_a_fallback(
    harness: StackHarness, event: dict[str, Any], changed: dict[str, Any], named: str
) -> None:
    event["detail"] |= changed.pop("detail", {})
    outcome = harness.run(event | changed)
    assert outcome.states == [*SETTLED, "UnreadableEvent", *FAILED]
    assert (outcome.status, outcome.error) == ("FAILED", "DetailsUnavailable")
    assert outcome.cause.startswith(named)
    message = harness.receive()
    assert message.attributes["kind"] == "DETAILS_UNAVAILABLE"
    assert f"UnreadableEvent: {named}" in message.text
    assert "null ·" not in message.text
    assert harness.double.calls == []


def test_the_fallback_reads_a_repository_of_any_name_from_its_arn(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    event["detail"]["repository-name"] += f"/with/more/{'n' * 200}"
    harness.double.plan = FaultPlan((Denied(),))
    harness.run(event)
    # The mail's filter lets through the stack's own repository only.
    message = harness.receive("https")
    assert len(message.subject) == 99
    assert message.attributes["repositoryArn"] == event["detail"]["repository-name"]
    content = json.loads(message.text)["content"]
    assert content["description"].startswith("A scan of sample-app/with/more/nnn")
    assert "email" not in {message.protocol for message in harness.outbox.messages}
    harness.outbox.clear()  # what was not sent by mail is not waited for


@contextmanager
def broken(harness: StackHarness, output: str, **variables: str) -> Iterator[None]:
    """A function that ends at its import, as after a bad deployment."""
    functions = harness.deployment.emulator.client("lambda")
    name = harness.deployment.outputs[output]
    good = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": good | variables}
    )
    yield
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": good})


@pytest.mark.parametrize(
    ("output", "variable", "before"),
    [
        ("FetchFindingsFunctionName", "TOP_FINDINGS", BEGIN),
        ("FormatMessageFunctionName", "LANGUAGE", [*SETTLED, "FormatMessage"]),
    ],
)
def test_a_function_that_crashes_is_tried_again_before_the_fallback(
    harness: StackHarness, event: dict[str, Any], output: str, variable: str, before: list[str]
) -> None:
    with broken(harness, output, **{variable: "xx"}):
        outcome = harness.scan(event)
    assert (outcome.status, outcome.error) == ("FAILED", "DetailsUnavailable")
    assert outcome.states == [*before, *FAILED]
    assert len(outcome.task_errors) == 3
    assert harness.receive().attributes["kind"] == "DETAILS_UNAVAILABLE"


def create_copy(harness: StackHarness, name: str, output: str, **replaced: str) -> str:
    """A copy of a deployed machine with some of its outputs' values replaced; its ARN."""
    states = harness.deployment.emulator.client("stepfunctions")
    deployed = states.describe_state_machine(stateMachineArn=harness.deployment.outputs[output])
    definition = deployed["definition"]
    for name_of_output, value in replaced.items():
        definition = definition.replace(harness.deployment.outputs[name_of_output], value)
    created = states.create_state_machine(
        name=name, definition=definition, roleArn=deployed["roleArn"]
    )
    return str(created["stateMachineArn"])


def start(harness: StackHarness, machine: str, state_input: object) -> Outcome:
    states = harness.deployment.emulator.client("stepfunctions")
    started = states.start_execution(stateMachineArn=machine, input=json.dumps(state_input))
    return harness.follow(started["executionArn"])


NO_TOPIC = "arn:aws:sns:ap-northeast-1:111122223333:gone"


def test_when_the_fallback_cannot_be_started_the_execution_fails_under_its_own_name(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    gone = "arn:aws:states:ap-northeast-1:111122223333:stateMachine:gone"
    machine = create_copy(
        harness, "NoFallback", "StateMachineArn", FallbackStateMachineArn=gone, TopicArn=NO_TOPIC
    )
    outcome = start(harness, machine, event)
    assert outcome.states == SETTLED + BRIEF[:-2] + FAILED
    assert (outcome.status, outcome.error) == ("FAILED", "DetailsUnavailable")
    assert harness.outbox.messages == []


def test_a_fallback_that_cannot_be_published_fails(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    machine = create_copy(harness, "NoTopic", "FallbackStateMachineArn", TopicArn=NO_TOPIC)
    outcome = start(
        harness, machine, {"request": event, "failure": {"Error": "X"}, "execution": ""}
    )
    assert (outcome.status, outcome.states) == ("FAILED", FALLBACK)
    assert outcome.error.startswith("SNS.")
    assert harness.outbox.messages == []


def nested(depth: int) -> object:
    value: object = "x"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("request_by_hand", "named"),
    [
        ({}, "repository: given nothing"),
        ({"Comment": "Insert your JSON here"}, "Comment: given"),
        ({"repository": "sample-app"}, "imageTag, imageDigest: given"),
        (
            {"repository": "sample-app", "imageDigest": "latest"},
            'imageDigest: given "latest"; accepted: sha256:',
        ),
        ([1], "request: given [1]"),
        ({"source": "aws.ec2", "detail": {}}, 'source: given "aws.ec2"; accepted: aws.inspector2'),
        ({"repository": "sample-app", "imageTag": "x" * 64_000}, 'imageTag: given "xxx'),
        ({"x" * 200_000: "y"}, "xxx"),
        ({"repository": ["y" * 200_000]}, 'repository: given ["yyy'),
        ({"repository": nested(400), "imageTag": "latest"}, "repository: given "),
    ],
)
def test_a_bad_request_ends_at_once(
    harness: StackHarness, request_by_hand: object, named: str
) -> None:
    outcome = harness.run(request_by_hand)
    assert (outcome.status, outcome.error) == ("FAILED", "InvalidRequest")
    assert outcome.states == [*SETTLED, "RequestRefused"]
    assert named in outcome.cause
    assert "accepted: " in outcome.cause
    assert len(outcome.cause) <= 1_000
    assert (harness.double.calls, harness.outbox.messages) == ([], [])


def test_a_request_by_hand_with_a_tag(harness: StackHarness) -> None:
    outcome = harness.run(BY_HAND)
    assert (outcome.status, outcome.states) == ("SUCCEEDED", SETTLED + ASKED_FOR)
    assert harness.receive().subject == "CRITICAL 13 · sample-app:1.4.2 (latest) · 60 findings"


def test_a_request_by_hand_with_a_digest(harness: StackHarness, event: dict[str, Any]) -> None:
    digest = event["detail"]["image-digest"]
    outcome = harness.run({"repository": "sample-app", "imageDigest": digest})
    assert (outcome.status, outcome.states) == ("SUCCEEDED", SETTLED + ASKED_FOR)
    assert harness.receive().attributes["total"] == "60"


def test_a_request_by_hand_with_the_event(harness: StackHarness, event: dict[str, Any]) -> None:
    assert harness.run(event).states == SETTLED + BRIEF


def test_an_image_that_inspector_does_not_know(harness: StackHarness) -> None:
    outcome = harness.run({**BY_HAND, "imageTag": "none-such"})
    assert (outcome.status, outcome.error) == ("FAILED", "ImageNotScanned")
    assert outcome.states == [*SETTLED, "RequestRefused"]
    assert outcome.cause.startswith("sample-app:none-such: Inspector does not know this image")


def test_an_image_that_inspector_could_not_scan(harness: StackHarness) -> None:
    (covered,) = harness.double.coverage
    status = {"statusCode": "INACTIVE", "reason": "ACCESS_DENIED"}
    harness.double.coverage = [{**covered, "scanStatus": status}]
    outcome = harness.run(BY_HAND)
    assert outcome.error == "ImageNotScanned"
    assert "denies Inspector access to the image (ACCESS_DENIED)" in outcome.cause


def test_the_fallback_of_a_request_by_hand_quotes_it(harness: StackHarness) -> None:
    harness.double.plan = FaultPlan((Denied(operation="ListCoverage"),))
    outcome = harness.run(BY_HAND)
    assert outcome.states == BEGIN + FAILED
    message = harness.receive()
    assert '{"repository":"sample-app","imageTag":"latest"}' in message.text
    assert message.attributes["repositoryArn"].endswith(":repository/sample-app")

"""Every path of the deployed state machine, with faults from the Inspector2 double: nothing is
mocked in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.inspector2_double import AppearAt, Denied, FaultPlan, ServerError, Throttle
from tests.harness import StackHarness

BEGIN = ["ReceiveRequest", "FetchFindings"]
BRIEF = ["FindingsSettled", "FormatMessage", "PublishMessage"]
AGAIN = ["FindingsSettled", "WaitForFindings", "CountAttempt", "FetchFindings"]
CHOOSE = ["ChooseLanguage", "TakeEnglishTexts", "ChooseFallback"]
OF_EVENT = ["BeginFallback", "TakeEvent", "SplitRepositoryArn", "RepositoryNamed", *CHOOSE]
FALLBACK = [
    *OF_EVENT,
    "SupplyZeros",
    "FormatFallback",
    "WriteFallback",
    "AddressFallback",
    "PublishFallback",
]
BY_HAND = {"repository": "sample-app", "imageTag": "latest"}


def test_first_try(harness: StackHarness, event: dict[str, Any]) -> None:
    outcome = harness.scan(event)
    assert (outcome.status, outcome.states) == ("SUCCEEDED", BEGIN + BRIEF)
    message = harness.receive()
    assert message.subject == "CRITICAL 13 · sample-app:1.4.2 · 60 findings"
    assert message.attributes == {
        "kind": "FINDINGS",
        "severity": "CRITICAL",
        "total": "60",
        "repository": "sample-app",
        "repositoryArn": "arn:aws:ecr:ap-northeast-1:111122223333:repository/sample-app",
    }
    assert set(json.loads(outcome.output)) == {"messageId"}


def test_findings_that_appear_at_the_third_call_are_waited_for(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    harness.double.plan = FaultPlan((AppearAt(call=3, before=20),))
    outcome = harness.scan(event)
    assert outcome.states == BEGIN + AGAIN + AGAIN + BRIEF
    assert harness.receive().attributes["total"] == "60"


def test_findings_that_never_appear_are_said_to_be_missing(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    harness.double.plan = FaultPlan((AppearAt(call=99, before=20),))
    outcome = harness.scan(event)
    assert (outcome.status, outcome.states) == ("SUCCEEDED", BEGIN + 3 * AGAIN + BRIEF)
    message = harness.receive()
    assert message.subject.endswith("20 of 60 findings listed")
    assert "Inspector listed 20 of these when asked 4 times" in " ".join(message.text.split())


def test_a_passing_fault_is_retried_by_the_state_machine(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    harness.double.plan = FaultPlan(
        (Throttle(calls=range(1, 4), retry_after=1),)
    )  # the client itself tries three times
    outcome = harness.scan(event)
    assert (outcome.status, outcome.states) == ("SUCCEEDED", BEGIN + BRIEF)
    assert outcome.task_errors == ["InspectorUnavailable"]
    assert harness.receive().attributes["total"] == "60"


def test_a_page_in_the_middle_that_fails_once_loses_nothing(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    findings = list(harness.double.findings)
    harness.double.findings = [
        {**one, "findingArn": f"{one['findingArn']}{n}"} for n in range(5) for one in findings
    ]
    event["detail"]["finding-severity-counts"]["TOTAL"] = 300
    harness.double.plan = FaultPlan((ServerError(calls=[2]),))
    outcome = harness.scan(event)
    assert (outcome.status, outcome.task_errors) == ("SUCCEEDED", [])
    assert harness.receive().attributes["total"] == "300"


def test_when_retries_are_used_up_the_fallback_is_sent_and_the_execution_fails(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    harness.double.plan = FaultPlan((ServerError(),))
    outcome = harness.scan(event)
    assert (outcome.status, outcome.error) == ("FAILED", "DetailsUnavailable")
    assert outcome.states == [*BEGIN, *FALLBACK, "DetailsUnavailable"]
    assert outcome.task_errors == ["InspectorUnavailable"] * 4
    message = harness.receive()
    assert message.subject == "CRITICAL 13 · HIGH 18 · sample-app · details unavailable"
    assert message.attributes["kind"] == "DETAILS_UNAVAILABLE"
    assert message.attributes["repository"] == "sample-app"
    assert json.loads(harness.receive("https").text)["content"]["description"] == message.text


def test_a_refusal_is_not_retried(harness: StackHarness, event: dict[str, Any]) -> None:
    harness.double.plan = FaultPlan((Denied(),))
    outcome = harness.scan(event)
    assert (outcome.error, outcome.task_errors) == ("DetailsUnavailable", ["InspectorRefused"])
    assert len(harness.double.calls) == 1
    assert "InspectorRefused" in harness.receive().text


@pytest.mark.parametrize("counts", [None, [], {}, "7", {"CRITICAL": 1}, {"TOTAL": "many"}])
def test_an_event_without_a_total_has_a_fallback_too(
    harness: StackHarness, event: dict[str, Any], counts: object
) -> None:
    event["detail"]["finding-severity-counts"] = counts
    harness.double.plan = FaultPlan((Denied(),))
    outcome = harness.scan(event)
    assert outcome.states[2:] == [
        *OF_EVENT,
        "WriteFallbackWithoutCounts",
        "AddressFallback",
        "PublishFallback",
        "DetailsUnavailable",
    ]
    assert "The scan event does not say how many there are in all." in harness.receive().text


def test_the_fallback_knows_a_repository_of_any_name_by_its_arn(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    event["detail"]["repository-name"] += "/with/more"
    harness.double.plan = FaultPlan((Denied(),))
    outcome = harness.run(event)
    assert outcome.states.count("JoinRepositoryName") == 2
    message = harness.receive(
        "https"
    )  # the mail's filter lets through the stack's own repository only
    assert message.subject == "CRITICAL 13 · HIGH 18 · sample-app/with/more · details unavailable"
    assert message.attributes["repository"] == "sample-app/with/more"
    assert message.attributes["repositoryArn"] == event["detail"]["repository-name"]
    assert json.loads(message.text)["content"]["description"].startswith(
        "A scan of sample-app/with/more ended.\n"
    )
    assert "email" not in {one.protocol for one in harness.outbox.messages}
    harness.outbox.clear()  # what was not sent by mail is not waited for


@pytest.fixture
def broken_formatter(harness: StackHarness) -> Iterator[None]:
    """FormatMessage as it is after a deployment gone wrong: a language that it does not have."""
    functions = harness.deployment.emulator.client("lambda")
    name = harness.deployment.outputs["FormatMessageFunctionName"]
    good = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": good | {"LANGUAGE": "xx"}}
    )
    yield
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": good})


@pytest.mark.usefixtures("broken_formatter")
def test_when_formatting_fails_the_fallback_is_sent(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    outcome = harness.scan(event)
    assert (outcome.status, outcome.error) == ("FAILED", "DetailsUnavailable")
    assert outcome.states == [
        *BEGIN,
        "FindingsSettled",
        "FormatMessage",
        *FALLBACK,
        "DetailsUnavailable",
    ]
    assert harness.receive().attributes["kind"] == "DETAILS_UNAVAILABLE"


def test_when_nothing_can_be_published_the_execution_fails(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    states = harness.deployment.emulator.client("stepfunctions")
    deployed = states.describe_state_machine(
        stateMachineArn=harness.deployment.outputs["StateMachineArn"]
    )
    gone = deployed["definition"].replace(
        harness.deployment.outputs["TopicArn"], "arn:aws:sns:ap-northeast-1:111122223333:gone"
    )
    machine = states.create_state_machine(
        name="NoTopic", definition=gone, roleArn=deployed["roleArn"]
    )
    started = states.start_execution(
        stateMachineArn=machine["stateMachineArn"], input=json.dumps(event)
    )
    outcome = harness.follow(started["executionArn"])
    assert outcome.states == [
        *BEGIN,
        *BRIEF,
        *FALLBACK,
        "PublishFallbackWithoutName",
        "DetailsUnavailable",
    ]
    assert (outcome.status, outcome.error) == ("FAILED", "DetailsUnavailable")
    assert harness.outbox.messages == []


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
    ],
)
def test_a_bad_request_ends_at_once(
    harness: StackHarness, request_by_hand: object, named: str
) -> None:
    outcome = harness.run(request_by_hand)
    assert (outcome.status, outcome.error) == ("FAILED", "InvalidRequest")
    assert outcome.states == [*BEGIN, "ExplainInvalidRequest", "InvalidRequest"]
    assert named in outcome.cause
    assert "accepted: " in outcome.cause
    assert (harness.double.calls, harness.outbox.messages) == ([], [])


def test_by_hand_by_tag(harness: StackHarness) -> None:
    outcome = harness.run(BY_HAND)
    assert (outcome.status, outcome.states) == ("SUCCEEDED", BEGIN + BRIEF)
    assert harness.receive().subject == "CRITICAL 13 · sample-app:latest · 60 findings"


def test_by_hand_by_digest(harness: StackHarness, event: dict[str, Any]) -> None:
    outcome = harness.run(
        {"repository": "sample-app", "imageDigest": event["detail"]["image-digest"]}
    )
    assert (outcome.status, outcome.states) == ("SUCCEEDED", BEGIN + BRIEF)
    assert harness.receive().attributes["total"] == "60"


def test_by_hand_with_the_event_again(harness: StackHarness, event: dict[str, Any]) -> None:
    assert harness.run(event).states == BEGIN + BRIEF


def test_an_image_that_inspector_does_not_know(harness: StackHarness) -> None:
    outcome = harness.run({**BY_HAND, "imageTag": "none-such"})
    assert (outcome.status, outcome.error) == ("FAILED", "ImageNotScanned")
    assert outcome.states == [*BEGIN, "ExplainImageNotScanned", "ImageNotScanned"]
    assert outcome.cause.startswith("sample-app:none-such: Inspector does not know this image")


def test_an_image_that_inspector_could_not_scan(harness: StackHarness) -> None:
    (covered,) = harness.double.coverage
    harness.double.coverage = [
        {**covered, "scanStatus": {"statusCode": "INACTIVE", "reason": "ACCESS_DENIED"}}
    ]
    outcome = harness.run(BY_HAND)
    assert outcome.error == "ImageNotScanned"
    assert "denies Inspector access to the image (ACCESS_DENIED)" in outcome.cause


def test_the_fallback_of_a_request_by_hand_quotes_it(harness: StackHarness) -> None:
    harness.double.plan = FaultPlan((Denied(operation="ListCoverage"),))
    outcome = harness.run(BY_HAND)
    assert outcome.states[2:] == [
        *("BeginFallback", "TakeRepository", *CHOOSE),
        "WriteFallbackByHand",
        "AddressFallback",
        "PublishFallback",
        "DetailsUnavailable",
    ]
    message = harness.receive()
    assert '{"repository":"sample-app","imageTag":"latest"}' in message.text
    assert message.attributes["repositoryArn"].endswith(":repository/sample-app")

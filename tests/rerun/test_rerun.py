"""`scan-brief rerun` against the deployed stack: output, exit status and executions."""

from __future__ import annotations

import json
from threading import Event
from typing import Any

import pytest

from local.emulator.process import poll
from local.inspector2_double import Denied, FaultPlan, Held, Throttle
from tests.gate import Gate
from tests.harness import StackHarness
from tests.rerun.command import IMAGE, Run, find_new, link


def test_without_wait_it_prints_the_execution_and_its_link(run: Run, harness: StackHarness) -> None:
    before = harness.list_executions()
    ended = run(*IMAGE)
    (arn,) = find_new(harness, before)
    assert (ended.status, ended.out, ended.err) == (0, f"{arn}\n{link(arn)}\n", "")
    states = harness.deployment.emulator.client("stepfunctions")
    assert json.loads(states.describe_execution(executionArn=arn)["input"]) == {
        "repository": "sample-app",
        "imageTag": "latest",
    }
    assert harness.follow(arn).status == "SUCCEEDED"
    assert harness.receive().subject == "CRITICAL 13 · sample-app:1.4.2 (latest) · 60 findings"


def test_a_rerun_by_tag_is_followed_until_the_brief_is_sent(
    run: Run, harness: StackHarness
) -> None:
    before = harness.list_executions()
    ended = run(*IMAGE, "--wait")
    (arn,) = find_new(harness, before)
    message = json.loads(harness.follow(arn).output)["messageId"]
    assert (ended.status, ended.out) == (0, f"sent: SNS message {message}\n{link(arn)}\n")
    states = [
        "ReceiveRequest",
        "FetchFindings",
        "FindingsSettled",
        "FormatMessage",
        "BriefComplete",
        "PublishMessage",
        "RememberBrief",
        "BriefSent",
    ]
    assert ended.err.splitlines() == [f"started {arn}", *states]
    harness.receive()


def test_a_rerun_by_digest(run: Run, harness: StackHarness, event: dict[str, Any]) -> None:
    ended = run("--repository", "sample-app", "--digest", event["detail"]["image-digest"], "--wait")
    assert (ended.status, ended.out[:6]) == (0, "sent: ")
    assert harness.receive().attributes["total"] == "60"


def test_an_image_that_is_not_scanned_is_reported_in_words(run: Run, harness: StackHarness) -> None:
    ended = run("--repository", "sample-app", "--tag", "none-such", "--wait")
    assert ended.status == 1
    outcome, address = ended.out.splitlines()
    assert outcome.startswith(
        "FAILED: ImageNotScanned: sample-app:none-such: Inspector does not know this image"
    )
    assert outcome.endswith("or build a single image with --provenance=false")
    assert address.startswith("https://")
    assert harness.outbox.messages == []


def test_an_index_is_found_by_the_digest_of_the_image_in_it_and_not_by_its_tag(
    run: Run, harness: StackHarness, event: dict[str, Any]
) -> None:
    """Inspector's coverage of what docker buildx pushed: the image, without the tag, which the
    index has.
    """
    (covered,) = harness.double.coverage
    image = {**covered["resourceMetadata"]["ecrImage"], "tags": []}
    harness.double.coverage = [
        {**covered, "resourceMetadata": {**covered["resourceMetadata"], "ecrImage": image}}
    ]
    assert "pushed as an index" in run(*IMAGE, "--wait").out
    ended = run("--repository", "sample-app", "--digest", event["detail"]["image-digest"], "--wait")
    assert (ended.status, ended.out[:6]) == (0, "sent: ")
    harness.receive()


def test_a_repository_that_the_stack_does_not_watch_can_be_requested(run: Run) -> None:
    ended = run("--repository", "other-app", "--tag", "latest", "--wait")
    assert "ImageNotScanned: other-app:latest: Inspector does not know" in ended.out


def test_when_fetching_fails_it_says_that_the_fallback_was_sent(
    run: Run, harness: StackHarness
) -> None:
    harness.double.plan = FaultPlan((Denied(operation="ListCoverage"),))
    ended = run(*IMAGE, "--wait")
    assert ended.status == 1
    outcome, sent, address = ended.out.splitlines()
    assert outcome.startswith("FAILED: DetailsUnavailable: list_coverage: ")
    assert "{" not in outcome
    assert sent == "The fallback brief, without findings, was sent."
    assert "FetchFindings: failed, InspectorRefused: list_coverage: " in ended.err
    assert address in harness.receive().text  # the same link as the stack's own


def test_a_retry_is_reported(run: Run, harness: StackHarness) -> None:
    harness.double.plan = FaultPlan((Throttle(calls=range(1, 4), retry_after=1),))
    ended = run(*IMAGE, "--wait")
    assert ended.status == 0
    _, _, fetched, failed, again, settled, *_ = ended.err.splitlines()
    assert (fetched, again, settled) == (
        "FetchFindings",
        "FetchFindings: attempt 2",
        "FindingsSettled",
    )
    assert failed.startswith("FetchFindings: failed, InspectorThrottled: ")
    harness.receive()


def test_an_unknown_stack_starts_nothing(run: Run, gate: Gate) -> None:
    ended = run(*IMAGE, "--stack-name", "NoSuchStack")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(
        'scan-brief: --stack-name: given "NoSuchStack"; accepted: a stack of this account in '
    )
    assert "ap-northeast-1" in ended.err
    assert ended.err.count("\n") == 1
    assert gate.calls == ["DescribeStacks"]


def test_a_stack_of_another_kind_starts_nothing(run: Run, gate: Gate) -> None:
    ended = run(*IMAGE, "--stack-name", "CDKToolkit")
    assert ended.status == 2
    assert "this one has no output StateMachineArn" in ended.err
    assert gate.calls == ["DescribeStacks"]


def test_an_invalid_tag_calls_no_aws_service(run: Run, gate: Gate) -> None:
    ended = run("--repository", "sample-app", "--tag", "a b")
    assert (ended.status, ended.out, gate.calls) == (2, "", [])


def test_a_stopped_execution_is_reported(
    run: Run, harness: StackHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = harness.list_executions()
    states = harness.deployment.emulator.client("stepfunctions")

    def wait_for_call(operation: str) -> None:
        def is_called() -> bool:
            return any(call.operation == operation for call in harness.double.calls)

        poll(is_called, 30, lambda: pytest.fail(f"{operation} was not called"))

    def stop(_: float) -> None:
        wait_for_call("ListCoverage")
        (arn,) = find_new(harness, before)
        states.stop_execution(executionArn=arn, cause="the wrong image")
        let_go.set()

    let_go = Event()
    harness.double.plan = FaultPlan((Held(operation="ListCoverage", until=let_go),))
    monkeypatch.setattr("scan_brief_cli.rerun.command.sleep", stop)
    ended = run(*IMAGE, "--wait")
    assert (ended.status, ended.out.splitlines()[0]) == (1, "ABORTED: the wrong image")
    wait_for_call(
        "ListFindings"
    )  # the function still worked, and its calls are not to be the next test's

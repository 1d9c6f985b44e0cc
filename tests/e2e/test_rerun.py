"""`scan-brief rerun` against the deployed stack: what it prints, how it ends, and how many executions it starts."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from local.aws.rerun.calls import PERMISSIONS
from local.cli import main
from local.emulator import poll
from local.inspector2_double import Denied, FaultPlan, Slow, Throttle
from tests.gate import Error, Gate, LostAnswer, stand_before
from tests.stage import Stage

IMAGE = ("--repository", "sample-app", "--tag", "latest")
DENIED = "User: arn:aws:iam::111122223333:user/x is not authorized to perform: states:X"


@dataclass
class Ended:
    """The exit status and what was printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def gate(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """The caller's AWS is the emulator, behind a gate. The clock runs faster, botocore's too."""
    monkeypatch.setattr("local.aws.rerun.command.sleep", sleep_less)
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=sleep_less))
    with stand_before(stage.deployment.emulator, monkeypatch) as gate:
        yield gate


@pytest.fixture
def run(gate: Gate, capsys: pytest.CaptureFixture[str]) -> Run:
    """`scan-brief rerun` with these arguments."""

    def run_command(*arguments: str) -> Ended:
        status = main(["rerun", *arguments])
        return Ended(status, *capsys.readouterr())

    return run_command


def sleep_less(seconds: float) -> None:
    time.sleep(seconds / 20)


def link(arn: str) -> str:
    home = "https://ap-northeast-1.console.aws.amazon.com/states/home?region=ap-northeast-1"
    return f"{home}#/v2/executions/details/{arn}"


def find_new(stage: Stage, before: list[str]) -> list[str]:
    return [one for one in stage.list_executions() if one not in before]


def test_without_wait_it_prints_the_execution_and_its_link(run: Run, stage: Stage) -> None:
    before = stage.list_executions()
    ended = run(*IMAGE)
    (arn,) = find_new(stage, before)
    assert (ended.status, ended.out, ended.err) == (0, f"{arn}\n{link(arn)}\n", "")
    states = stage.deployment.emulator.client("stepfunctions")
    assert json.loads(states.describe_execution(executionArn=arn)["input"]) == {
        "repository": "sample-app",
        "imageTag": "latest",
    }
    assert stage.follow(arn).status == "SUCCEEDED"
    assert stage.receive().subject == "CRITICAL 13 · sample-app:latest · 60 findings"


def test_by_tag_it_is_followed_until_the_brief_is_sent(run: Run, stage: Stage) -> None:
    before = stage.list_executions()
    ended = run(*IMAGE, "--wait")
    (arn,) = find_new(stage, before)
    message = json.loads(stage.follow(arn).output)["messageId"]
    assert (ended.status, ended.out) == (0, f"sent: SNS message {message}\n{link(arn)}\n")
    states = ["ReceiveRequest", "FetchFindings", "FindingsSettled", "FormatMessage", "PublishMessage"]
    assert ended.err.splitlines() == [f"started {arn}", *states]
    stage.receive()


def test_by_digest(run: Run, stage: Stage, event: dict[str, Any]) -> None:
    ended = run("--repository", "sample-app", "--digest", event["detail"]["image-digest"], "--wait")
    assert (ended.status, ended.out[:6]) == (0, "sent: ")
    assert stage.receive().attributes["total"] == "60"


def test_an_image_that_is_not_scanned_is_said_in_words(run: Run, stage: Stage) -> None:
    ended = run("--repository", "sample-app", "--tag", "none-such", "--wait")
    assert ended.status == 1
    said, address = ended.out.splitlines()
    assert said.startswith("FAILED: ImageNotScanned: sample-app:none-such: Inspector does not know this image")
    assert said.endswith("or build a single image with --provenance=false")
    assert address.startswith("https://")
    assert stage.outbox.messages == []


def test_an_index_is_found_by_the_digest_of_the_image_in_it_and_not_by_its_tag(
    run: Run, stage: Stage, event: dict[str, Any]
) -> None:
    """Inspector's coverage of what docker buildx pushed: the image, without the tag, which the index has."""
    (covered,) = stage.double.coverage
    image = {**covered["resourceMetadata"]["ecrImage"], "tags": []}
    stage.double.coverage = [{**covered, "resourceMetadata": {**covered["resourceMetadata"], "ecrImage": image}}]
    assert "pushed as an index" in run(*IMAGE, "--wait").out
    ended = run("--repository", "sample-app", "--digest", event["detail"]["image-digest"], "--wait")
    assert (ended.status, ended.out[:6]) == (0, "sent: ")
    stage.receive()


def test_a_repository_that_the_stack_does_not_watch_may_be_asked_for(run: Run) -> None:
    ended = run("--repository", "other-app", "--tag", "latest", "--wait")
    assert "ImageNotScanned: other-app:latest: Inspector does not know" in ended.out


def test_when_fetching_fails_it_says_that_the_fallback_was_sent(run: Run, stage: Stage) -> None:
    stage.double.plan = FaultPlan((Denied(operation="ListCoverage"),))
    ended = run(*IMAGE, "--wait")
    assert ended.status == 1
    said, sent, address = ended.out.splitlines()
    assert said.startswith("FAILED: DetailsUnavailable: list_coverage: ")
    assert "{" not in said
    assert sent == "A message without the findings was sent."
    assert "FetchFindings: failed, InspectorRefused: list_coverage: " in ended.err
    assert address in stage.receive().text  # the same link as the stack's own


def test_a_retry_is_told(run: Run, stage: Stage) -> None:
    stage.double.plan = FaultPlan((Throttle(calls=range(1, 4), retry_after=1),))
    ended = run(*IMAGE, "--wait")
    assert ended.status == 0
    _, _, fetched, failed, again, settled, *_ = ended.err.splitlines()
    assert (fetched, again, settled) == ("FetchFindings", "FetchFindings: try 2", "FindingsSettled")
    assert failed.startswith("FetchFindings: failed, InspectorUnavailable: ")
    stage.receive()


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
    assert "this stack has no output StateMachineArn" in ended.err
    assert gate.calls == ["DescribeStacks"]


def test_a_bad_tag_asks_aws_for_nothing(run: Run, gate: Gate) -> None:
    ended = run("--repository", "sample-app", "--tag", "a b")
    assert (ended.status, ended.out, gate.calls) == (2, "", [])


@pytest.mark.parametrize(
    ("code", "permission"),
    [
        ("AccessDenied", "cloudformation:DescribeStacks"),
        ("AccessDeniedException", "states:StartExecution"),
        ("AccessDeniedException", "states:DescribeExecution"),
    ],
)
def test_a_missing_permission_is_named_and_nothing_started(
    code: str, permission: str, run: Run, gate: Gate, stage: Stage
) -> None:
    before = stage.list_executions()
    gate.turns[permission.partition(":")[2]] = Error(code, DENIED, 403)
    ended = run(*IMAGE, "--wait")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"scan-brief: the permission {permission} on ")
    assert ended.err.count("\n") == 1
    assert find_new(stage, before) == []


def test_without_wait_only_two_permissions_are_needed(run: Run, gate: Gate, stage: Stage) -> None:
    assert run(*IMAGE).status == 0
    assert gate.calls == ["DescribeStacks", "StartExecution"]
    stage.receive()


def test_with_wait_it_asks_for_nothing_that_the_runbook_does_not_list(run: Run, gate: Gate, stage: Stage) -> None:
    assert run(*IMAGE, "--wait").status == 0
    assert set(gate.calls) == {permission.partition(":")[2] for permission in PERMISSIONS}
    stage.receive()


def test_without_the_history_the_outcome_is_still_told(run: Run, gate: Gate, stage: Stage) -> None:
    gate.turns["GetExecutionHistory"] = Error("AccessDeniedException", DENIED)
    ended = run(*IMAGE, "--wait")
    assert (ended.status, ended.out[:6]) == (0, "sent: ")
    _, hint = ended.err.splitlines()
    assert hint.startswith("the permission states:GetExecutionHistory on ")
    assert gate.calls.count("GetExecutionHistory") == 1
    stage.receive()


def test_credentials_that_ended_are_said(run: Run, gate: Gate) -> None:
    gate.turns["DescribeStacks"] = Error("ExpiredToken", "The security token is expired", 403)
    ended = run(*IMAGE)
    assert (ended.status, ended.err.count("\n")) == (2, 1)
    assert "DescribeStacks: no valid credentials: ExpiredToken; sign in again" in ended.err


def test_throttling_while_following_is_tolerated(run: Run, gate: Gate, stage: Stage) -> None:
    gate.turns["GetExecutionHistory"] = Error("ThrottlingException", "Rate exceeded", times=4)
    ended = run(*IMAGE, "--wait")
    assert (ended.status, ended.out[:6]) == (0, "sent: ")
    assert "PublishMessage" in ended.err.splitlines()
    stage.receive()


def test_when_no_answer_comes_for_long_it_leaves_the_link(
    run: Run, gate: Gate, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.aws.rerun.command._MOST_UNANSWERED", 2)
    before = stage.list_executions()
    gate.turns["DescribeExecution"] = Error("InternalError", "an internal error", 500, spare=1)
    ended = run(*IMAGE, "--wait")
    (arn,) = find_new(stage, before)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.splitlines()[-1].endswith(f"no longer followed; the execution goes on: {link(arn)}")
    assert gate.calls.count("DescribeExecution") == 1 + 3 * 3  # each poll is tried three times
    stage.receive()


def test_answers_that_fail_now_and_then_are_no_reason_to_give_up(
    run: Run, gate: Gate, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.aws.rerun.command._MOST_UNANSWERED", 1)
    stage.double.plan = FaultPlan((Slow(operation="ListCoverage", seconds=1.5),))
    gate.turns["DescribeExecution"] = Error("InternalError", "", 500, times=3, spare=1)  # the first poll
    gate.turns["GetExecutionHistory"] = Error("InternalError", "", 500, times=3, spare=1)  # the third
    assert run(*IMAGE, "--wait").status == 0
    stage.receive()


def test_a_lost_answer_to_the_start_is_asked_for_again_and_starts_one(run: Run, gate: Gate, stage: Stage) -> None:
    before = stage.list_executions()
    gate.turns["StartExecution"] = LostAnswer(times=1)
    ended = run(*IMAGE, "--wait")
    assert gate.calls.count("StartExecution") == 2
    (arn,) = find_new(stage, before)
    assert (ended.status, ended.err.splitlines()[0]) == (0, f"started {arn}")
    stage.receive()


def test_when_no_answer_to_the_start_comes_it_says_where_to_look(run: Run, gate: Gate, stage: Stage) -> None:
    before = stage.list_executions()
    gate.turns["StartExecution"] = Error("InternalError", "an internal error", 500)
    ended = run(*IMAGE)
    assert (ended.status, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "it may have been started, so look first: https://" in ended.err
    assert find_new(stage, before) == []


def test_a_sign_in_that_ends_while_following_leaves_the_link(run: Run, gate: Gate, stage: Stage) -> None:
    before = stage.list_executions()
    gate.turns["GetExecutionHistory"] = Error("ExpiredTokenException", "expired")
    gate.turns["DescribeExecution"] = Error("ExpiredTokenException", "expired", spare=1)  # asked before the start
    ended = run(*IMAGE, "--wait")
    (arn,) = find_new(stage, before)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.splitlines()[-1].endswith(f"no longer followed; the execution goes on: {link(arn)}")
    assert stage.follow(arn).status == "SUCCEEDED"
    stage.receive()


def test_ctrl_c_while_following_says_that_it_goes_on(run: Run, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    stage.double.plan = FaultPlan((Slow(operation="ListCoverage", seconds=1),))
    monkeypatch.setattr("local.aws.rerun.command.sleep", interrupt)
    before = stage.list_executions()
    ended = run(*IMAGE, "--wait")
    (arn,) = find_new(stage, before)
    assert (ended.status, ended.out) == (130, "")
    assert ended.err.splitlines()[-1] == f"no longer followed; the execution goes on: {link(arn)}"
    assert stage.follow(arn).status == "SUCCEEDED"
    stage.receive()


def test_one_that_somebody_stops_is_said_to_be_stopped(
    run: Run, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stage.list_executions()
    states = stage.deployment.emulator.client("stepfunctions")

    def wait_for_call(operation: str) -> None:
        def came() -> bool:
            return any(call.operation == operation for call in stage.double.calls)

        poll(came, 30, lambda: pytest.fail(f"{operation} was not called"))

    def stop(_: float) -> None:
        wait_for_call("ListCoverage")
        (arn,) = find_new(stage, before)
        states.stop_execution(executionArn=arn, cause="the wrong image")

    stage.double.plan = FaultPlan((Slow(operation="ListCoverage", seconds=1),))
    monkeypatch.setattr("local.aws.rerun.command.sleep", stop)
    ended = run(*IMAGE, "--wait")
    assert (ended.status, ended.out.splitlines()[0]) == (1, "ABORTED: the wrong image")
    wait_for_call("ListFindings")  # the function still worked, and its calls are not to be the next test's

"""`scan-brief rerun` without permissions, responses or credentials: nothing starts twice."""

from __future__ import annotations

from itertools import count
from threading import Event

import pytest

from local.inspector2_double import FaultPlan, Held
from scan_brief_cli.rerun.calls import PERMISSIONS
from tests.gate import Error, Gate, LostAnswer
from tests.harness import StackHarness
from tests.rerun.command import IMAGE, Run, find_new, link

DENIED = "User: arn:aws:iam::111122223333:user/x is not authorized to perform: states:X"


@pytest.mark.parametrize(
    ("code", "permission"),
    [
        ("AccessDenied", "cloudformation:DescribeStacks"),
        ("AccessDeniedException", "states:StartExecution"),
        ("AccessDeniedException", "states:DescribeExecution"),
    ],
)
def test_a_missing_permission_is_named_and_nothing_is_started(
    code: str, permission: str, run: Run, gate: Gate, harness: StackHarness
) -> None:
    before = harness.list_executions()
    gate.turns[permission.partition(":")[2]] = Error(code, DENIED, 403)
    ended = run(*IMAGE, "--wait")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"scan-brief: the permission {permission} on ")
    assert ended.err.count("\n") == 1
    assert find_new(harness, before) == []


def test_without_wait_only_two_permissions_are_needed(
    run: Run, gate: Gate, harness: StackHarness
) -> None:
    assert run(*IMAGE).status == 0
    assert gate.calls == ["DescribeStacks", "StartExecution"]
    harness.receive()


def test_with_wait_only_the_permissions_in_the_runbook_are_needed(
    run: Run, gate: Gate, harness: StackHarness
) -> None:
    assert run(*IMAGE, "--wait").status == 0
    assert set(gate.calls) == {permission.partition(":")[2] for permission in PERMISSIONS}
    harness.receive()


def test_without_the_history_the_outcome_is_still_reported(
    run: Run, gate: Gate, harness: StackHarness
) -> None:
    gate.turns["GetExecutionHistory"] = Error("AccessDeniedException", DENIED)
    ended = run(*IMAGE, "--wait")
    assert (ended.status, ended.out[:6]) == (0, "sent: ")
    _, hint = ended.err.splitlines()
    assert hint.startswith("the permission states:GetExecutionHistory on ")
    assert gate.calls.count("GetExecutionHistory") == 1
    harness.receive()


def test_expired_credentials_are_reported(run: Run, gate: Gate) -> None:
    gate.turns["DescribeStacks"] = Error("ExpiredToken", "The security token is expired", 403)
    ended = run(*IMAGE)
    assert (ended.status, ended.err.count("\n")) == (2, 1)
    assert "DescribeStacks: no valid credentials: ExpiredToken; sign in again" in ended.err


def test_throttling_while_following_is_tolerated(
    run: Run, gate: Gate, harness: StackHarness
) -> None:
    gate.turns["GetExecutionHistory"] = Error("ThrottlingException", "Rate exceeded", times=4)
    ended = run(*IMAGE, "--wait")
    assert (ended.status, ended.out[:6]) == (0, "sent: ")
    assert "PublishMessage" in ended.err.splitlines()
    harness.receive()


def test_after_a_long_time_without_a_response_the_link_is_printed(
    run: Run, gate: Gate, harness: StackHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scan_brief_cli.rerun.command._MOST_UNANSWERED", 2)
    before = harness.list_executions()
    gate.turns["DescribeExecution"] = Error("InternalError", "an internal error", 500, spare=1)
    ended = run(*IMAGE, "--wait")
    (arn,) = find_new(harness, before)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.splitlines()[-1].endswith(
        f"stopped following; the execution continues: {link(arn)}"
    )
    assert gate.calls.count("DescribeExecution") == 1 + 3 * 3  # each poll is tried three times
    harness.receive()


def test_single_failed_responses_do_not_end_the_command(
    run: Run, gate: Gate, harness: StackHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scan_brief_cli.rerun.command._MOST_UNANSWERED", 1)
    let_go, polls = Event(), count(1)

    def pause(_: float) -> None:
        if next(polls) == 3:
            let_go.set()

    harness.double.plan = FaultPlan((Held(operation="ListCoverage", until=let_go),))
    monkeypatch.setattr("scan_brief_cli.rerun.command.sleep", pause)
    gate.turns["DescribeExecution"] = Error(
        "InternalError", "", 500, times=3, spare=1
    )  # the first poll
    gate.turns["GetExecutionHistory"] = Error(
        "InternalError", "", 500, times=3, spare=1
    )  # the third
    assert run(*IMAGE, "--wait").status == 0
    harness.receive()


def test_a_lost_response_to_the_start_is_retried_and_starts_one_execution(
    run: Run, gate: Gate, harness: StackHarness
) -> None:
    before = harness.list_executions()
    gate.turns["StartExecution"] = LostAnswer(times=1)
    ended = run(*IMAGE, "--wait")
    assert gate.calls.count("StartExecution") == 2
    (arn,) = find_new(harness, before)
    assert (ended.status, ended.err.splitlines()[0]) == (0, f"started {arn}")
    harness.receive()


def test_without_a_response_to_the_start_the_place_to_look_is_printed(
    run: Run, gate: Gate, harness: StackHarness
) -> None:
    before = harness.list_executions()
    gate.turns["StartExecution"] = Error("InternalError", "an internal error", 500)
    ended = run(*IMAGE)
    assert (ended.status, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "it may have been started, so check first: https://" in ended.err
    assert find_new(harness, before) == []


def test_credentials_that_expire_while_following_leave_the_link(
    run: Run, gate: Gate, harness: StackHarness
) -> None:
    before = harness.list_executions()
    gate.turns["GetExecutionHistory"] = Error("ExpiredTokenException", "expired")
    gate.turns["DescribeExecution"] = Error(
        "ExpiredTokenException", "expired", spare=1
    )  # asked before the start
    ended = run(*IMAGE, "--wait")
    (arn,) = find_new(harness, before)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.splitlines()[-1].endswith(
        f"stopped following; the execution continues: {link(arn)}"
    )
    assert harness.follow(arn).status == "SUCCEEDED"
    harness.receive()


def test_ctrl_c_while_following_reports_that_the_execution_continues(
    run: Run, harness: StackHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = Event()

    def interrupt(_: float) -> None:
        let_go.set()
        raise KeyboardInterrupt

    harness.double.plan = FaultPlan((Held(operation="ListCoverage", until=let_go),))
    monkeypatch.setattr("scan_brief_cli.rerun.command.sleep", interrupt)
    before = harness.list_executions()
    ended = run(*IMAGE, "--wait")
    (arn,) = find_new(harness, before)
    assert (ended.status, ended.out) == (130, "")
    assert ended.err.splitlines()[-1] == f"stopped following; the execution continues: {link(arn)}"
    assert harness.follow(arn).status == "SUCCEEDED"
    harness.receive()

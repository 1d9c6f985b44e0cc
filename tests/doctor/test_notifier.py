"""`scan-brief doctor` against the deployed stack: what can be wrong from the event on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from tests.doctor.doctor_harness import (
    DoctorHarness,
    assert_only_problem,
    list_executions,
)
from tests.gate import Answer


@contextmanager
def disabled_rule(doctor: DoctorHarness) -> Iterator[None]:
    rules, name = doctor.client("events"), doctor.find("AWS::Events::Rule")
    rules.disable_rule(Name=name)
    try:
        yield
    finally:
        rules.enable_rule(Name=name)


@contextmanager
def other_target(doctor: DoctorHarness) -> Iterator[None]:
    rules, name = doctor.client("events"), doctor.find("AWS::Events::Rule")
    targets = rules.list_targets_by_rule(Rule=name)["Targets"]
    rules.put_targets(Rule=name, Targets=[{**targets[0], "Arn": targets[0]["Arn"] + "2"}])
    try:
        yield
    finally:
        rules.put_targets(Rule=name, Targets=targets)


@contextmanager
def dead_letter(doctor: DoctorHarness) -> Iterator[None]:
    queues, url = doctor.client("sqs"), doctor.find("AWS::SQS::Queue")
    queues.send_message(QueueUrl=url, MessageBody="{}")
    try:
        yield
    finally:
        queues.purge_queue(QueueUrl=url)


@contextmanager
def dead_letter_in_hand(doctor: DoctorHarness) -> Iterator[None]:
    """A consumer has received the message, so the queue does not show it."""
    with dead_letter(doctor):
        doctor.client("sqs").receive_message(
            QueueUrl=doctor.find("AWS::SQS::Queue"), VisibilityTimeout=600
        )
        yield


BROKEN: dict[str, tuple[Callable[[DoctorHarness], AbstractContextManager[None]], str]] = {
    "rule": (disabled_rule, "is DISABLED: its events start nothing"),
    "rule, target": (other_target, "does not start the stack's state machine"),
    "dead-letter-queue": (dead_letter, "has about 1 events"),
    "dead-letter-queue, in hand": (dead_letter_in_hand, "has about 1 events"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_notifier_is_a_failure(doctor: DoctorHarness, what: str) -> None:
    break_it, expected = BROKEN[what]
    with break_it(doctor):
        status, report = doctor.examine()
    assert status == 1
    assert_only_problem(report, what.partition(",")[0], "failure", expected)
    assert doctor.examine()[1]["verdict"] == "ok"


def test_the_last_execution(doctor: DoctorHarness) -> None:
    """The emulator's own executions: a failed one, then a successful one."""
    del doctor.gate.turns["ListExecutions"]

    def failed() -> list[dict[str, Any]]:
        checks = doctor.examine()[1]["checks"]
        return [check for check in checks if "ended as FAILED" in check["said"]]

    outcome = doctor.harness.run({"repository": "sample-app"})
    assert outcome.status == "FAILED"
    (check,) = failed()
    assert (check["check"], check["verdict"]) == ("workflow", "warning")
    assert "ended as FAILED: InvalidRequest: " in check["said"]
    newest = doctor.harness.list_executions()
    assert any(f"#/v2/executions/details/{arn}" in check["advice"] for arn in newest)
    doctor.harness.double.coverage = None
    assert (
        doctor.harness.run({"repository": "sample-app", "imageTag": "1.4.2"}).status == "SUCCEEDED"
    )
    doctor.cover("SUCCESSFUL")
    assert failed() == []


def test_a_failed_execution_without_read_permission_is_a_failure(doctor: DoctorHarness) -> None:
    doctor.gate.turns["ListExecutions"] = list_executions("FAILED")
    doctor.deny("states:DescribeExecution")
    checks = [check for check in doctor.examine()[1]["checks"] if check["check"] == "workflow"]
    assert [check["verdict"] for check in checks] == ["warning", "failure"] * 6  # of each machine
    assert "states:DescribeExecution" in checks[0]["said"]


def test_no_execution_yet(doctor: DoctorHarness) -> None:
    doctor.gate.turns["ListExecutions"] = Answer({"executions": []})
    report = doctor.examine()[1]
    said = {
        verdict: sorted(
            check["said"]
            for check in report["checks"]
            if check["check"] == "workflow" and check["verdict"] == verdict
        )
        for verdict in ("ok", "warning")
    }
    assert {text.partition(", ")[2] for text in said["ok"]} == {
        "the fallback, was never needed",
        "which sends digests, was not yet started by its schedule",
        "which sends summaries, was never needed",
    }
    assert len(said["warning"]) == 3
    assert all(text.endswith(" was never started") for text in said["warning"])

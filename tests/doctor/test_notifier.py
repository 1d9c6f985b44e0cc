"""`scan-brief doctor` against the deployed stack: what can be wrong from the event on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from xml.sax.saxutils import escape

import pytest

from scan_brief.scan.request import Registry
from scan_brief_cli.aws.session import open_session
from scan_brief_cli.doctor.calls import Account
from scan_brief_cli.doctor.notifier import Notifier
from scan_brief_cli.doctor.stack import TOPIC, Stack
from tests.doctor.doctor_harness import (
    CHECKS,
    DoctorHarness,
    assert_only_problem,
    by_name,
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


SUBSCRIPTION = "AWS::SNS::Subscription"
ADDRESS = "platform-team@example.com"  # of the settings


def list_subscriptions(*arns: str, address: str = ADDRESS, topic: str = "BriefTopic") -> Answer:
    """Of one topic. The emulator confirms each email subscription, and keeps all."""
    members = "".join(
        f"<member><SubscriptionArn>{escape(arn)}</SubscriptionArn><Protocol>email</Protocol>"
        f"<Endpoint>{address}</Endpoint></member>"
        for arn in arns
    )
    result = f"<ListSubscriptionsByTopicResult><Subscriptions>{members}</Subscriptions>"
    return Answer(
        f"<ListSubscriptionsByTopicResponse>{result}"
        "</ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>",
        only=topic,
    )


@pytest.mark.parametrize(
    ("arns", "verdict", "expected"),
    [
        (["PendingConfirmation"], "failure", "not confirmed: 1 email; confirmed: none"),
        (
            ["PendingConfirmation", "arn:aws:sns:x:1:t:1"],
            "warning",
            "not confirmed: 1 email; confirmed: 1 email",
        ),
        (
            ["PendingConfirmation", SUBSCRIPTION],
            "warning",
            "not confirmed: 1 email; confirmed: 1 email",
        ),
        ([], "failure", "the subscription of NotifierBriefTopicplatformteamexamplecom"),
        (
            ["Deleted"],
            "failure",
            f"the subscription of {ADDRESS}: it was not confirmed within 48 hours",
        ),
    ],
)
def test_subscriptions(doctor: DoctorHarness, arns: list[str], verdict: str, expected: str) -> None:
    own = [doctor.find(arn) if arn == SUBSCRIPTION else arn for arn in arns]
    doctor.gate.turns["ListSubscriptionsByTopic"] = list_subscriptions(*own)
    assert_only_problem(doctor.examine()[1], "topic", verdict, expected)


@pytest.mark.parametrize(
    ("arns", "expected"),
    [
        (["PendingConfirmation"], "not confirmed: 1 email; confirmed: none"),
        ([], "the operations topic"),
        (["Deleted"], f"has lost the subscription of {ADDRESS}: it was not confirmed within 48"),
    ],
)
def test_subscriptions_of_the_operations_topic(
    doctor: DoctorHarness, arns: list[str], expected: str
) -> None:
    doctor.gate.turns["ListSubscriptionsByTopic"] = list_subscriptions(
        *arns, topic="OperationsTopic"
    )
    report = doctor.examine()[1]
    assert_only_problem(report, "topic", "failure", expected)
    assert "operations topic" in by_name(report)["topic"]["said"]


def test_one_missing_subscription_is_found_among_others(doctor: DoctorHarness) -> None:
    doctor.gate.turns["ListSubscriptionsByTopic"] = list_subscriptions(
        "arn:aws:sns:x:1:t:1", address="x@example.com"
    )
    status, report = doctor.examine()
    assert status == 1
    verdicts = [check["verdict"] for check in report["checks"] if check["check"] == "topic"]
    assert sorted(verdicts) == ["failure", "ok", "ok"]


def test_a_subscription_of_another_topic_is_not_reported_as_missing(doctor: DoctorHarness) -> None:
    """Another stack can have more than a notifier."""
    other = {
        "Own6AC1C673": doctor.find(SUBSCRIPTION),
        "OtherTopicSubscription6AC1C673": "arn:aws:sns:x:1:Other:1",
    }
    stack = Stack("Own", "111122223333", "CREATE_COMPLETE", {TOPIC: [doctor.find(TOPIC)]}, other)
    account = Account(open_session())
    registry = Registry(account="111122223333", region="ap-northeast-1", partition="aws")
    checks = [
        check for check in Notifier(account, registry, stack).check([]) if check.name == "topic"
    ]
    account.close()
    assert [check.verdict for check in checks] == ["ok"]


@pytest.mark.parametrize(
    ("arn", "said"),
    [
        (
            "arn:aws:sns:ap-northeast-1:111122223333:alarms",
            ["the operations topic alarms has no subscriptions: alarms reach nobody"],
        ),
        ("arn:aws:sns:eu-central-1:111122223333:alarms", []),  # cannot be the topic of the alarms
        ("arn:aws:sns:ap-northeast-1:444455556666:alarms", []),  # answers only its own account
        ("", []),
    ],
)
def test_the_topic_of_the_alarms_that_somebody_else_has(
    doctor: DoctorHarness, arn: str, said: list[str]
) -> None:
    doctor.client("sns").create_topic(Name="alarms")
    own = {TOPIC: [doctor.find(TOPIC)]}
    stack = Stack("Own", "111122223333", "CREATE_COMPLETE", own, {}, operations=arn)
    account = Account(open_session())
    registry = Registry(account="111122223333", region="ap-northeast-1", partition="aws")
    checks = [
        check for check in Notifier(account, registry, stack).check([]) if check.name == "topic"
    ]
    account.close()
    doctor.client("sns").delete_topic(TopicArn="arn:aws:sns:ap-northeast-1:111122223333:alarms")
    assert [check.text for check in checks if "operations" in check.text] == said


def test_another_stack_is_not_a_notifier(doctor: DoctorHarness) -> None:
    _, report = doctor.examine("--stack-name", "CDKToolkit", "--repository", "sample-app")
    found = by_name(report)
    failed = [name for name, check in found.items() if check["verdict"] == "failure"]
    assert failed == [*CHECKS[6:-2], "topic"]
    assert found["rule"]["said"] == "the stack CDKToolkit has no rule"

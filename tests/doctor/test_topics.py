"""`scan-brief doctor` against the deployed stack: the topics and their subscriptions."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest

from scan_brief.scan.request import Registry
from scan_brief_cli.aws.session import open_session
from scan_brief_cli.doctor.calls import Account
from scan_brief_cli.doctor.notifier import Notifier
from scan_brief_cli.doctor.stack import TOPIC, Stack
from tests.doctor.doctor_harness import CHECKS, DoctorHarness, assert_only_problem, by_name
from tests.gate import Answer

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

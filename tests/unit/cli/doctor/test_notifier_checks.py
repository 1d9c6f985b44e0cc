"""From an answer of AWS to a verdict and what to do: stack, rule, queue, workflow and topic."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from scan_brief.scan.request import Registry
from scan_brief_cli.doctor.notifier_checks import (
    check_execution,
    check_queue,
    check_rule,
    check_stack,
    check_watched,
)
from scan_brief_cli.doctor.stack import (
    RuleName,
    Stack,
    parse_rule_name,
    read_subscriptions,
    read_watched,
)
from scan_brief_cli.doctor.topic_checks import OPERATIONS, check_topic

REGISTRY = Registry(account="111122223333", region="eu-central-1", partition="aws")
NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
MACHINE = "arn:aws:states:eu-central-1:111122223333:stateMachine:Brief"
URGENT_QUEUE = "arn:aws:sqs:eu-central-1:111122223333:Urgent"


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("CREATE_COMPLETE", "ok"),
        ("UPDATE_COMPLETE", "ok"),
        ("UPDATE_ROLLBACK_COMPLETE", "ok"),  # the state before the update, whole
        ("IMPORT_COMPLETE", "ok"),
        ("UPDATE_IN_PROGRESS", "warning"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "warning"),
        ("ROLLBACK_COMPLETE", "failure"),
        ("CREATE_FAILED", "failure"),
        ("UPDATE_ROLLBACK_FAILED", "failure"),
        ("DELETE_FAILED", "failure"),
    ],
)
def test_a_stack(status: str, verdict: str) -> None:
    check = check_stack(Stack("ScanBrief", "111122223333", status, {}, {}), "ScanBrief", REGISTRY)
    assert (check.verdict, status in check.text) == (verdict, True)


def test_no_stack() -> None:
    check = check_stack(None, "ScanBrief", REGISTRY)
    assert (check.verdict, check.text) == (
        "failure",
        "there is no stack ScanBrief in 111122223333 eu-central-1",
    )


@pytest.mark.parametrize(
    ("state", "bus", "target", "verdict", "expected"),
    [
        ("ENABLED", "default", MACHINE, "ok", "starts Brief"),
        ("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "default", MACHINE, "ok", "starts Brief"),
        ("DISABLED", "default", MACHINE, "failure", "is DISABLED"),
        ("ENABLED", "default", URGENT_QUEUE, "ok", "fills Urgent"),
        ("ENABLED", "default", MACHINE + "2", "failure", "does not start"),
        ("ENABLED", "own", MACHINE, "failure", "on the bus own"),
    ],
)
def test_a_rule(state: str, bus: str, target: str, verdict: str, expected: str) -> None:
    check = check_rule(
        RuleName("R", bus),
        {"State": state},
        [{"Id": "1", "Arn": target}],
        [MACHINE, URGENT_QUEUE],
    )
    assert (check.verdict, expected in check.text) == (verdict, True)


def test_a_repository_is_watched_or_not() -> None:
    assert check_watched("sample-app", ["R"]).verdict == "ok"
    assert check_watched("sample-app", []).verdict == "failure"


@pytest.mark.parametrize(
    ("physical_id", "expected"),
    [
        ("ScanBrief-Rule-1", RuleName("ScanBrief-Rule-1", "default")),
        ("own|Rule", RuleName("Rule", "own")),
    ],
)
def test_the_name_of_a_rule(physical_id: str, expected: RuleName) -> None:
    assert parse_rule_name(physical_id) == expected


ARN = "arn:aws:ecr:eu-central-1:111122223333:repository/"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (f'{{"detail": {{"repository-name": ["{ARN}a", "{ARN}team/b"]}}}}', ["a", "team/b"]),
        (
            f'{{"detail": {{"repository-name": ["{ARN}a", {{"prefix": "{ARN}team/"}}]}}}}',
            ["a", "team/*"],
        ),
        (f'{{"detail": {{"repository-name": [{{"prefix": "{ARN}"}}]}}}}', ["*"]),
        (
            (
                f'{{"detail": {{"repository-name": [{{"wildcard": "{ARN}*/app"}}, {{"prefix": 1}},'
                " 1]}}"
            ),
            [],
        ),
        ('{"detail": {"repository-name": ["a"]}}', []),
        ('{"detail": {"repository-name": "a"}}', []),
        ('{"detail": []}', []),
        ("{}", []),
        ("[1]", []),
        ("{", []),
        ("", []),
        (None, []),
    ],
)
def test_the_repositories_that_a_pattern_matches(pattern: str | None, expected: list[str]) -> None:
    assert read_watched(pattern) == expected


def test_a_queue() -> None:
    url = "https://sqs.eu-central-1.amazonaws.com/111122223333/Dead"
    assert check_queue(url, {"a": "0", "b": "0"}).text == "the dead-letter queue Dead is empty"
    for attributes in ({"a": "2", "b": "0"}, {"a": "0", "b": "2"}):
        assert check_queue(url, attributes).verdict == "failure"


def execution(status: str) -> dict[str, Any]:
    return {
        "executionArn": f"{MACHINE}:1".replace("stateMachine", "execution"),
        "status": status,
        "startDate": NOW,
    }


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("SUCCEEDED", "ok"),
        ("RUNNING", "ok"),
        ("PENDING_REDRIVE", "warning"),
        ("FAILED", "failure"),
        ("TIMED_OUT", "failure"),
        ("ABORTED", "failure"),
        ("SOMETHING_NEW", "failure"),
    ],
)
def test_an_execution(status: str, verdict: str) -> None:
    check = check_execution(MACHINE, execution(status), {})
    assert check.verdict == verdict
    assert "2026-01-31T09:30:00Z" in check.text


def test_no_execution_yet() -> None:
    assert check_execution(MACHINE, None, {}).verdict == "warning"


def test_a_failed_execution_says_its_error_and_the_first_line_of_its_cause() -> None:
    described = {"error": "DetailsUnavailable", "cause": "\n  first\x1b[31m line\nsecond"}
    check = check_execution(MACHINE, execution("FAILED"), described)
    assert check.text.endswith("ended as FAILED: DetailsUnavailable: first line")
    link = "#/v2/executions/details/arn:aws:states:eu-central-1:111122223333:execution:Brief:1"
    assert check.advice.endswith(
        f"https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1{link}"
    )


@pytest.mark.parametrize(
    ("name", "error", "verdict"),
    [
        ("rerun-20260131T093000Z-0a1b2c3d", "ImageNotScanned", "warning"),
        (
            "0a1b2c3d",
            "ImageNotScanned",
            "warning",
        ),  # a request in the console; the event's scan has a brief
        ("rerun-20260131T093000Z-0a1b2c3d", "InvalidRequest", "warning"),
        ("0a1b2c3d", "InvalidRequest", "warning"),  # likewise
        ("0a1b2c3d", "DetailsUnavailable", "failure"),
        ("rerun-20260131T093000Z-0a1b2c3d", "DetailsUnavailable", "failure"),
    ],
)
def test_a_refused_request_by_hand_is_only_a_warning(name: str, error: str, verdict: str) -> None:
    newest = {**execution("FAILED"), "name": name}
    assert check_execution(MACHINE, newest, {"error": error}).verdict == verdict


def subscription(arn: str, protocol: str = "email") -> dict[str, str]:
    return {"SubscriptionArn": arn, "Protocol": protocol, "Endpoint": "secret@example.com"}


TOPIC_ARN = "arn:aws:sns:eu-central-1:111122223333:Topic"
CONFIRMED = f"{TOPIC_ARN}:1"


@pytest.mark.parametrize(
    ("subscriptions", "verdict", "expected"),
    [
        ([subscription(CONFIRMED), subscription(CONFIRMED, "https")], "ok", "1 email, 1 https"),
        (
            [subscription(CONFIRMED), subscription("PendingConfirmation")],
            "warning",
            "not confirmed: 1 email",
        ),
        (
            [subscription("PendingConfirmation", "https")] * 2,
            "failure",
            "not confirmed: 2 https; confirmed: none",
        ),
        ([subscription("Deleted")], "warning", "has no subscriptions"),
        ([subscription(CONFIRMED), subscription("Deleted")], "ok", "1 email"),
        ([], "warning", "has no subscriptions"),
    ],
)
def test_a_topic(subscriptions: list[dict[str, str]], verdict: str, expected: str) -> None:
    (check,) = check_topic(TOPIC_ARN, subscriptions, {})
    assert (check.verdict, expected in check.text) == (verdict, True)
    assert "secret" not in check.text + check.advice


def test_the_advice_for_a_subscription_by_hand_has_the_filter() -> None:
    (check,) = check_topic(TOPIC_ARN, [], {})
    assert 'filter policy {"repositoryArn": [' in check.advice


@pytest.mark.parametrize(
    ("subscriptions", "verdict", "expected"),
    [
        ([], "warning", "the operations topic Topic has no subscriptions: alarms reach nobody"),
        ([subscription("Deleted")], "warning", "alarms reach nobody"),
        ([subscription("PendingConfirmation")], "failure", "not confirmed: 1 email"),
        ([subscription(CONFIRMED)], "ok", "the operations topic Topic has confirmed"),
    ],
)
def test_the_topic_of_the_alarms(
    subscriptions: list[dict[str, str]], verdict: str, expected: str
) -> None:
    (check,) = check_topic(TOPIC_ARN, subscriptions, {}, OPERATIONS)
    assert (check.verdict, expected in check.text) == (verdict, True)
    assert ("operationsEmails" in check.advice) is ("nobody" in check.text)


def test_a_missing_subscription_of_the_alarms_changes_no_filter() -> None:
    (check,) = check_topic(TOPIC_ARN, [], LOST, OPERATIONS)
    assert check.verdict == "failure"
    assert "the operations topic Topic has lost the subscription of" in check.text
    assert "filter" not in check.text
    assert check.advice.startswith("remove the address from the settings, deploy, add it again")


LOST = {"NotifierBriefTopicteamexamplecom6AC1C673": f"{TOPIC_ARN}:2"}


@pytest.mark.parametrize(
    ("subscriptions", "verdicts"),
    [
        ([], ["failure"]),
        ([subscription("Deleted", "https")], ["failure"]),
        ([subscription(CONFIRMED)], ["failure", "ok"]),
        ([subscription(CONFIRMED), subscription("PendingConfirmation")], ["failure", "warning"]),
        ([subscription("PendingConfirmation")], ["failure", "failure"]),
    ],
)
def test_a_missing_subscription_of_the_stack_is_a_failure(
    subscriptions: list[dict[str, str]], verdicts: list[str]
) -> None:
    checks = check_topic(TOPIC_ARN, subscriptions, LOST)
    assert [check.verdict for check in checks] == verdicts
    assert checks[0].text.startswith(
        "the topic Topic has lost the subscription of NotifierBriefTopicteamexamplecom"
    )
    assert "48 hours" in checks[0].text
    assert "a deployment that changes its filter will fail" in checks[0].text
    assert (
        "before any other deployment, remove the address from the settings, deploy, add it again,"
        " deploy, and confirm" in checks[0].advice
    )
    assert "secret" not in checks[0].text


def test_the_subscriptions_of_a_stack() -> None:
    def resource(
        number: int, kind: str = "AWS::SNS::Subscription", **members: str
    ) -> dict[str, str]:
        return {
            "LogicalResourceId": f"L{number}",
            "PhysicalResourceId": f"P{number}",
            "ResourceType": kind,
            "ResourceStatus": "CREATE_COMPLETE",
            **members,
        }

    not_made = resource(4)
    del not_made["PhysicalResourceId"]
    listed = [
        resource(1),
        resource(2, "AWS::SNS::Topic"),
        resource(3, ResourceStatus="DELETE_COMPLETE"),
        not_made,
        resource(5, ResourceStatus="UPDATE_COMPLETE"),
    ]
    assert read_subscriptions(listed) == {"L1": "P1", "L5": "P5"}


@pytest.mark.parametrize(
    ("replayed", "advice"), [(True, "run scan-brief replay-dlq"), (False, "docs/runbook.md")]
)
def test_only_the_rules_queue_is_replayed(replayed: bool, advice: str) -> None:
    check = check_queue("https://sqs.example/1/Dead", {"a": "2", "b": "1"}, replayed=replayed)
    assert "Dead has about 3 events" in check.text
    assert advice in check.advice
    assert replayed == ("replay-dlq" in check.advice)

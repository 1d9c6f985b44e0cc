"""From an answer of AWS's to a verdict and what to do: stack, rule, queue, workflow, topic, account and image."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.doctor.check import Check, Verdict, failure, ok, warning, weigh
from local.doctor.image_coverage import choose_newest, judge_image, judge_repository, name_request
from local.doctor.inspector_checks import judge_account
from local.doctor.notifier_checks import (
    judge_execution,
    judge_queue,
    judge_rule,
    judge_stack,
    judge_topic,
    judge_watched,
)
from local.doctor.stack import RuleName, Stack, name_rule, read_watched
from scan_brief.coverage import _REASONS
from scan_brief.request import Registry

REGISTRY = Registry(account="111122223333", region="eu-central-1", partition="aws")
NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
DIGEST = "sha256:" + "a" * 64
MACHINE = "arn:aws:states:eu-central-1:111122223333:stateMachine:Brief"


def test_the_worst_counts() -> None:
    checks = [ok("a", "x"), warning("b", "x", "y"), failure("c", "x", "y")]
    assert [weigh(checks[:count]) for count in range(4)] == [Verdict.OK, Verdict.OK, Verdict.WARNING, Verdict.FAILURE]
    assert weigh(reversed(checks)) is Verdict.FAILURE


def account(status: str) -> dict[str, Any]:
    state = {"status": status, "errorCode": "INTERNAL_ERROR", "errorMessage": "x"}
    good = {**state, "status": "ENABLED"}
    return {"accounts": [{"accountId": "111122223333", "state": good, "resourceState": {"ec2": good, "ecr": state}}]}


FAILED = {"accountId": "111122223333", "errorCode": "ACCESS_DENIED", "errorMessage": "no\nmember"}


@pytest.mark.parametrize(
    ("answer", "verdict", "told"),
    [
        (account("ENABLED"), "ok", "enabled for ECR in 111122223333 eu-central-1"),
        (account("ENABLING"), "warning", "being enabled"),
        *[(account(status), "failure", status) for status in ("DISABLED", "DISABLING", "SUSPENDED", "SUSPENDING")],
        ({"accounts": [], "failedAccounts": [FAILED]}, "warning", "ACCESS_DENIED: no member"),
        ({"accounts": []}, "warning", "no answer for it"),
    ],
)
def test_an_account(answer: dict[str, Any], verdict: str, told: str) -> None:
    check = judge_account(answer, REGISTRY)
    assert (check.verdict, told in check.said) == (verdict, True)


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
    check = judge_stack(Stack("ScanBrief", "111122223333", status, {}), "ScanBrief", REGISTRY)
    assert (check.verdict, status in check.said) == (verdict, True)


def test_no_stack() -> None:
    check = judge_stack(None, "ScanBrief", REGISTRY)
    assert (check.verdict, check.said) == ("failure", "there is no stack ScanBrief in 111122223333 eu-central-1")


@pytest.mark.parametrize(
    ("state", "bus", "target", "verdict", "told"),
    [
        ("ENABLED", "default", MACHINE, "ok", "starts Brief"),
        ("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "default", MACHINE, "ok", "starts Brief"),
        ("DISABLED", "default", MACHINE, "failure", "is DISABLED"),
        ("ENABLED", "default", MACHINE + "2", "failure", "does not start"),
        ("ENABLED", "own", MACHINE, "failure", "on the bus own"),
    ],
)
def test_a_rule(state: str, bus: str, target: str, verdict: str, told: str) -> None:
    check = judge_rule(RuleName("R", bus), {"State": state}, [{"Id": "1", "Arn": target}], [MACHINE])
    assert (check.verdict, told in check.said) == (verdict, True)


def test_a_repository_is_watched_or_not() -> None:
    assert judge_watched("sample-app", ["R"]).verdict == "ok"
    assert judge_watched("sample-app", []).verdict == "failure"


@pytest.mark.parametrize(
    ("physical_id", "expected"),
    [("ScanBrief-Rule-1", RuleName("ScanBrief-Rule-1", "default")), ("own|Rule", RuleName("Rule", "own"))],
)
def test_the_name_of_a_rule(physical_id: str, expected: RuleName) -> None:
    assert name_rule(physical_id) == expected


ARN = "arn:aws:ecr:eu-central-1:111122223333:repository/"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (f'{{"detail": {{"repository-name": ["{ARN}a", "{ARN}team/b"]}}}}', ["a", "team/b"]),
        (f'{{"detail": {{"repository-name": ["{ARN}a", {{"prefix": "{ARN}team/"}}]}}}}', ["a"]),
        (f'{{"detail": {{"repository-name": [{{"prefix": "{ARN}"}}]}}}}', []),
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
def test_the_repositories_that_a_pattern_names(pattern: str | None, expected: list[str]) -> None:
    assert read_watched(pattern) == expected


def test_a_queue() -> None:
    url = "https://sqs.eu-central-1.amazonaws.com/111122223333/Dead"
    assert judge_queue(url, {"a": "0", "b": "0"}).said == "the dead-letter queue Dead is empty"
    for attributes in ({"a": "2", "b": "0"}, {"a": "0", "b": "2"}):
        assert judge_queue(url, attributes).verdict == "failure"


def execution(status: str) -> dict[str, Any]:
    return {"executionArn": f"{MACHINE}:1".replace("stateMachine", "execution"), "status": status, "startDate": NOW}


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
    check = judge_execution(MACHINE, execution(status), {}, REGISTRY)
    assert check.verdict == verdict
    assert "2026-01-31T09:30:00Z" in check.said


def test_no_execution_yet() -> None:
    assert judge_execution(MACHINE, None, {}, REGISTRY).verdict == "warning"


def test_a_failed_execution_says_its_error_and_the_first_line_of_its_cause() -> None:
    described = {"error": "DetailsUnavailable", "cause": "\n  first\x1b[31m line\nsecond"}
    check = judge_execution(MACHINE, execution("FAILED"), described, REGISTRY)
    assert check.said.endswith("ended as FAILED: DetailsUnavailable: first line")
    link = "#/v2/executions/details/arn:aws:states:eu-central-1:111122223333:execution:Brief:1"
    assert check.advice.endswith(f"https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1{link}")


def subscription(arn: str, protocol: str = "email") -> dict[str, str]:
    return {"SubscriptionArn": arn, "Protocol": protocol, "Endpoint": "secret@example.com"}


CONFIRMED = "arn:aws:sns:eu-central-1:111122223333:Topic:1"


@pytest.mark.parametrize(
    ("subscriptions", "verdict", "told"),
    [
        ([subscription(CONFIRMED), subscription(CONFIRMED, "https")], "ok", "1 email, 1 https"),
        ([subscription(CONFIRMED), subscription("PendingConfirmation")], "warning", "not confirmed: 1 email"),
        ([subscription("PendingConfirmation", "https")] * 2, "failure", "not confirmed: 2 https; confirmed: none"),
        ([subscription("Deleted")], "warning", "nobody is subscribed"),
        ([subscription(CONFIRMED), subscription("Deleted")], "ok", "1 email"),
        ([], "warning", "nobody is subscribed"),
    ],
)
def test_a_topic(subscriptions: list[dict[str, str]], verdict: str, told: str) -> None:
    check = judge_topic("arn:aws:sns:eu-central-1:111122223333:Topic", subscriptions)
    assert (check.verdict, told in check.said) == (verdict, True)
    assert "secret" not in check.said + check.advice


def image(number: int, **members: Any) -> dict[str, Any]:
    pushed_at = NOW - timedelta(days=number)
    return {"imageDigest": f"sha256:{number:064}", "imagePushedAt": pushed_at, **members}


def test_the_newest_image() -> None:
    index = "application/vnd.oci.image.index.v1+json"
    listed = "application/vnd.docker.distribution.manifest.list.v2+json"
    images = [
        image(5),
        image(4, imageTags=["1.0"], imageManifestMediaType="application/vnd.oci.image.manifest.v1+json"),
        image(3, imageManifestMediaType=index),
        image(2, imageManifestMediaType=listed),
        image(1, subjectManifestDigest="sha256:" + "b" * 64),
        image(6),
    ]
    newest = choose_newest(images)
    assert newest is not None
    assert newest["imageTags"] == ["1.0"]
    assert choose_newest([]) is choose_newest(images[2:3]) is None


def covered(reason: str | None, scanned_at: datetime | None = None) -> dict[str, Any]:
    status = {"scanStatus": {"statusCode": "INACTIVE", "reason": reason}} if reason else {}
    return {"resourceId": f"{ARN}a/{DIGEST}", **status, **({"lastScannedAt": scanned_at} if scanned_at else {})}


def judge(one: dict[str, Any] | None, age: timedelta = timedelta(days=1)) -> Check:
    request = name_request(REGISTRY, "a", {"imageDigest": DIGEST, "imageTags": ["1.0", "latest"]})
    return judge_image(request, NOW - age, [one] if one else [], NOW)


VERDICTS = {
    "warning": (
        *("INTERNAL_ERROR", "PENDING_INITIAL_SCAN", "PENDING_REVIVAL_SCAN", "SCAN_IN_PROGRESS"),
        *("IMAGE_ARCHIVED", "SCAN_ELIGIBILITY_EXPIRED"),
    ),
    "failure": (
        *("ACCESS_DENIED", "ACCESS_DENIED_TO_ENCRYPTION_KEY", "IMAGE_SIZE_EXCEEDED", "NO_RESOURCES_FOUND"),
        *("PENDING_DISABLE", "SCAN_FREQUENCY_MANUAL", "UNSUPPORTED_MEDIA_TYPE", "UNSUPPORTED_OS", "SOMETHING_NEW"),
    ),
}


def test_every_reason_has_a_verdict() -> None:
    assert set(_REASONS) <= {reason for reasons in VERDICTS.values() for reason in reasons}


@pytest.mark.parametrize(("verdict", "reason"), [(name, one) for name, all_ in VERDICTS.items() for one in all_])
def test_an_image_that_was_not_scanned(verdict: str, reason: str) -> None:
    check = judge(covered(reason))
    assert check.verdict == verdict
    assert check.said.startswith("the last pushed image, a:1.0 of 2026-01-30T09:30:00Z, is not scanned, because ")
    assert reason in check.said
    assert check.advice


@pytest.mark.parametrize("reason", ["SUCCESSFUL", "SCAN_FREQUENCY_SCAN_ON_PUSH", "SCAN_IN_PROGRESS"])
def test_an_image_that_was_scanned(reason: str) -> None:
    check = judge(covered(reason, NOW))
    assert (check.verdict, check.said[-41:]) == ("ok", "was scanned, last at 2026-01-31T09:30:00Z")


def test_an_image_that_inspector_does_not_know() -> None:
    assert judge(None).verdict == "failure"
    assert judge(None, age=timedelta(minutes=59)).verdict == "warning"


def test_an_image_without_a_tag_has_its_digest() -> None:
    request = name_request(REGISTRY, "a", {"imageDigest": DIGEST})
    check = judge_image(request, NOW, [covered("UNSUPPORTED_OS")], NOW)
    assert f"a@{DIGEST} of" in check.said


@pytest.mark.parametrize(
    ("items", "verdict", "told"),
    [
        ([covered("SUCCESSFUL", NOW), covered("UNSUPPORTED_OS")], "ok", "scanned 1 images of a, last at 2026-01-31"),
        ([covered("SUCCESSFUL", NOW), covered("UNSUPPORTED_OS")], "ok", "not scanned: 1 UNSUPPORTED_OS"),
        ([covered("SUCCESSFUL", NOW), covered("ACCESS_DENIED")], "failure", "1 ACCESS_DENIED"),
        ([covered("UNSUPPORTED_OS"), covered(None)], "warning", "1 UNKNOWN, 1 UNSUPPORTED_OS"),
        ([], "warning", "scanned no image of a"),
    ],
)
def test_a_repository_as_a_whole(items: list[dict[str, Any]], verdict: str, told: str) -> None:
    check = judge_repository("a", items)
    assert (check.verdict, told in check.said) == (verdict, True)

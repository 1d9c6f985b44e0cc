"""The notifier alone, for all existing repositories: it creates and changes nothing in ECR."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.emulator.deployment import synthesize
from local.emulator.process import poll
from tests.doctor.doctor_harness import by_name, list_executions, operate
from tests.e2e.urgent_findings import hold_back, list_held, list_urgent, wait_until_decided
from tests.finding_events import make_event, make_listed
from tests.harness import StackHarness, open_harness

SETTINGS: dict[str, object] = {
    "repositoryName": "",
    "existingRepositories": "*",
    "emails": ["platform-team@example.com"],
    "registryScanFrequency": "CONTINUOUS_SCAN",
    "urgent": True,
    "urgentPerHour": 2,
    "topicArns": "arn:aws:sns:ap-northeast-1:111122223333:copies",
    "publishEvents": True,
}
IMAGES = 50  # with an urgent finding
SECONDS = 120


@pytest.fixture(scope="module")
def notifier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackHarness]:
    folder = tmp_path_factory.mktemp("existing") / "cdk.out"
    synthesize(SETTINGS, folder)
    with open_harness(folder, existing_repositories=["legacy/app"]) as harness:
        harness.deployment.emulator.client("sns").create_topic(Name="copies")
        yield harness


def test_an_existing_repository_is_watched_and_not_changed(
    notifier: StackHarness, event: dict[str, Any]
) -> None:
    scan = copy.deepcopy(event)
    scan["detail"]["repository-name"] = scan["detail"]["repository-name"].replace(
        "sample-app", "legacy/app"
    )
    scan["detail"]["finding-severity-counts"] = {"TOTAL": 0}
    notifier.scan(scan)
    assert (
        notifier.receive().subject
        == "ALL CLEAR · legacy/app:1.4.2 (+1 tag) · no known vulnerabilities found"
    )
    repositories = notifier.deployment.emulator.client("ecr")
    names = {
        repository["repositoryName"]
        for repository in repositories.describe_repositories()["repositories"]
    }
    assert {name for name in names if not name.startswith("cdk-")} == {
        "legacy/app"
    }  # the bootstrap has its own
    with pytest.raises(repositories.exceptions.RepositoryPolicyNotFoundException):
        repositories.get_repository_policy(repositoryName="legacy/app")


def listen(notifier: StackHarness, name: str) -> tuple[str, str]:
    """URL and ARN of a new queue."""
    queues = notifier.deployment.emulator.client("sqs")
    url = queues.create_queue(QueueName=name)["QueueUrl"]
    found = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, found["Attributes"]["QueueArn"]


def take(notifier: StackHarness, url: str, member: str, value: object) -> dict[str, Any]:
    """The message with this value. Copies of earlier briefs may still come."""
    queues = notifier.deployment.emulator.client("sqs")
    found: list[dict[str, Any]] = []

    def has_come() -> bool:
        messages = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        bodies = [json.loads(message["Body"]) for message in messages]
        found.extend(body for body in bodies if body[member] == value)
        return bool(found)

    def fail() -> None:
        raise AssertionError(f"nothing came to {url}")

    poll(has_come, SECONDS, fail)
    return found[0]


def test_a_brief_is_copied_to_a_topic_of_ones_own_and_its_report_to_the_event_bus(
    notifier: StackHarness, event: dict[str, Any]
) -> None:
    emulator = notifier.deployment.emulator
    (copies, copies_arn), (events, events_arn) = (listen(notifier, n) for n in ("own", "bus"))
    topic = str(SETTINGS["topicArns"])
    emulator.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=copies_arn)
    bus = emulator.client("events")
    bus.put_rule(Name="reports", EventPattern=json.dumps({"source": ["scan-brief"]}))
    bus.put_targets(Rule="reports", Targets=[{"Id": "1", "Arn": events_arn}])
    notifier.outbox.clear()
    assert notifier.scan(event).status == "SUCCEEDED"
    sent = notifier.receive()
    copied = take(notifier, copies, "Subject", sent.subject)
    report = take(notifier, events, "detail", json.loads(copied["Message"]))
    got = {name: each["Value"] for name, each in copied["MessageAttributes"].items()}
    assert got == sent.attributes
    assert (report["detail"]["kind"], report["detail-type"]) == ("FINDINGS", "Scan Brief Report")


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        ("EC2", {"instance-id": "i-0123456789abcdef0", "scan-status": "INITIAL_SCAN_COMPLETE"}),
        (
            "AMI",
            {"machine-image-id": "ami-0123456789abcdef0", "scan-status": "INITIAL_SCAN_COMPLETE"},
        ),
        (
            "Lambda",
            {
                "function-name": "arn:aws:lambda:ap-northeast-1:111122223333:function:app:$LATEST",
                "scan-status": "INITIAL_SCAN_COMPLETE",
            },
        ),
        (
            "another account",
            {"repository-name": "arn:aws:ecr:ap-northeast-1:444455556666:repository/legacy/app"},
        ),
        (
            "another region",
            {"repository-name": "arn:aws:ecr:eu-west-1:111122223333:repository/legacy/app"},
        ),
    ],
)
def test_scans_of_anything_else_start_nothing(
    notifier: StackHarness, event: dict[str, Any], kind: str, detail: dict[str, Any]
) -> None:
    before = len(notifier.list_executions())
    counts = {"finding-severity-counts": {"TOTAL": 0}}
    notifier.deployment.emulator.emit({**event, "detail": {**counts, **detail}})
    # Had the other started an execution, it would be here too.
    notifier.scan({**event, "detail": {**event["detail"], **counts}})
    assert len(notifier.list_executions()) == before + 1, kind


def test_the_registry_scanning_follows_the_setting(notifier: StackHarness) -> None:
    registry = notifier.deployment.emulator.client("ecr").get_registry_scanning_configuration()
    (rule,) = registry["scanningConfiguration"]["rules"]
    assert registry["scanningConfiguration"]["scanType"] == "ENHANCED"
    assert rule == {
        "scanFrequency": "CONTINUOUS_SCAN",
        "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}],
    }


def test_of_a_hundred_urgent_events_the_cap_lets_some_start_and_holds_the_rest_once(
    notifier: StackHarness,
) -> None:
    notifier.outbox.clear()
    found = [make_listed(number, "legacy/app") for number in range(1, IMAGES + 1)]
    notifier.double.findings = found
    not_running = make_event(make_listed(99, "legacy/app"))
    image = not_running["detail"]["resources"][0]["details"]["awsEcrContainerImage"]
    image["inUseCount"] = 0
    events = [make_event(finding) for finding in found]
    for _ in range(2):
        for event in [*events, not_running]:
            notifier.deployment.emulator.emit(event)
        wait_until_decided(notifier)
    # More than the cap only if an hour ended meanwhile.
    memory = notifier.list_memory()
    counted = [int(item["briefs"]["N"]) for item in memory if item["key"]["S"] == "urgent#:hour"]
    briefs = list_urgent(notifier)
    held = [item for item in memory if "CVE-2026-00" in item.get("held", {"S": ""})["S"]]
    assert set(counted) <= {1, 2}
    assert len(briefs) == sum(counted)
    assert len(held) == IMAGES - len(briefs)
    for arn in briefs:
        assert notifier.follow(arn).status == "SUCCEEDED"
    mails = [each for each in notifier.outbox.messages if each.protocol == "email"]
    assert len(mails) == len(briefs)
    named = {mail.subject.partition(": ")[2].partition(",")[0] for mail in mails}
    assert named.isdisjoint(json.loads(item["held"]["S"])["id"] for item in held)
    for mail in mails:
        assert mail.subject.startswith("New and critical: CVE-2026-00")
        assert mail.text.startswith(mail.subject.partition(" runs")[0])
    assert not notifier.list_executions("FAILED")


def test_the_next_digest_reports_what_was_held_back_and_takes_it_away(
    notifier: StackHarness,
) -> None:
    now = datetime.now(UTC)
    earlier = {hold_back(notifier, number, now - timedelta(hours=1)) for number in (1, 2, 3)}
    # A digest leaves the last minute out, whose findings may not all be written yet.
    later = hold_back(notifier, 4, now + timedelta(minutes=10))
    schedules = notifier.deployment.emulator.client("scheduler")
    (listed,) = schedules.list_schedules()["Schedules"]
    target = schedules.get_schedule(Name=listed["Name"])["Target"]
    notifier.outbox.clear()
    audience = {"audience": json.loads(target["Input"])["audience"]}
    assert notifier.run(audience, target["Arn"]).status == "SUCCEEDED"
    mail = notifier.receive()
    assert mail.attributes["kind"] == "DIGEST"
    assert "CVE-2025-0001" in mail.text
    assert "CVE-2025-0004" not in mail.text
    assert list_held(notifier).isdisjoint(earlier)
    assert later in list_held(notifier)


def test_the_doctor_asks_for_a_repository_and_then_checks_it(
    notifier: StackHarness, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with operate(notifier, monkeypatch, capsys) as doctor, doctor.scanned("legacy/app"):
        doctor.gate.turns["ListExecutions"] = list_executions("SUCCEEDED")
        status, unnamed = doctor.examine()
        named = doctor.examine("--repository", "legacy/app")
    assert (status, unnamed["verdict"], unnamed["repositories"]) == (0, "warning", [])
    (warned,) = [check for check in unnamed["checks"] if check["verdict"] != "ok"]
    assert warned["said"].endswith("no readable rule names one; scans of * match")
    assert warned["advice"] == "name a repository: --repository NAME"
    assert (named[0], named[1]["verdict"]) == (0, "ok"), named
    covered = 'registry scanning is ENHANCED; its filter "*" covers legacy/app (CONTINUOUS_SCAN)'
    assert by_name(named[1])["registry-scanning"]["said"] == covered
    topics = [check["said"] for check in named[1]["checks"] if check["check"] == "topic"]
    # By http, the outbox gets the email.
    assert any(said.endswith(" has confirmed subscriptions: 1 email, 1 http") for said in topics)

"""The deployed digest machine: started by its schedule, reports what is new once, to everybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from local.inspector2_double import Denied, FaultPlan
from tests.harness import Outcome, StackHarness

SECONDS = 60
SENT = [
    *("GatherDigest", "SomethingToTell", "FormatMessage", "DigestComplete", "PublishDigest"),
    *("RememberDigest", "DigestEnded"),
]
QUIET = ["GatherDigest", "SomethingToTell", "RememberDigest", "DigestEnded"]
NOTHING = ["GatherDigest", "SomethingToTell", "DigestEnded"]
FAILED = ["GatherDigest", "DigestNotSent"]
NO_TOPIC = "arn:aws:sns:ap-northeast-1:111122223333:gone"


def read_schedule(harness: StackHarness) -> dict[str, Any]:
    scheduler = harness.deployment.emulator.client("scheduler")
    (listed,) = scheduler.list_schedules()["Schedules"]
    return dict(scheduler.get_schedule(Name=listed["Name"]))


def observe(harness: StackHarness, **ago: float) -> None:
    """Let all findings of the double be first observed so long ago."""
    at = (datetime.now(UTC) - timedelta(**ago)).timestamp()
    harness.double.findings = [
        {**finding, "firstObservedAt": at} for finding in harness.double.findings
    ]


def run(harness: StackHarness, machine: str = "", **scheduled: Any) -> Outcome:
    """As the schedule starts it, with another time of the run."""
    given = json.loads(read_schedule(harness)["Target"]["Input"])
    at = datetime.now(UTC) + timedelta(**scheduled)
    request = {**given, "scheduledAt": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
    arn = machine or harness.deployment.outputs["DigestStateMachineArn"]
    return harness.follow(harness.deployment.start(request, arn))


def test_a_digest_is_sent_once_to_mail_and_chat(harness: StackHarness) -> None:
    observe(harness, hours=1)
    outcome = run(harness)
    assert (outcome.status, outcome.states) == ("SUCCEEDED", SENT)
    mail = harness.receive()
    attributes = mail.attributes
    assert (attributes["kind"], attributes["severity"], attributes["total"]) == (
        *("DIGEST", "CRITICAL"),
        str(len(harness.double.findings)),
    )
    assert json.loads(attributes["repositoryArn"]) == [
        "arn:aws:ecr:ap-northeast-1:111122223333:repository/sample-app"
    ]
    harness.wait_until_delivered()
    harness.outbox.clear()
    again = run(harness, minutes=-1)
    assert (again.states, json.loads(again.output)) == (
        NOTHING,
        {"why": "this run was reported already"},
    )
    assert run(harness, minutes=5).states == QUIET
    assert harness.outbox.messages == []


def test_the_schedule_starts_the_machine(harness: StackHarness) -> None:
    observe(harness, hours=1)
    schedule = read_schedule(harness)
    scheduler = harness.deployment.emulator.client("scheduler")
    at = datetime.now(UTC) + timedelta(seconds=1)
    scheduler.create_schedule(
        Name="now",
        ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=schedule["Target"],
    )
    mails = harness.outbox.wait_for(
        lambda arrived: any(message.protocol == "email" for message in arrived), SECONDS
    )
    assert {message.attributes["kind"] for message in mails} == {"DIGEST"}
    scheduler.delete_schedule(Name="now")


def test_what_could_not_be_published_is_in_the_next_digest(harness: StackHarness) -> None:
    observe(harness, hours=1)
    topic = harness.deployment.outputs["TopicArn"]
    broken = harness.copy_machine("NoDigestTopic", "DigestStateMachineArn", {topic: NO_TOPIC})
    outcome = run(harness, broken)
    assert (outcome.status, outcome.error) == ("FAILED", "DigestNotSent")
    assert outcome.cause.startswith("SNS.")
    assert harness.outbox.messages == []
    # The claim of the one that failed is of another execution, and ends after some minutes.
    assert run(harness).states == NOTHING
    forget_claims(harness)
    assert run(harness).states == SENT
    assert harness.receive().attributes["kind"] == "DIGEST"


def forget_claims(harness: StackHarness) -> None:
    table = harness.deployment.outputs["MemoryTableName"]
    for item in harness.list_memory():
        if item["key"]["S"] == "digest#claims":
            item["at"]["N"] = str(int(item["at"]["N"]) - 3_600)
            harness.deployment.emulator.client("dynamodb").put_item(TableName=table, Item=item)


def test_a_failure_of_inspector_is_an_alarm_and_no_message(harness: StackHarness) -> None:
    harness.double.plan = FaultPlan((Denied(),))
    outcome = run(harness)
    assert (outcome.status, outcome.states) == ("FAILED", FAILED)
    assert (outcome.error, outcome.task_errors) == ("DigestNotSent", ["InspectorRefused"])
    assert harness.outbox.messages == []


@contextmanager
def without_memory(harness: StackHarness) -> Iterator[None]:
    outputs = ("GatherDigestFunctionName", "RememberDigestFunctionName")
    table = harness.deployment.outputs["MemoryTableName"]
    for output in outputs:
        harness.deployment.set_variable("MEMORY_TABLE", "none-such", output)
    yield
    for output in outputs:
        harness.deployment.set_variable("MEMORY_TABLE", table, output)


def test_without_a_memory_the_digest_is_sent_all_the_same(harness: StackHarness) -> None:
    observe(harness, hours=1)
    with without_memory(harness):
        outcome = run(harness)
    assert (outcome.status, outcome.states) == ("SUCCEEDED", SENT)
    assert harness.receive().attributes["kind"] == "DIGEST"


def test_an_audience_that_is_gone_fails_by_its_name(harness: StackHarness) -> None:
    machine = harness.deployment.outputs["DigestStateMachineArn"]
    outcome = harness.follow(harness.deployment.start({"audience": "gone"}, machine))
    assert (outcome.error, outcome.task_errors) == ("DigestNotSent", ["InvalidRequest"])
    assert "audience: given" in outcome.cause

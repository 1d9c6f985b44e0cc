"""Each scan has one brief, and each push an answer, however often their events are delivered."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from local.emulator.process import poll
from scan_brief_cli.scan_files import SAMPLE, read_event, read_findings
from tests.e2e.deliveries import SECONDS, Deliveries
from tests.finding_events import make_event, make_listed
from tests.harness import StackHarness

SAMPLE_DIGEST = read_event(SAMPLE / "event.json")["detail"]["image-digest"]
REPOSITORY = "arn:aws:ecr:ap-northeast-1:111122223333:repository/sample-app"


@pytest.fixture
def image(harness: StackHarness, request: pytest.FixtureRequest) -> str:
    """The digest of an image of this test's own, which the double has the sample's findings of."""
    digest = f"sha256:{abs(hash(request.node.name)):064x}"[:71]
    text = json.dumps(read_findings([SAMPLE / "findings.json"]), default=str)
    harness.double.findings = json.loads(text.replace(SAMPLE_DIGEST, digest))
    return digest


def scan_event(event: dict[str, Any], digest: str, **changed: Any) -> dict[str, Any]:
    return {**event, **changed, "detail": {**event["detail"], "image-digest": digest}}


def push_event(digest: str, **changed: Any) -> dict[str, Any]:
    detail = {
        "action-type": "PUSH",
        "result": "SUCCESS",
        "repository-name": "sample-app",
        "image-digest": digest,
        "image-tag": "1.4.2",
        "manifest-media-type": "application/vnd.oci.image.manifest.v1+json",
        "artifact-media-type": "application/vnd.oci.image.config.v1+json",
    } | changed
    return {
        "version": "0",
        "id": "13cde686-328b-6117-af20-0e5566167482",
        "detail-type": "ECR Image Action",
        "source": "aws.ecr",
        "account": "111122223333",
        "time": "2025-11-13T16:41:52Z",
        "region": "ap-northeast-1",
        "resources": [],
        "detail": {name: value for name, value in detail.items() if value is not None},
    }


def cover(harness: StackHarness, digest: str, reason: str) -> None:
    """Let Inspector know the image."""
    harness.double.coverage = [
        {
            "resourceType": "AWS_ECR_CONTAINER_IMAGE",
            "resourceId": f"{REPOSITORY}/{digest}",
            "accountId": "111122223333",
            "scanType": "PACKAGE",
            "scanStatus": {"statusCode": "ACTIVE", "reason": reason},
            "lastScannedAt": 1763052112.0,
            "resourceMetadata": {
                "ecrRepository": {"name": "sample-app"},
                "ecrImage": {"tags": ["1.4.2"]},
            },
        }
    ]


@pytest.fixture
def deliveries(harness: StackHarness) -> Deliveries:
    return Deliveries(harness)


def subjects(harness: StackHarness, count: int) -> list[str]:
    arrived = harness.outbox.wait_for(
        lambda seen: sum(message.protocol == "email" for message in seen) >= count, SECONDS
    )
    return [message.subject for message in arrived if message.protocol == "email"]


def test_a_scan_that_is_delivered_often_is_briefed_once(
    harness: StackHarness, deliveries: Deliveries, event: dict[str, Any], image: str
) -> None:
    scanned = scan_event(event, image)
    copy = {**scanned, "id": "0c18352a-a4d4-6853-ef53-0ab000000001", "time": "2025-11-13T16:42:02Z"}
    deliveries.deliver(scanned, scanned, copy)
    deliveries.ended(door=3, brief=1)
    deliveries.deliver(copy)
    found = deliveries.ended(door=4, brief=1)
    assert {each["status"] for each in found["DoorStateMachineArn"]} == {"SUCCEEDED"}
    quiet = [each for each in found["DoorStateMachineArn"] if "alreadyStarted" in each["output"]]
    assert len(quiet) >= 2  # the same event while it runs is the same start
    assert len(subjects(harness, 1)) == 1


def test_a_person_always_gets_a_brief(
    harness: StackHarness, deliveries: Deliveries, event: dict[str, Any], image: str
) -> None:
    scanned = scan_event(event, image)
    deliveries.deliver(scanned)
    deliveries.ended(door=1, brief=1)
    assert harness.run(scanned).status == "SUCCEEDED"  # "New execution" in the console
    assert len(subjects(harness, 2)) == 2


def test_a_later_scan_of_the_same_image_is_briefed_and_its_copies_are_not(
    harness: StackHarness, deliveries: Deliveries, event: dict[str, Any], image: str
) -> None:
    deliveries.deliver(scan_event(event, image))
    (first,) = deliveries.ended(door=1, brief=1)["StateMachineArn"]
    second = int(first["startDate"].timestamp()) + 1
    time = datetime.fromtimestamp(second + 6 * 3_600, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    later = scan_event(event, image, time=time)
    # The first started more than 6 hours before the event, and what the event starts did not.
    poll(lambda: datetime.now(UTC).timestamp() > second, SECONDS, lambda: None)
    deliveries.deliver(later)
    deliveries.ended(door=2, brief=2)
    deliveries.deliver(later)
    deliveries.ended(door=3, brief=2)
    assert len(subjects(harness, 2)) == 2


def test_a_hundred_finding_events_make_no_mail(
    harness: StackHarness, deliveries: Deliveries, event: dict[str, Any], image: str
) -> None:
    finding = make_event(make_listed(1, "sample-app"))
    deliveries.deliver(*[finding] * 100, scan_event(event, image))
    deliveries.ended(door=1, brief=1)
    assert len(subjects(harness, 1)) == 1


def test_what_the_door_cannot_start_is_reported(
    harness: StackHarness, event: dict[str, Any], image: str
) -> None:
    gone = {
        f":stateMachine:{harness.deployment.outputs['StateMachineArn'].rpartition(':')[2]}": (
            ":stateMachine:gone"
        ),
        '"MaxAttempts": 40': '"MaxAttempts": 1',
    }
    machine = harness.copy_machine("broken-door", "DoorStateMachineArn", gone)
    outcome = harness.run(scan_event(event, image), machine)
    assert (outcome.status, outcome.error) == ("FAILED", "NotStarted")
    assert "StateMachineDoesNotExist" in outcome.cause
    mail = harness.receive()
    assert mail.attributes["kind"] == "DETAILS_UNAVAILABLE"
    assert "StateMachineDoesNotExist" in mail.text


def test_a_scanned_push_whose_event_came_adds_nothing(
    harness: StackHarness, deliveries: Deliveries, event: dict[str, Any], image: str
) -> None:
    cover(harness, image, "SUCCESSFUL")
    deliveries.deliver(scan_event(event, image))
    deliveries.ended(door=1, brief=1)
    deliveries.deliver(push_event(image))
    found = deliveries.ended(door=2, watchdog=1, brief=1)
    (watch,) = found["WatchdogStateMachineArn"]
    assert json.loads(watch["output"])["why"] == "scanned (there is a brief already)"
    assert len(subjects(harness, 1)) == 1


def test_a_scanned_push_whose_event_was_lost_is_briefed_once(
    harness: StackHarness, deliveries: Deliveries, event: dict[str, Any], image: str
) -> None:
    cover(harness, image, "SUCCESSFUL")
    deliveries.deliver(push_event(image))
    deliveries.ended(door=1, watchdog=1, brief=1)
    (subject,) = subjects(harness, 1)
    assert subject.startswith("CRITICAL 13 ")
    deliveries.deliver(scan_event(event, image))  # late
    deliveries.ended(door=2, watchdog=1, brief=1)
    assert len(subjects(harness, 1)) == 1


def test_a_hundred_pushes_of_an_image_that_is_not_scanned_make_one_message(
    harness: StackHarness, deliveries: Deliveries, image: str
) -> None:
    cover(harness, image, "ACCESS_DENIED")
    pushes = [push_event(image, **{"image-tag": f"v{number}"}) for number in range(100)]
    deliveries.deliver(*pushes)
    deliveries.ended(door=100, watchdog=1, brief=1)
    (subject,) = subjects(harness, 1)
    assert subject == "NOT SCANNED · sample-app:v0 · Inspector may not read it"
    mail = harness.receive()
    assert (mail.attributes["kind"], mail.attributes["severity"]) == ("NOT_SCANNED", "UNKNOWN")


def test_a_change_of_coverage_is_reported_once_for_each_image_and_reason(
    harness: StackHarness, deliveries: Deliveries, image: str
) -> None:
    changed = {
        **push_event(image),
        "detail-type": "Inspector2 Coverage",
        "source": "aws.inspector2",
        "resources": [f"{REPOSITORY}/{image}"],
        "detail": {"scanStatus": {"statusCodeValue": "INACTIVE", "reason": "ACCESS_DENIED"}},
    }
    cover(harness, image, "ACCESS_DENIED")
    deliveries.deliver(changed, changed)
    deliveries.ended(door=2, watchdog=1, brief=1)
    deliveries.deliver(push_event(image))  # the same image and reason
    deliveries.ended(door=3, watchdog=2, brief=1)
    assert len(subjects(harness, 1)) == 1


def test_scanning_that_is_off_is_reported_once_a_day(
    harness: StackHarness, deliveries: Deliveries, image: str
) -> None:
    harness.double.coverage = []
    registry: Any = harness.deployment.emulator.client("ecr")
    registry.put_registry_scanning_configuration(scanType="BASIC", rules=[])
    deliveries.deliver(push_event(image), push_event(f"{image[:-4]}beef"))
    deliveries.ended(door=2, watchdog=2, brief=1)
    (subject,) = subjects(harness, 1)
    assert subject.startswith("SCANNING IS OFF · ")


def test_what_is_no_image_is_not_reported(
    harness: StackHarness, deliveries: Deliveries, image: str
) -> None:
    index = {"manifest-media-type": "application/vnd.oci.image.index.v1+json"}
    deliveries.deliver(push_event(image, **index))
    found = deliveries.ended(door=1, watchdog=1)
    (watch,) = found["WatchdogStateMachineArn"]
    assert json.loads(watch["output"]) == {"why": "no image: index"}
    assert harness.outbox.messages == []


def test_a_push_that_cannot_be_watched_is_reported(
    harness: StackHarness, deliveries: Deliveries
) -> None:
    deliveries.deliver(push_event("sha256:odd"))
    found = deliveries.ended(door=1, watchdog=1)
    (watch,) = found["WatchdogStateMachineArn"]
    assert (watch["status"], watch["error"]) == ("FAILED", "NotWatched")
    assert "UnreadableEvent: imageDigest" in watch["cause"]
    mail = harness.receive()
    assert mail.attributes["kind"] == "DETAILS_UNAVAILABLE"
    assert mail.attributes["repositoryArn"] == REPOSITORY

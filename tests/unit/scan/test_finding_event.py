"""finding_event: what is read of an "Inspector2 Finding" event, and which ones are refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from scan_brief.scan.errors import UnreadableEvent
from scan_brief.scan.event_time import read_event_time
from scan_brief.scan.finding_event import read_finding_event
from tests.unit.builders import DIGEST, REGISTRY, REPOSITORY_ARN

FINDING_ARN = f"arn:aws:inspector2:eu-central-1:111122223333:finding/{1:032x}"


def make_finding_event(
    detail: dict[str, Any] | None = None, image: dict[str, Any] | None = None, **members: Any
) -> dict[str, Any]:
    """As the Amazon ECR user guide shows it, of an image that runs; None leaves a member out."""
    ecr = {
        "architecture": "arm64",
        "imageHash": DIGEST,
        "imageTags": ["1.4.2", "latest"],
        "inUseCount": 2,
        "platform": "DEBIAN_12",
        "pushedAt": "Jan 3, 2026, 6:02:13 PM",
        "registry": "111122223333",
        "repositoryName": "sample-app",
        **(image or {}),
    }
    resource = {
        "details": {"awsEcrContainerImage": without_none(ecr)},
        "id": f"{REPOSITORY_ARN}/{DIGEST}",
        "partition": "N/A",
        "region": "N/A",
        "type": "AWS_ECR_CONTAINER_IMAGE",
    }
    found = {
        "awsAccountId": "111122223333",
        "description": "A flaw.",
        "findingArn": FINDING_ARN,
        "firstObservedAt": "Jan 31, 2026, 6:02:30 PM",
        "lastObservedAt": "Jan 31, 2026, 6:02:30 PM",
        "packageVulnerabilityDetails": {
            "vulnerabilityId": "CVE-2026-0001",
            "vulnerablePackages": [{"name": "openssl", "version": "3.0.1"}],
        },
        "remediation": {"recommendation": {"text": "None Provided"}},
        "resources": [resource],
        "severity": "CRITICAL",
        "status": "ACTIVE",
        "title": "CVE-2026-0001 - openssl",
        "type": "PACKAGE_VULNERABILITY",
        "updatedAt": "Jan 31, 2026, 6:02:30 PM",
        **(detail or {}),
    }
    event = {
        "version": "0",
        "id": "42dbea55-45ad-b2b4-87a8-afa000000001",
        "detail-type": "Inspector2 Finding",
        "source": "aws.inspector2",
        "account": "111122223333",
        "time": "2026-01-31T18:02:40Z",
        "region": "eu-central-1",
        "resources": [f"{REPOSITORY_ARN}/{DIGEST}"],
        "detail": without_none(found),
        **members,
    }
    return without_none(event)


def without_none(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def test_the_documented_event_is_read() -> None:
    seen = read_finding_event(make_finding_event(), REGISTRY)
    assert seen
    assert (seen.request.repository, seen.request.digest) == ("sample-app", DIGEST)
    assert seen.request.tags == ("1.4.2", "latest")
    assert (seen.arn, seen.at) == (FINDING_ARN, datetime(2026, 1, 31, 18, 2, 40, tzinfo=UTC))
    facts = seen.facts
    assert (facts.status, facts.in_use, facts.are_enough) == ("ACTIVE", 2, True)
    assert facts.first_observed == datetime(2026, 1, 31, 18, 2, 30, tzinfo=UTC)
    assert facts.pushed == datetime(2026, 1, 3, 18, 2, 13, tzinfo=UTC)


def test_a_finding_of_anything_but_an_image_is_none() -> None:
    event = make_finding_event()
    event["detail"]["resources"][0]["type"] = "AWS_EC2_INSTANCE"
    assert read_finding_event(event, REGISTRY) is None


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (None, "event"),
        ([], "event"),
        ("text", "event"),
        (make_finding_event(source="aws.inspector"), "source"),
        (make_finding_event() | {"detail-type": "Inspector2 Scan"}, "detail-type"),
        (make_finding_event(account="999999999999"), "account"),
        (make_finding_event(region="eu-west-1"), "region"),
        (make_finding_event(time=None), "time"),
        (make_finding_event(time="2026-02-30T00:00:00Z"), "time"),
        (make_finding_event(detail=None) | {"detail": []}, "detail"),
        (make_finding_event({"findingArn": None}), "detail.findingArn"),
        (make_finding_event({"findingArn": f"{FINDING_ARN}\n"}), "detail.findingArn"),
        (make_finding_event({"resources": None}), "detail.resources"),
        (make_finding_event({"resources": []}), "detail.resources"),
        (
            make_finding_event({"resources": [{"type": "AWS_ECR_CONTAINER_IMAGE"}]}),
            "detail.resources.id",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_by_field(event: Any, field: str) -> None:
    with pytest.raises(UnreadableEvent, match=rf"^{field}: given .*; accepted: "):
        read_finding_event(event, REGISTRY)


@pytest.mark.parametrize(
    "other",
    [
        f"arn:aws:ecr:eu-central-1:999999999999:repository/sample-app/{DIGEST}",
        f"arn:aws:ecr:eu-west-1:111122223333:repository/sample-app/{DIGEST}",
        f"{REPOSITORY_ARN}/sha256:12",
        f"{REPOSITORY_ARN}/../x/{DIGEST}",
        f"{REPOSITORY_ARN}/{DIGEST}\n",
        f"{REPOSITORY_ARN}:x/{DIGEST}",
    ],
)
def test_an_image_of_another_registry_or_with_an_odd_name_is_refused(other: str) -> None:
    event = make_finding_event()
    event["detail"]["resources"][0]["id"] = other
    with pytest.raises(UnreadableEvent, match="accepted: "):
        read_finding_event(event, REGISTRY)


def list_places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from list_places(value[key], (*place, key))


def plant(value: Any, place: tuple[Any, ...], odd: Any) -> Any:
    if not place:
        return odd
    changed = copy.deepcopy(value)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = odd
    return changed


DEEP = json.loads("[" * 400 + "]" * 400)
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    1e400,
    10**400,
    "",
    "\ud83d\x00\u202e",
    [],
    {},
    [[]],
    [None],
    DEEP,
)


def outcome(event: Any) -> str:
    """The repository, or the refusal."""
    try:
        seen = read_finding_event(event, REGISTRY)
    except UnreadableEvent as refused:
        return str(refused)
    return seen.request.repository if seen else "none"


@pytest.mark.parametrize("place", list(list_places(make_finding_event())), ids=str)
def test_any_value_in_any_place_is_read_or_refused(place: tuple[Any, ...]) -> None:
    for odd in ODD_VALUES:
        found = outcome(plant(make_finding_event(), place, odd))
        assert found in ("none", "sample-app") or "; accepted: " in found
        assert len(found) < 1_000


NO_TIMES: tuple[Any, ...] = (
    *("", "now", "Dec 32, 2021, 6:02:30 PM", "Foo 3, 2021, 6:02:30 PM"),
    *("Dec 3, 2021, 13:02:30 PM", "Dec 3, 2021, 6:60:30 PM"),
    *(True, -1, 1e400, float("nan"), 10**400, None, {}, []),
    datetime(2026, 1, 1),
)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("Dec 3, 2021, 6:02:30 PM", "2021-12-03T18:02:30+00:00"),
        ("Dec 3, 2021, 6:02:30\u202fPM", "2021-12-03T18:02:30+00:00"),
        ("Jan 19, 2023, 12:46:15 AM", "2023-01-19T00:46:15+00:00"),
        ("Jan 19, 2023, 12:46:15 PM", "2023-01-19T12:46:15+00:00"),
        ("2026-01-31T23:30:00Z", "2026-01-31T23:30:00+00:00"),
        ("2026-01-31T23:30:00.123+09:00", "2026-01-31T14:30:00.123000+00:00"),
        (1_769_902_200, "2026-01-31T23:30:00+00:00"),
        (1_769_902_200.0, "2026-01-31T23:30:00+00:00"),
        (1_769_902_200_000, "2026-01-31T23:30:00+00:00"),
        *((odd, None) for odd in NO_TIMES),
    ],
)
def test_times_of_events_and_of_the_api(given: Any, read: str | None) -> None:
    found = read_event_time(given)
    assert (found.isoformat() if found else None) == read

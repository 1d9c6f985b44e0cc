"""The event that is made from findings where none is given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from scan_brief_cli.scan_event import derive_event
from tests.unit.builders import make_finding, make_image

NOW = datetime(2026, 2, 1, tzinfo=UTC)
YESTERDAY = NOW - timedelta(1)
NO_TIMES: dict[str, Any] = dict.fromkeys(("firstObservedAt", "lastObservedAt"))
OTHER = make_image() | {"id": "arn:aws:ecr:eu-central-1:111122223333:repository/other/sha256:1"}


def test_the_event_is_of_the_image_with_the_most_findings() -> None:
    findings = [
        make_finding(1, resources=[OTHER], **NO_TIMES),
        make_finding(2, severity="CRITICAL", **NO_TIMES),
        make_finding(3, severity="LOW", **NO_TIMES),
        make_finding(3, severity="LOW", **NO_TIMES),  # of a second page
        make_finding(4, status="CLOSED", **NO_TIMES),
        make_finding(5, resources=None, **NO_TIMES),
    ]
    event = derive_event(findings, NOW) or {}
    assert event["detail"]["repository-name"].endswith(":repository/sample-app")
    assert event["detail"]["image-tags"] == ["latest"]
    assert event["detail"]["finding-severity-counts"] == {
        "CRITICAL": 1,
        "HIGH": 0,
        "MEDIUM": 0,
        "TOTAL": 2,
    }
    assert (event["account"], event["region"]) == ("111122223333", "eu-central-1")


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([{"updatedAt": NOW}, {"updatedAt": NOW + timedelta(hours=1)}], "2026-02-01T01:00:00Z"),
        (
            [{"updatedAt": datetime(2026, 3, 14, 6, 38, tzinfo=timezone(timedelta(hours=9)))}],
            "2026-03-13T21:38:00Z",
        ),
        (
            [{"lastObservedAt": NOW - timedelta(1)}, {"firstObservedAt": NOW}],
            "2026-01-31T00:00:00Z",
        ),
        ([{"firstObservedAt": YESTERDAY}], "2026-01-31T00:00:00Z"),
        ([{"updatedAt": datetime(1970, 1, 1, tzinfo=UTC)}], "2026-02-01T00:00:00Z"),
        ([{"updatedAt": datetime(9999, 12, 31, tzinfo=UTC)}], "2026-02-01T00:00:00Z"),
        ([{}], "2026-02-01T00:00:00Z"),
    ],
)
def test_the_events_time_is_when_a_finding_was_last_seen(
    times: list[dict[str, Any]], expected: str
) -> None:
    findings = [make_finding(number, **{**NO_TIMES, **time}) for number, time in enumerate(times)]
    assert (derive_event(findings, NOW) or {})["time"] == expected


def test_without_an_image_there_is_no_event() -> None:
    findings = [make_finding(1, resources=[OTHER]), make_finding(2, resources=[None])]
    assert derive_event(findings, NOW) is None

"""The event that is made from findings where none is given."""

from __future__ import annotations

import pytest

from scan_brief_cli.scan_event import derive_event
from tests.unit.builders import make_finding, make_image

OTHER = make_image() | {"id": "arn:aws:ecr:eu-central-1:111122223333:repository/other/sha256:1"}


def test_the_event_is_of_the_image_with_the_most_findings() -> None:
    findings = [
        make_finding(1, resources=[OTHER]),
        make_finding(2, severity="CRITICAL"),
        make_finding(3, severity="LOW"),
        make_finding(4, status="CLOSED"),
        make_finding(5, resources=None),
    ]
    event = derive_event(findings) or {}
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
        ([1769902200.0, 1769902260.5], "2026-01-31T23:31:00Z"),
        (["2026-03-14T06:38:00.123000+09:00"], "2026-03-13T21:38:00Z"),
        (["yesterday", None, 1e30, 60], "1970-01-01T00:01:00Z"),
        ([None], "1970-01-01T00:00:00Z"),
    ],
)
def test_the_events_time_is_that_of_the_newest_finding(times: list[object], expected: str) -> None:
    findings = [make_finding(number, updatedAt=time) for number, time in enumerate(times)]
    assert (derive_event(findings) or {})["time"] == expected


def test_without_an_image_there_is_no_event() -> None:
    assert derive_event([make_finding(1, resources=[OTHER]), make_finding(2, resources=[])]) is None

"""preferences: which of what was told is a repository's own."""

from __future__ import annotations

import json

import pytest

from scan_brief.preferences import find_preferences
from scan_brief_cdk.route import Route, write_preferences

TOLD = [
    Route(name="*", top_findings=1),
    Route(name="team/*", top_findings=2),
    Route(name="team/app", top_findings=3),
    Route(name="team/app-*", top_findings=4),
    Route(name="quiet"),
]


@pytest.mark.parametrize(
    ("repository", "expected"),
    [
        ("team/app", 3),
        ("team/app-two", 4),
        ("team/apples", 2),
        ("team", 1),
        ("teams/app", 1),
        ("quiet", 1),
    ],
)
def test_the_closest_is_taken(repository: str, expected: int) -> None:
    for told in (TOLD, TOLD[::-1]):
        assert find_preferences(write_preferences(told), repository) == {"topFindings": expected}


def test_each_preference_is_the_closest_that_says_it() -> None:
    told = [
        Route(name="*", language="ja", time_zone="Asia/Tokyo"),
        Route(name="team/app", top_findings=3),
    ]
    assert find_preferences(write_preferences(told), "team/app") == {
        "language": "ja",
        "timeZone": "Asia/Tokyo",
        "topFindings": 3,
    }


def test_nothing_is_told_of_most() -> None:
    assert find_preferences("{}", "team/app") == {}
    assert find_preferences('{"other":{"language":"ja"}}', "team/app") == {}
    assert find_preferences('{"team*":{"language":"ja"}}', "my-team") == {}


def test_only_what_differs_is_written() -> None:
    routes = [
        Route(name="a1", emails=["x@example.com"]),
        Route(name="b1", time_zone="UTC", language="en"),
    ]
    assert json.loads(write_preferences(routes)) == {"b1": {"language": "en", "timeZone": "UTC"}}

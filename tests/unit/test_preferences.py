"""preferences: which of the stated preferences are a repository's own."""

from __future__ import annotations

import json

import pytest

from scan_brief.model import Preferences, StatedPreferences
from scan_brief.preferences import find_preferences
from scan_brief_cdk.route import Route, write_preferences
from tests.shapes import assert_shape

ROUTES = [
    Route(name="*", top_findings=1),
    Route(name="team/*", top_findings=2),
    Route(name="team/app", top_findings=3),
    Route(name="team/app-*", top_findings=4),
    Route(name="quiet"),
]
NONE: Preferences = {"language": None, "topFindings": None, "timeZone": None}


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
def test_the_most_specific_pattern_wins(repository: str, expected: int) -> None:
    for routes in (ROUTES, ROUTES[::-1]):
        found = find_preferences(write_preferences(routes), repository)
        assert found == {**NONE, "topFindings": expected}


def test_each_preference_is_that_of_the_most_specific_pattern_with_it() -> None:
    routes = [
        Route(name="*", language="ja", time_zone="Asia/Tokyo"),
        Route(name="team/app", top_findings=3),
    ]
    found = find_preferences(write_preferences(routes), "team/app")
    assert found == {"language": "ja", "timeZone": "Asia/Tokyo", "topFindings": 3}
    assert_shape(found, Preferences)


@pytest.mark.parametrize(
    "text", ["{}", '{"other":{"language":"ja"}}', '{"app*":{"language":"ja"}}']
)
def test_a_repository_that_no_pattern_matches_has_no_preferences(text: str) -> None:
    found = find_preferences(text, "team/app")
    assert found == NONE
    assert_shape(found, Preferences)


def test_only_set_preferences_are_written() -> None:
    routes = [
        Route(name="a1", emails=["x@example.com"]),
        Route(name="b1", time_zone="UTC", language="en"),
    ]
    written = json.loads(write_preferences(routes))
    assert written == {"b1": {"language": "en", "timeZone": "UTC"}}
    assert_shape(json.loads(write_preferences(ROUTES)) | written, dict[str, StatedPreferences])

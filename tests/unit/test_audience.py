"""Briefs with the same recipients, language and time zone have one audience, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan_brief.audience import find_audience, list_patterns
from scan_brief.model import MessageAttributes
from scan_brief_cdk.route import Route, write_gathering_routes, write_preferences
from scan_brief_common.patterns import matches

A, B, C = "a@example.com", "b@example.com", "c@example.com"
ALL = Route(name="*", emails=[A])


def attributes(severity: Any = "HIGH", known_exploited: int = 0) -> MessageAttributes:
    return {
        "kind": "FINDINGS",
        "severity": severity,
        "total": "1",
        "knownExploited": str(known_exploited),
        "repository": "x",
        "repositoryArn": "x",
    }


def find(routes: Sequence[Route], repository: str, **said: Any) -> str:
    written = write_gathering_routes(routes), write_preferences(routes)
    return find_audience(*written, repository, attributes(**said)).id


@pytest.mark.parametrize(
    ("routes", "same"),
    [
        ([Route(name="*", emails=[A])], True),
        ([Route(name="one", emails=[A]), Route(name="two", emails=["A@Example.com"])], True),
        ([Route(name="one", emails=[A, B]), Route(name="two", emails=[B, A])], True),
        ([Route(name="*", emails=[A]), Route(name="one", emails=[B])], False),
        ([Route(name="*", emails=[A]), Route(name="one", emails=[A])], True),
        ([Route(name="*", emails=[A]), Route(name="one", language="ja")], False),
        ([Route(name="*", emails=[A]), Route(name="one", time_zone="Asia/Tokyo")], False),
        ([Route(name="*", emails=[A]), Route(name="one", top_findings=3)], True),
        # Nobody has mails: each route has its own.
        ([Route(name="one"), Route(name="two")], False),
        ([Route(name="*")], True),
        # What a route does not want, its addresses do not receive.
        (
            [
                Route(name="*", emails=[A]),
                Route(name="one", emails=[B], minimum_severity="CRITICAL"),
            ],
            True,
        ),
        (
            [Route(name="*", emails=[A]), Route(name="one", emails=[B], minimum_severity="HIGH")],
            False,
        ),
        (
            [Route(name="*", emails=[A]), Route(name="one", emails=[B], known_exploited_only=True)],
            True,
        ),
    ],
)
def test_two_repositories_share_an_audience(routes: list[Route], same: bool) -> None:
    assert (find(routes, "one") == find(routes, "two")) == same


def test_what_is_known_exploited_has_the_recipients_who_want_it() -> None:
    routes = [Route(name="*", emails=[A]), Route(name="one", emails=[B], known_exploited_only=True)]
    assert find(routes, "one", known_exploited=1) != find(routes, "one")
    assert find(routes, "one", known_exploited=-1) != find(routes, "one")


def test_other_addresses_are_another_audience_although_their_places_are_the_same() -> None:
    assert find([Route(name="*", emails=[A])], "one") != find([Route(name="*", emails=[B])], "one")


def test_no_address_is_written() -> None:
    assert "@" not in write_gathering_routes([Route(name="*", emails=[A, B])])


NAMES = st.sampled_from(["*", "team/*", "team/app/*", "team/app", "team/app/web", "other"])
ROUTES = st.lists(
    st.builds(Route, name=NAMES, emails=st.lists(st.sampled_from([A, B, C]), max_size=2)),
    unique_by=lambda route: route.name,
    max_size=5,
)


@given(routes=ROUTES)
def test_an_audience_is_the_set_of_the_matching_routes_addresses(routes: list[Route]) -> None:
    found: dict[str, set[object]] = {}
    for repository in ("team/app", "team/app/web", "team/x", "other", "third"):
        chain = [route for route in routes if matches(route.name, repository)]
        to = frozenset(email for route in chain for email in route.emails)
        key = to or min(chain, key=lambda route: route.specificity).name if to or chain else ""
        found.setdefault(find(routes, repository), set()).add(key)
        assert set(list_patterns(write_gathering_routes(routes), repository)) == {
            route.name for route in chain
        }
    assert all(len(keys) == 1 for keys in found.values())
    assert len({key for keys in found.values() for key in keys}) == len(found)

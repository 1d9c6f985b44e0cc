"""Routes: patterns, groups for rules, subscribers, limits."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan_brief_cdk.route import (
    Route,
    find_limit,
    group_for_rules,
    list_filters,
    list_subscribers,
)
from scan_brief_common.patterns import matches

LONGEST_ARN = "arn:aws-us-gov:ecr:ap-southeast-99:111122223333:repository/"


@pytest.mark.parametrize(
    ("name", "prefix", "matched"),
    [
        ("team/app", None, f"{LONGEST_ARN}team/app"),
        ("team/*", "team/", {"prefix": f"{LONGEST_ARN}team/"}),
        ("team*", "team", {"prefix": f"{LONGEST_ARN}team"}),
        ("*", "", {"prefix": LONGEST_ARN}),
    ],
)
def test_a_name_is_matched_whole_and_a_prefix_at_its_beginning(
    name: str, prefix: str | None, matched: object
) -> None:
    route = Route(name=name)
    assert route.prefix == prefix
    assert route.match_arn(LONGEST_ARN) == matched


NAMES_OF_ONE = ["team/app", "team/*", "x"]
ARN_OF_ALL = [f"{LONGEST_ARN}team/app", {"prefix": f"{LONGEST_ARN}team/"}, f"{LONGEST_ARN}x"]
EXPLOITED = [{"exists": False}, {"numeric": ["<", 0]}, {"numeric": [">", 0]}]
HIGH = ["CRITICAL", "HIGH", "UNTRIAGED", "OTHER", "UNKNOWN"]


@pytest.mark.parametrize(
    ("filters", "policy"),
    [
        ([{}, {}, {}], {"repositoryArn": ARN_OF_ALL}),  # as it was before there were filters
        (
            [{"minimum_severity": "HIGH"}] * 3,
            {"repositoryArn": ARN_OF_ALL, "severity": HIGH},
        ),
        (
            [{"minimum_severity": "HIGH", "known_exploited_only": True}, {}, {}],
            {
                "$or": [
                    {
                        "repositoryArn": ARN_OF_ALL[:1],
                        "severity": HIGH,
                        "knownExploited": EXPLOITED,
                    },
                    {"repositoryArn": ARN_OF_ALL[1:]},
                ]
            },
        ),
    ],
)
def test_an_address_has_one_policy_with_alternatives_only_where_filters_differ(
    filters: list[dict[str, Any]], policy: object
) -> None:
    routes = [
        Route(name=name, emails=["a@example.com"], **chosen)
        for name, chosen in zip(NAMES_OF_ONE, filters, strict=True)
    ]
    assert list_filters(routes, LONGEST_ARN) == {"a@example.com": policy}


def test_names_come_before_prefixes_and_longer_ones_before_shorter() -> None:
    routes = [Route(name=name) for name in ("*", "a*", "a/b", "a/b/*", "a/b/c")]
    ordered = sorted(routes, key=lambda route: route.specificity)
    assert [route.name for route in ordered] == ["a/b/c", "a/b", "a/b/*", "a*", "*"]


def test_a_mailbox_is_listed_once_in_its_first_spelling_with_all_that_it_receives() -> None:
    both = Route(name="aa", emails=["Team@example.com", "y@example.com"])
    second = Route(name="*", emails=["team@Example.com"])
    assert list_subscribers([both, second]) == {
        "Team@example.com": [both, second],
        "y@example.com": [both],
    }


@pytest.mark.parametrize("length", [3, 40, 256])
def test_the_pattern_of_a_rule_is_within_eventbridges_limit(length: int) -> None:
    names = [f"{n:03}".ljust(length, "x") + "*" * (n % 2) for n in range(100, 220)]
    routes = [Route(name=name) for name in names]
    groups = group_for_rules(routes)
    assert [route for group in groups for route in group] == routes
    assert len(groups) < len(routes) / 4  # one rule for each would be many
    for group in groups:
        detail = {"repository-name": [route.match_arn(LONGEST_ARN) for route in group]}
        pattern = {"source": ["aws.inspector2"], "detail-type": ["Inspector2 Scan"]}
        assert len(json.dumps({**pattern, "detail": detail})) <= 2_048


NAMES = st.text("ab/", max_size=4)
PATTERNS = st.builds(lambda name, star: name + star or "*", NAMES, st.sampled_from(["", "*"]))


@given(st.lists(PATTERNS, unique=True, min_size=1, max_size=40), NAMES)
def test_a_repository_is_matched_by_at_most_one_rule(names: list[str], repository: str) -> None:
    routes = [
        Route(name=name.ljust(150, "-") if number % 3 else name)
        for number, name in enumerate(names)
    ]
    matching = [
        group
        for group in group_for_rules(routes)
        if any(matches(route.name, repository) for route in group)
    ]
    assert len(matching) == any(matches(route.name, repository) for route in routes)


def apps(count: int, addresses: int = 0, length: int = 1) -> list[Route]:
    emails = [f"{n}@example.com" for n in range(addresses)]
    return [Route(name=f"{n:03}".ljust(length, "x"), emails=emails) for n in range(count)]


def high(count: int) -> list[Route]:
    return [replace(route, minimum_severity="HIGH") for route in apps(count, 1)]


def exploited(count: int, start: int = 0) -> list[Route]:
    return [replace(route, known_exploited_only=True) for route in apps(start + count, 1)[start:]]


def preferences(size: int) -> list[Route]:
    """Routes whose preferences have this size; the prefix of all keeps them to one rule."""
    name = "a" * (size - len('{"":{"topFindings":7}}'))
    return [Route(name="*"), Route(name=name, top_findings=7)]


@pytest.mark.parametrize(
    ("most", "more", "words"),
    [
        (apps(150, 1), apps(151, 1), "at most 150 names or prefixes for 0@example.com; a prefix"),
        (apps(1, 200), apps(1, 201), "at most 200 email addresses"),
        (apps(150, 10), apps(150, 11), "at most 1,500 names or prefixes of all addresses together"),
        # AWS multiplies the values of all keys: 5 severities, and 3 for known exploited.
        (high(30), high(31), "at most 30 names or prefixes for 0@example.com; a prefix"),
        (exploited(50), exploited(51), "at most 50 names or prefixes for 0@example.com"),
        (
            high(10) + exploited(33, 10) + apps(1, 1, 4),
            high(10) + exploited(34, 10) + apps(1, 1, 4),
            "at most 150 combinations of names or prefixes, severities and known exploited for 0@",
        ),
        # Of names of 256 characters, five fit in a pattern; of short ones, more than 15.
        (apps(95, 0, 256), apps(96, 0, 256), "as many names as fit in 19 EventBridge rules"),
        (apps(19 * 16), apps(600), "as many names as fit in 19 EventBridge rules, about 300 short"),
        (preferences(65_536), preferences(65_537), "at most 65,536 bytes of settings that differ"),
    ],
)
def test_routes_beyond_the_limits_of_aws_are_refused(
    most: list[Route], more: list[Route], words: str
) -> None:
    assert find_limit(most) is None
    assert str(find_limit(more)).startswith(words)

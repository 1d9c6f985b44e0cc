"""Routes: patterns, groups for rules, subscribers, limits."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan_brief_cdk.route import Route, find_limit, group_for_rules, list_subscribers
from scan_brief_common.patterns import matches

REPOSITORIES = "arn:aws-us-gov:ecr:us-gov-west-1:111122223333:repository/"


@pytest.mark.parametrize(
    ("name", "prefix", "matched"),
    [
        ("team/app", None, f"{REPOSITORIES}team/app"),
        ("team/*", "team/", {"prefix": f"{REPOSITORIES}team/"}),
        ("team*", "team", {"prefix": f"{REPOSITORIES}team"}),
        ("*", "", {"prefix": REPOSITORIES}),
    ],
)
def test_a_name_is_matched_whole_and_a_prefix_at_its_beginning(
    name: str, prefix: str | None, matched: object
) -> None:
    watch = Route(name=name)
    assert watch.prefix == prefix
    assert watch.match_arn(REPOSITORIES) == matched


def test_names_come_before_prefixes_and_longer_ones_before_shorter() -> None:
    names = ["*", "a*", "a/b", "a/b/*", "a/b/c"]
    assert sorted(names, key=lambda name: Route(name=name).specificity) == [
        "a/b/c",
        "a/b",
        "a/b/*",
        "a*",
        "*",
    ]


def test_an_address_is_listed_once_with_all_that_it_gets() -> None:
    both, second = (
        Route(name="aa", emails=["x@example.com", "y@example.com"]),
        Route(name="bb", emails=["x@example.com"]),
    )
    assert list_subscribers([both, second]) == {
        "x@example.com": [both, second],
        "y@example.com": [both],
    }


def pattern_length(group: list[Route]) -> int:
    """Of the whole pattern, with what a deployment puts in at its longest."""
    longest = "arn:aws-us-gov:ecr:ap-southeast-99:111122223333:repository/"
    detail = {"repository-name": [one.match_arn(longest) for one in group]}
    return len(
        json.dumps(
            {"source": ["aws.inspector2"], "detail-type": ["Inspector2 Scan"], "detail": detail}
        )
    )


@pytest.mark.parametrize("length", [3, 40, 256])
def test_a_rules_pattern_stays_below_eventbridges_limit(length: int) -> None:
    routes = [
        Route(name=f"{number:03}".ljust(length, "x") + "*" * (number % 2))
        for number in range(100, 220)
    ]
    groups = group_for_rules(routes)
    assert [one for group in groups for one in group] == routes
    assert max(map(pattern_length, groups)) <= 2048
    assert len(groups) < 120 / 4  # a rule for each would be many


def test_few_repositories_share_one_rule() -> None:
    assert len(group_for_rules([Route(name="team/sample-app") for _ in range(15)])) == 1


REPOSITORY_NAMES = st.text("ab/", max_size=4)
DESCRIPTIONS = st.builds(
    lambda name, star: name + star or "*", REPOSITORY_NAMES, st.sampled_from(["", "*"])
)


@given(st.lists(DESCRIPTIONS, unique=True, min_size=1, max_size=40), REPOSITORY_NAMES)
def test_a_repository_is_matched_by_one_rule_if_by_any(names: list[str], repository: str) -> None:
    routes = [
        Route(name=name.ljust(150, "-") if number % 3 else name)
        for number, name in enumerate(names)
    ]
    matching = [
        group
        for group in group_for_rules(routes)
        if any(matches(one.name, repository) for one in group)
    ]
    assert len(matching) == any(matches(one.name, repository) for one in routes)


def test_a_mailbox_in_two_spellings_is_one() -> None:
    first, second = (
        Route(name="*", emails=["Team@example.com"]),
        Route(name="aa", emails=["team@Example.com"]),
    )
    assert list_subscribers([first, second]) == {"Team@example.com": [first, second]}


def apps(count: int, *emails: str) -> list[Route]:
    return [Route(name=f"app-{number}", emails=emails) for number in range(count)]


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        (
            apps(150, "x@example.com"),
            apps(151, "x@example.com"),
            "x@example.com may have at most 150 names or prefixes; a prefix holds any number",
        ),
        (
            apps(1, *(f"{number}@example.com" for number in range(200))),
            apps(1, *(f"{number}@example.com" for number in range(201))),
            "at most 200 e-mail addresses",
        ),
        (
            apps(150, *(f"{number}@example.com" for number in range(10))),
            apps(150, *(f"{number}@example.com" for number in range(11))),
            "at most 1,500 names or prefixes of all addresses together",
        ),
        (apps(300), apps(600), "as many names as 19 EventBridge rules hold"),
        (
            [
                Route(name=f"{number}*", time_zone="America/Argentina/Buenos_Aires")
                for number in range(100, 300)
            ],
            [
                Route(name="a" * 250 + str(number), language="ja", top_findings=7)
                for number in range(300)
            ],
            "what differs between repositories takes at most 65,536 bytes as JSON",
        ),
    ],
)
def test_what_is_more_than_aws_takes_is_told(
    good: list[Route], bad: list[Route], told: str
) -> None:
    assert find_limit(good) is None
    assert str(find_limit(bad)).startswith(told)

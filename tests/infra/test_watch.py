"""What is watched: patterns, groups for rules, subscribers, limits."""

from __future__ import annotations

import json

import pytest

from infra.watch import MOST_FILTER_VALUES, MOST_FILTERS, Watch, find_limit, group_for_rules, list_subscribers

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
    watch = Watch(name=name)
    assert watch.prefix == prefix
    assert watch.match_arn(REPOSITORIES) == matched


def test_names_come_before_prefixes_and_longer_ones_before_shorter() -> None:
    names = ["*", "a*", "a/b", "a/b/*", "a/b/c"]
    assert sorted(names, key=lambda name: Watch(name=name).closeness) == ["a/b/c", "a/b", "a/b/*", "a*", "*"]


def test_an_address_is_listed_once_with_all_that_it_gets() -> None:
    both, second = (
        Watch(name="aa", emails=["x@example.com", "y@example.com"]),
        Watch(name="bb", emails=["x@example.com"]),
    )
    assert list_subscribers([both, second]) == {"x@example.com": [both, second], "y@example.com": [both]}


def pattern_length(group: list[Watch]) -> int:
    """Of the whole pattern, with what a deployment puts in at its longest."""
    longest = "arn:aws-us-gov:ecr:ap-southeast-99:111122223333:repository/"
    detail = {"repository-name": [one.match_arn(longest) for one in group]}
    return len(json.dumps({"source": ["aws.inspector2"], "detail-type": ["Inspector2 Scan"], "detail": detail}))


@pytest.mark.parametrize("length", [2, 40, 256])
def test_a_rules_pattern_stays_below_eventbridges_limit(length: int) -> None:
    watched = [Watch(name=f"{number:03}".ljust(length, "x") + "*" * (number % 2)) for number in range(120)]
    groups = group_for_rules(watched)
    assert [one for group in groups for one in group] == watched
    assert max(map(pattern_length, groups)) <= 2048
    assert len(groups) < 120 / 4  # a rule for each would be many


def test_few_repositories_share_one_rule() -> None:
    assert len(group_for_rules([Watch(name="team/sample-app") for _ in range(15)])) == 1


def test_limits_hold_for_filters_and_not_for_who_gets_everything() -> None:
    everything = [Watch(name=f"app-{number}", emails=["x@example.com"]) for number in range(MOST_FILTER_VALUES + 1)]
    assert find_limit(everything) is None
    told = find_limit([*everything, Watch(name="other")])
    assert told == "x@example.com may have at most 150 repositories of its own, or a prefix, or all"
    assert find_limit([*everything[1:], Watch(name="other")]) is None


def test_so_many_addresses_have_filters_and_no_more() -> None:
    def watch(count: int) -> list[Watch]:
        return [Watch(name=f"app-{number}", emails=[f"{number}@example.com"]) for number in range(count)]

    assert find_limit(watch(MOST_FILTERS)) is None
    assert "at most 200 addresses" in str(find_limit(watch(MOST_FILTERS + 1)))


def test_what_differs_must_fit_beside_the_report() -> None:
    def watch(count: int) -> list[Watch]:
        return [Watch(name=f"app-{number}", language="ja") for number in range(count)]

    assert find_limit(watch(1_500)) is None
    assert "65,536 bytes" in str(find_limit(watch(3_000)))

"""digest_windows: no repository is reported twice or left out, whichever audience it moves to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scan_brief.findings.digest_windows import Windows, belongs, covers, keep_past
from scan_brief.model import DigestWindow
from scan_brief_common.patterns import matches
from tests.unit.findings.digest_builders import SINCE, UNTIL, window

DAY = timedelta(days=1)
EARLIER = SINCE - DAY
NONE: Sequence[str] = ()


@pytest.mark.parametrize(
    ("repository", "routes", "others", "expected"),
    [
        ("team/a", ["*"], NONE, True),
        ("team/a", ["team/*"], ["*"], True),
        ("team/a", ["*"], ["team/*"], False),
        ("team/a", ["team/a"], ["team/*", "*"], True),
        ("team/a", ["team/*"], ["team/a"], False),
        ("team/ab", ["team/*"], ["team/a"], True),
        ("other", ["team/*"], ["*"], False),
        ("team/a", NONE, NONE, False),
    ],
)
def test_a_repository_belongs_to_its_most_specific_route(
    repository: str, routes: Sequence[str], others: Sequence[str], expected: bool
) -> None:
    assert belongs(repository, routes, others) is expected


def test_a_missed_run_is_made_up() -> None:
    windows = Windows([window(EARLIER, ["*"])], SINCE, ["*"], NONE)
    assert windows.since("any") == windows.start() == EARLIER


def test_the_first_window_is_one_period() -> None:
    windows = Windows([], SINCE, ["team/*"], NONE)
    assert windows.since("team/a") == windows.start() == SINCE


def test_a_repository_that_gets_a_route_of_its_own_goes_on_where_it_was_told() -> None:
    # The old audience reported once more, without it, before the new one tells at all.
    reported = [
        window(UNTIL - timedelta(hours=1), ["team/*"], ["team/a"]),
        window(EARLIER, ["team/*"]),
    ]
    windows = Windows(reported, SINCE, ["team/a"], ["team/*"])
    assert windows.since("team/a") == windows.start() == EARLIER


def test_a_repository_that_loses_its_route_goes_on_where_it_was_told() -> None:
    later = UNTIL - timedelta(hours=1)
    reported = [window(later, ["*"], ["team/*"]), window(EARLIER, ["team/*"], ["*"])]
    windows = Windows(reported, SINCE, ["*"], NONE)
    assert (windows.since("team/a"), windows.since("other")) == (EARLIER, later)
    assert windows.start() == EARLIER


def test_another_address_does_not_begin_anew() -> None:
    windows = Windows([window(EARLIER, ["team/*"], ["*"])], SINCE, ["team/*"], ["*"])
    assert windows.since("team/a") == windows.start() == EARLIER


def test_an_unrelated_route_changes_nothing() -> None:
    reported = [window(EARLIER, ["team/*", "web"], ["*"])]
    windows = Windows(reported, SINCE, ["team/*", "web"], ["*", "shop/*"])
    assert windows.start() == EARLIER
    assert windows.has("team/a")
    assert not windows.has("shop/a")


def test_an_earlier_window_is_kept_while_it_had_other_repositories() -> None:
    first, second = window(EARLIER, ["*"]), window(SINCE, ["*"], ["team/*"])
    assert keep_past(second, first, []) == [first]
    large = [window(SINCE, [f"app-{n}-{m}" for n in range(1_000)]) for m in range(9)]
    assert 1 < len(keep_past(second, first, large)) < 6  # what a state carries is limited
    third = window(UNTIL, ["*"], ["team/*"])
    assert keep_past(third, second, [first]) == [first]
    assert keep_past(window(UNTIL, ["*"]), second, [first]) == [second, first]


PATTERNS = ("*", "team/*", "team/a*", "team/a", "team/ab", "web")
REPOSITORIES = ("team/a", "team/ab", "team/b", "web", "other")
# Which audience has each pattern: "" for a pattern that is no route. All repositories are watched.
ROUTES = st.tuples(st.sampled_from("xyz"), *[st.sampled_from(("", *"xyz"))] * (len(PATTERNS) - 1))
STEPS = st.lists(st.one_of(ROUTES, st.sampled_from("xyz")), max_size=12)


class Account:
    """Digests of audiences whose routes change, with an hour for each step."""

    def __init__(self, routes: Sequence[str]) -> None:
        self.routes = routes
        self.now = SINCE
        self.found = {(repository, SINCE): 0 for repository in REPOSITORIES}
        self._memory: dict[str, tuple[DigestWindow, list[DigestWindow]]] = {}

    def observe(self) -> None:
        """A finding in each repository."""
        self.now += timedelta(hours=1)
        self.found |= {(repository, self.now): 0 for repository in REPOSITORIES}

    def find_owner(self, repository: str) -> str:
        """The audience of the most specific route: a name, or the longest prefix."""
        matching = [
            (pattern == repository, len(pattern), of)
            for pattern, of in zip(PATTERNS, self.routes, strict=True)
            if of and matches(pattern, repository)
        ]
        return max(matching)[-1]

    def tell(self, audience: str) -> None:
        routes = [p for p, of in zip(PATTERNS, self.routes, strict=True) if of == audience]
        if not routes:
            return
        others = [
            pattern
            for pattern, of in zip(PATTERNS, self.routes, strict=True)
            if of not in ("", audience) and any(covers(own, pattern) for own in routes)
        ]
        self.now += timedelta(minutes=30)
        reported = [each for last, past in self._memory.values() for each in (last, *past)]
        windows = Windows(reported, SINCE, routes, others)
        for repository, at in self.found:
            if windows.has(repository) and windows.since(repository) <= at < self.now:
                assert self.find_owner(repository) == audience
                assert windows.start() <= at, "not listed"
                self.found[repository, at] += 1
        last = window(self.now, sorted(routes), sorted(others))
        before, past = self._memory.get(audience, (last, []))
        self._memory[audience] = last, keep_past(last, before, past)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(first=ROUTES, steps=STEPS)
def test_each_finding_is_in_one_digest_however_routes_change(
    first: Sequence[str], steps: Sequence[Sequence[str] | str]
) -> None:
    account = Account(first)
    for step in steps:
        account.observe()
        if isinstance(step, str):
            account.tell(step)
        else:
            account.routes = step
    for audience in "xyz":
        account.tell(audience)
    assert {*account.found.values()} == {1}

"""digest_windows: no repository is reported twice or left out, whichever audience it moves to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from scan_brief.findings.digest_windows import Windows, belongs, keep_past
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

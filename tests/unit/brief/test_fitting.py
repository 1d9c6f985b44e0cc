"""fitting: the greatest number that fits is found, with few measurements."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from scan_brief.brief.fitting import Memo, find_most


@given(sizes=st.lists(st.integers(0, 1_000), min_size=1, max_size=51), limit=st.integers(0, 9_000))
def test_the_greatest_number_that_fits_is_found(sizes: list[int], limit: int) -> None:
    totals = list(accumulate(sizes))
    expected = bisect_right(totals, limit) - 1
    found = find_most(len(totals) - 1, lambda count: totals[count], limit)
    assert found == (expected if expected >= 0 else None)


def test_few_are_measured_if_all_have_about_the_same_size() -> None:
    sizes = Memo(lambda count: 5_000 + 1_900 * count + 100 * (count % 3))
    assert find_most(50, lambda count: sizes[count], 60_000) == 28
    assert len(sizes) <= 5


def test_one_huge_one_costs_a_few_more() -> None:
    sizes = Memo(lambda count: count + 10**9 * (count > 40))
    assert find_most(50, lambda count: sizes[count], 60) == 40
    assert len(sizes) <= 11


def test_what_is_as_large_as_the_limit_fits() -> None:
    assert [find_most(4, lambda count: 10 * count, limit) for limit in (0, 10, 20, 29, 40)] == [
        *(0, 1, 2, 2, 4)
    ]

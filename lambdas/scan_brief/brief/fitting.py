"""Pure: finds how many findings fit, and makes few texts to find it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_GUESSES = 3


class Memo(dict[int, T]):
    """What was made for a number of findings, so that it is made only once."""

    def __init__(self, make: Callable[[int], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, count: int) -> T:
        self[count] = self._make(count)
        return self[count]


def find_most(most: int, measure: Callable[[int], int], limit: int) -> int | None:
    """The greatest number from 0 to `most` whose size is within the limit, None if not even 0 is.

    If a number fits, each smaller number fits too. Findings are of about the same size, so the
    first guesses take the sizes for a straight line.
    """
    beyond, too_large = most, measure(most)
    if too_large <= limit:
        return most
    least, size = 0, measure(0)
    if size > limit:
        return None
    guesses = 0
    while beyond - least > 1:
        middle = (least + beyond) // 2
        if guesses < _GUESSES:
            middle = least + (limit - size) * (beyond - least) // (too_large - size)
            middle = min(max(middle, least + 1), beyond - 1)
        guesses += 1
        found = measure(middle)
        if found <= limit:
            least, size = middle, found
        else:
            beyond, too_large = middle, found
    return least

"""Pure: the sandbox of templates, which bounds what a single expression can make."""

from __future__ import annotations

from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment

_MOST_EXPONENT = 100
_MOST_ITEMS = 100_000  # as many as Jinja2's sandbox allows a range


class Sandbox(ImmutableSandboxedEnvironment):
    """People edit templates as text, not as code.

    Jinja2's own sandbox bounds a range, but neither 9**9**9, which computes for hours, nor
    "x" * 10**10, which takes all memory. Here both are an OverflowError.
    """

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Jinja2 calls it for the operators above."""
        if operator == "**" and isinstance(right, int) and right > _MOST_EXPONENT:
            raise OverflowError(f"exponent {right} is greater than {_MOST_EXPONENT}")
        if operator == "*" and _count_items(left, right) > _MOST_ITEMS:
            raise OverflowError(f"the result has more than {_MOST_ITEMS} items")
        computed: object = SandboxedEnvironment.call_binop(self, context, operator, left, right)
        return computed


def _count_items(left: object, right: object) -> int:
    """Of a text or list that is repeated; 0 for numbers."""
    for items, times in ((left, right), (right, left)):
        if isinstance(items, str | list | tuple) and isinstance(times, int):
            return len(items) * times
    return 0

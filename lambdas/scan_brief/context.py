"""Pure: what the handlers read of Lambda's context."""

from __future__ import annotations

from typing import Protocol


class Context(Protocol):
    """The context of an invocation."""

    invoked_function_arn: str

    def get_remaining_time_in_millis(self) -> int:
        """Until Lambda ends the function."""

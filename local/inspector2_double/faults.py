"""Which calls fail, and how: a plan of faults by call number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event

from .documents import Document
from .errors import denied, internal, throttled
from .reply import Reply

OPERATION_NAMES = (
    *("ListFindings", "ListCoverage", "ListFindingAggregations"),
    *("BatchGetFindingDetails", "BatchGetAccountStatus", "GetClustersForImage"),
)


class Dropped(Exception):
    """The connection ends without a response. reset: as a crashed peer ends it (RST)."""

    def __init__(self, *, reset: bool = False) -> None:
        super().__init__()
        self.reset = reset


@dataclass(frozen=True)
class Call:
    """A request: its number among those of its operation, from 1, and the first pages so far."""

    operation: str
    number: int
    first_pages: int
    request: Document


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault of one operation. calls: the numbers of its calls, from 1; None: all calls."""

    calls: Sequence[int] | None = None
    operation: str = "ListFindings"

    def __post_init__(self) -> None:
        """Raises ValueError for an unknown operation or a number below 1."""
        _check_operation(self.operation)
        if self.calls is not None and not all(
            type(number) is int and number >= 1 for number in self.calls
        ):
            raise ValueError(f"calls are numbers from 1, given {self.calls!r}")

    def matches(self, call: Call) -> bool:
        """Whether the fault applies to this call."""
        return call.operation == self.operation and (
            self.calls is None or call.number in self.calls
        )

    def apply(self, closing: Event) -> None:
        """Wait, then raise the fault's error, if any. closing: set when the double closes."""
        closing.wait(self._delay())
        ending = self._ending()
        if ending is not None:
            raise ending

    def alter(self, reply: Reply, call: Call) -> Reply:  # noqa: ARG002 - for subclasses
        """The response to a call that the fault applies to."""
        return reply

    def _delay(self) -> float | None:
        return 0.0

    def _ending(self) -> Exception | None:
        return None


@dataclass(frozen=True, kw_only=True)
class _Refusal(Fault):
    retry_after: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.retry_after is not None and (
            type(self.retry_after) is not int or self.retry_after < 0
        ):
            raise ValueError(f"retry_after is whole seconds, given {self.retry_after!r}")


@dataclass(frozen=True, kw_only=True)
class Throttle(_Refusal):
    """ThrottlingException, with Retry-After in seconds where `retry_after` is given."""

    def _ending(self) -> Exception:
        return throttled(self.retry_after)


@dataclass(frozen=True, kw_only=True)
class ServerError(_Refusal):
    """InternalServerException, with Retry-After in seconds where `retry_after` is given."""

    def _ending(self) -> Exception:
        return internal(self.retry_after)


@dataclass(frozen=True, kw_only=True)
class Denied(Fault):
    """AccessDeniedException."""

    def _ending(self) -> Exception:
        return denied(self.operation)


@dataclass(frozen=True, kw_only=True)
class Slow(Fault):
    """The response is sent after `seconds`, or when the double is closed."""

    seconds: float

    def __post_init__(self) -> None:
        """Raises ValueError for a negative or non-numeric `seconds`."""
        super().__post_init__()
        if not isinstance(self.seconds, (int, float)) or self.seconds < 0:
            raise ValueError(f"seconds is a number from 0, given {self.seconds!r}")

    def _delay(self) -> float:
        return self.seconds


@dataclass(frozen=True, kw_only=True)
class Hang(Fault):
    """The response is never sent; closing the double ends the connection."""

    def _delay(self) -> None:
        return None

    def _ending(self) -> Exception:
        return Dropped()


@dataclass(frozen=True, kw_only=True)
class Held(Fault):
    """The response waits until `until` is set or the double is closed. Not in a JSON plan."""

    until: Event

    def apply(self, closing: Event) -> None:
        """Wait for the first of the two events."""
        while not self.until.is_set() and not closing.wait(0.02):
            """threading cannot wait for two events at once."""


@dataclass(frozen=True, kw_only=True)
class AppearAt:
    """Before listing number `call`, only the first `before` rows are listed; then all of them.

    Each request for a first page is a new listing (a retry too); later pages belong to it.
    """

    call: int
    before: int = 0
    operation: str = "ListFindings"

    def __post_init__(self) -> None:
        """Raises ValueError for an operation that lists nothing, or numbers out of range."""
        _check_operation(self.operation)
        if not self.operation.startswith("List"):
            raise ValueError("AppearAt is for an operation that lists")
        if (
            type(self.call) is not int
            or type(self.before) is not int
            or self.call < 1
            or self.before < 0
        ):
            raise ValueError(
                f"AppearAt wants call >= 1 and before >= 0, given {self.call!r} and {self.before!r}"
            )

    def limit(self, call: Call) -> int | None:
        """How many rows this call may list; None: all."""
        hidden = call.operation == self.operation and call.first_pages < self.call
        return self.before if hidden else None


def _check_operation(operation: str) -> None:
    if operation not in OPERATION_NAMES:
        raise ValueError(f"unknown operation {operation!r}; known: {', '.join(OPERATION_NAMES)}")

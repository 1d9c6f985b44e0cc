"""Which calls fail, and how: a plan of faults by call number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event

from .errors import denied, internal, throttled

OPERATION_NAMES = (
    *("ListFindings", "ListCoverage", "ListFindingAggregations"),
    *("BatchGetFindingDetails", "BatchGetAccountStatus"),
)


class Dropped(Exception):
    """The connection ends without a response."""


@dataclass(frozen=True)
class Call:
    """A request: its number among those of its operation, from 1, and the first pages so far."""

    operation: str
    number: int
    first_pages: int


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


@dataclass(frozen=True)
class FaultPlan:
    """The faults of a run. Those of the same call apply in order, until one raises an error."""

    faults: Sequence[Fault | AppearAt] = field(default=())

    def apply(self, call: Call, closing: Event) -> None:
        """Apply the faults of `call`. Raises their error: WireError or Dropped."""
        for fault in self.faults:
            if isinstance(fault, Fault) and fault.matches(call):
                fault.apply(closing)

    def visible(self, call: Call) -> int | None:
        """How many rows `call` may list; None: all."""
        limits = [fault.limit(call) for fault in self.faults if isinstance(fault, AppearAt)]
        return min((limit for limit in limits if limit is not None), default=None)

    @classmethod
    def from_json(cls, entries: object) -> FaultPlan:
        """A plan from a JSON list of {"fault": <class name>, <field>: <value>, …}.

        Raises ValueError for an entry that is not a fault, TypeError if it is not a list.
        """
        if not isinstance(entries, list):
            raise TypeError(f"a fault plan is a list of objects, given {type(entries).__name__}")
        return cls(tuple(_read_fault(number, entry) for number, entry in enumerate(entries)))


_KINDS: dict[str, type[Fault | AppearAt]] = {
    kind.__name__: kind for kind in (Throttle, ServerError, Denied, Slow, Hang, AppearAt)
}


def _read_fault(number: int, entry: object) -> Fault | AppearAt:
    name = entry.get("fault") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(name, str) or name not in _KINDS:
        raise ValueError(f"fault {number}: unknown fault {name!r}; known: {', '.join(_KINDS)}")
    arguments = {key: value for key, value in entry.items() if key != "fault"}
    try:
        return _KINDS[name](**arguments)
    except (TypeError, ValueError) as error:
        raise ValueError(f"fault {number}: {name}: {error}") from error


def _check_operation(operation: str) -> None:
    if operation not in OPERATION_NAMES:
        raise ValueError(f"unknown operation {operation!r}; known: {', '.join(OPERATION_NAMES)}")

"""What goes wrong, and when: a plan of faults by the number of the call (pure, but for waiting on
an event).
"""

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
    """The connection ends without an answer."""


@dataclass(frozen=True)
class Call:
    """A request as a fault sees it: the how manieth of its operation it is, and of first pages,
    from 1.
    """

    operation: str
    number: int
    first_pages: int


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What befalls some `calls` of one operation; None: all of them. Numbers count from 1."""

    calls: Sequence[int] | None = None
    operation: str = "ListFindings"

    def __post_init__(self) -> None:
        """Raises ValueError for an operation or a number that there is not."""
        _check_operation(self.operation)
        if self.calls is not None and not all(
            type(number) is int and number >= 1 for number in self.calls
        ):
            raise ValueError(f"calls are numbers from 1, given {self.calls!r}")

    def strikes(self, call: Call) -> bool:
        """Whether this call is meant."""
        return call.operation == self.operation and (
            self.calls is None or call.number in self.calls
        )

    def befall(self, closing: Event) -> None:
        """Wait, then raise what the call ends with, if it does. `closing` is set when the double is
        closed.
        """
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
    """The answer comes after `seconds`, or when the double is closed."""

    seconds: float

    def __post_init__(self) -> None:
        """Raises ValueError for what is no length of time."""
        super().__post_init__()
        if not isinstance(self.seconds, (int, float)) or self.seconds < 0:
            raise ValueError(f"seconds is a number from 0, given {self.seconds!r}")

    def _delay(self) -> float:
        return self.seconds


@dataclass(frozen=True, kw_only=True)
class Hang(Fault):
    """No answer ever; closing the double ends the connection."""

    def _delay(self) -> None:
        return None

    def _ending(self) -> Exception:
        return Dropped()


@dataclass(frozen=True, kw_only=True)
class Held(Fault):
    """The response waits until `until` is set or the double is closed. Not in a JSON plan."""

    until: Event

    def befall(self, closing: Event) -> None:
        """Wait for whichever comes first."""
        while not self.until.is_set() and not closing.wait(0.02):
            """Two events cannot be waited for at once."""


@dataclass(frozen=True, kw_only=True)
class AppearAt:
    """The listing shows its first `before` rows only, and all from the `call`-th asking on.

    Askings are counted by requests for a first page (so a retried one counts again); the pages
    after it belong to the same asking.
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
    """The faults of a run; several that strike one call happen in the order given, until one ends
    it.
    """

    faults: Sequence[Fault | AppearAt] = field(default=())

    def befall(self, call: Call, closing: Event) -> None:
        """Apply the faults planned for `call`. Raises WireError or Dropped if it ends there."""
        for fault in self.faults:
            if isinstance(fault, Fault) and fault.strikes(call):
                fault.befall(closing)

    def visible(self, call: Call) -> int | None:
        """How many rows `call` may list; None: all."""
        limits = [fault.limit(call) for fault in self.faults if isinstance(fault, AppearAt)]
        return min((limit for limit in limits if limit is not None), default=None)

    @classmethod
    def from_json(cls, entries: object) -> FaultPlan:
        """A plan from a JSON list of {"fault": <class name>, <field>: <value>, …}.

        Raises ValueError for an entry that is no fault, TypeError for what is no list.
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

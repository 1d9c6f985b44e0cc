"""A plan of faults, in code or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event

from .faults import AppearAt, Call, Denied, Fault, Hang, ServerError, Slow, Throttle
from .page_faults import (
    ExpiredToken,
    InvalidFilter,
    RepeatedToken,
    Reset,
    Spoiled,
    Truncated,
)
from .reply import Reply


@dataclass(frozen=True)
class FaultPlan:
    """The faults of a run. Those of the same call apply in order, until one raises an error."""

    faults: Sequence[Fault | AppearAt] = field(default=())

    def apply(self, call: Call, closing: Event) -> None:
        """Apply the faults of `call`. Raises their error: WireError or Dropped."""
        for fault in self.faults:
            if isinstance(fault, Fault) and fault.matches(call):
                fault.apply(closing)

    def alter(self, reply: Reply, call: Call) -> Reply:
        """The response to `call` after all its faults."""
        for fault in self.faults:
            if isinstance(fault, Fault) and fault.matches(call):
                reply = fault.alter(reply, call)
        return reply

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
    kind.__name__: kind
    for kind in (
        *(Throttle, ServerError, Denied, Slow, Hang, AppearAt),
        *(Spoiled, Truncated, Reset, RepeatedToken, ExpiredToken, InvalidFilter),
    )
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

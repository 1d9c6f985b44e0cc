"""Every small break of a state: a Next, a handler, an error's name, a path or an expression."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

# Of these, nothing is seen in a test of one state.
_UNSEEN = {"Comment", "Type", "TimeoutSeconds", "QueryLanguage", "Resource", "End"}
_PAUSES = {"IntervalSeconds", "BackoffRate", "MaxDelaySeconds", "JitterStrategy"}
_PATH = re.compile(r"\$[\w.]*")
_LONG = 300  # JSONata files, which have tests of their own
_STATES = re.compile(r"\$states\.(?:input|result|errorOutput|context)(?:\.\w+)?")


Place = tuple[Any, ...]


def mutate_state(state: dict[str, Any]) -> Iterator[tuple[Place, str, dict[str, Any]]]:
    """The place, what was done to it, and the broken state."""
    for place in _places(state):
        holder, key = place[:-1], place[-1]
        for change, value in _changes(key, _at(state, place)):
            mutant = copy.deepcopy(state)
            if value is None:
                del _at(mutant, holder)[key]
            else:
                _at(mutant, holder)[key] = value
            yield place, change, mutant


def _places(value: Any, before: Place = ()) -> Iterator[Place]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(pairs):
        if key in _UNSEEN or key in _PAUSES:
            continue
        yield (*before, key)
        if isinstance(inner, dict | list):
            yield from _places(inner, (*before, key))


def _at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


def _changes(key: Any, value: Any) -> Iterator[tuple[str, Any]]:
    """What is done to it, and its new value; None: it is taken away."""
    if key in ("Next", "Default"):
        yield "elsewhere", "Elsewhere"
    elif key == "MaxAttempts":
        yield "one more", value + 1
    elif isinstance(value, bool):
        yield "changed", not value
    elif isinstance(value, str):
        yield from _misspell(value)
    elif isinstance(value, dict) and isinstance(key, int) and "IsPresent" not in value:
        # An arm, a handler or a condition. To MiniStack, what is absent is null, of no type.
        yield "gone", None


def _misspell(value: str) -> Iterator[tuple[str, str]]:
    if value.startswith("{%"):
        found = _STATES.search(value)
        if found and len(value) < _LONG:
            yield "misspelled", f"{value[: found.end()]}x{value[found.end() :]}"
    elif "$" in value:
        yield "misspelled", _PATH.sub(lambda path: f"{path[0].rstrip('.')}.x", value, count=1)
    else:
        yield "changed", f"{value}x"

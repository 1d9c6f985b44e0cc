"""One way to break the definition, with the state and the rule that must notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Definition = dict[str, Any]
Change = Callable[[Any], Any]
GONE = object()


@dataclass(frozen=True)
class Mutation:
    """What stands at `path` in `where` becomes `value`; then `rule` must complain about `state`."""

    name: str
    rule: str
    state: str
    path: str
    value: Any
    where: str = ""  # another state than the one that is complained about

    def apply(self, definition: Definition) -> None:
        """Break it, in place. The path's keys are joined by /; a number is a place in a list."""
        *way, last = self.path.split("/")
        holder: Any = definition["States"].get(self.where or self.state, definition)
        holder = definition if self.where == "." else holder
        for key in way:
            holder = holder[_key(holder, key)]
        key = _key(holder, last)
        if self.value is GONE:
            del holder[key]
        else:
            holder[key] = self.value(holder[key]) if callable(self.value) else self.value


def _key(holder: Any, key: str) -> Any:
    return int(key) if isinstance(holder, list) else key


def swap(text: str, other: str) -> Change:
    """This part of a text becomes the other."""
    return lambda value: value.replace(text, other)


def last_first(items: list[Any]) -> list[Any]:
    """The last before all others."""
    return [items[-1], *items[:-1]]

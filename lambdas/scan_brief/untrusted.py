"""Pure: reads the members of a JSON object that may be odd in any way: see model.Untrusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from scan_brief.model import Untrusted

KeyT = TypeVar("KeyT", bound=str)

MISSING = object()  # the default of a member that is not there, where null is not the same


def read_object(value: object) -> Untrusted[KeyT]:
    """The object, an empty one for anything else."""
    nothing: Mapping[str, object] = {}
    return value if isinstance(value, Mapping) else nothing


def read_objects(value: object) -> Iterator[Untrusted[KeyT]]:
    """The objects in a list; nothing for anything else."""
    entries = value if isinstance(value, list) else []
    return (entry for entry in entries if isinstance(entry, Mapping))

"""Pure: reads the members of a JSON object that may be odd in any way: see model.Untrusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from scan_brief.model import Untrusted

KeyT = TypeVar("KeyT", bound=str)

MISSING = object()  # the default of a member that is not there, where null is not the same


def read_object(value: object) -> Untrusted[KeyT]:
    """The object, an empty one for anything else."""
    nothing: Mapping[str, object] = {}
    return value if isinstance(value, dict | Mapping) else nothing


def read_objects(value: object) -> list[Untrusted[KeyT]]:
    """The objects in a list; nothing for anything else."""
    if not isinstance(value, list):
        return []
    return [entry for entry in value if isinstance(entry, dict | Mapping)]

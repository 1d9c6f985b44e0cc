"""Reads values from JSON documents of any shape. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]
Path = tuple[str, ...]


def values_at(document: object, path: Path) -> list[Any]:
    """All values at `path`, through lists; [] if a member is missing or has another type."""
    found = [document]
    for key in path:
        found = [value for item in found for value in _members(item, key)]
    return found


def value_at(document: object, path: Path) -> Any:
    """The first value under `path`, or None."""
    return next(iter(values_at(document, path)), None)


def _members(item: object, key: str) -> list[Any]:
    value = item.get(key) if isinstance(item, dict) else None
    if value is None:
        return []
    return value if isinstance(value, list) else [value]

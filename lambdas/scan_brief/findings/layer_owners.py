"""Pure: whom the settings name as the owner of a layer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scan_brief.text import clean
from scan_brief_common.limits import LAYER_OWNER_CHARACTERS
from scan_brief_common.patterns import matches

if TYPE_CHECKING:
    from scan_brief.model import LayerOwner, LayerOwners


@dataclass(frozen=True)
class Owners:
    """The entries of the settings, of which the first one that matches decides."""

    entries: Sequence[LayerOwner] = ()

    def find(self, layer: str, repositories: Iterable[str]) -> str | None:
        """None without one. repositories: all whose images have the layer."""
        names = [*repositories]
        return next((each["owner"] for each in self.entries if _matches(each, layer, names)), None)


NO_OWNERS = Owners()


def read_owners(text: str | None) -> Owners:
    """The entries of the bundle's file; none of a file that cannot be read, which costs names only.

    text: None without a file.
    """
    try:
        document: LayerOwners = json.loads(text or '{"owners": []}')
        return Owners([_read(entry) for entry in document["owners"]])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return NO_OWNERS


def _read(entry: LayerOwner) -> LayerOwner:
    owner, layer, repository = entry["owner"], entry["layer"], entry["repository"]
    if not all(isinstance(text, str) for text in (owner, layer or "", repository or "")):
        raise TypeError
    owner = clean(owner, LAYER_OWNER_CHARACTERS.most)
    return {"owner": owner, "layer": layer, "repository": repository}


def _matches(entry: LayerOwner, layer: str, repositories: Iterable[str]) -> bool:
    pattern = entry["repository"]
    if pattern is None:
        return entry["layer"] == layer
    return any(matches(pattern, name) for name in repositories)

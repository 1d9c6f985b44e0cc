"""An entry of the list of ignored findings, as the functions read it. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from scan_brief_common.patterns import EVERY


@dataclass(frozen=True, kw_only=True)
class IgnoreEntry:
    """See model.IgnoreEntry of the functions, which reads what write_entries writes."""

    ids: tuple[str, ...]
    images: tuple[str, ...] = ()
    purls: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    until: str | None = None
    reason: str = ""
    ignore: bool = True
    repositories: tuple[str, ...] = (EVERY,)


def write_entries(entries: Sequence[IgnoreEntry]) -> str:
    """The bundle's file: model.IgnoreList as JSON."""
    return json.dumps({"entries": [asdict(entry) for entry in entries]}, indent=1) + "\n"

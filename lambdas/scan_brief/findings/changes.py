"""Pure: what changed since the image that was briefed before in the same repository."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from scan_brief.findings.delta import Footprint, compare

if TYPE_CHECKING:
    from scan_brief.model import Changes, ChangesOutcome, Finding, Image, Mark

_NAMED = 5  # fixed entries that a report names
_ANY = "-"  # the line of an image without findings, whose platform is not known


class MemoryLost(Exception):
    """The memory cannot be read or written. The text says why, in a word, as DENIED."""


class Memory(Protocol):
    """What was briefed before. Each method raises MemoryLost."""

    def list_marks(self, repository: str) -> Sequence[Mark]:
        """One for each platform and architecture of the repository."""

    def load(self, mark: Mark) -> Footprint:
        """The findings of a brief."""

    def store(self, footprint: Footprint) -> tuple[str, int]:
        """Keeps findings until their brief is sent. Returns their key and number of parts."""


@dataclass(frozen=True)
class Comparison:
    """changes: None if nothing was compared. mark: where the memory moves once the brief is sent.

    is_new: whether a finding is new; None if that is not known. lost: why the memory failed.
    """

    changes: Changes | None = None
    mark: Mark | None = None
    is_new: Callable[[Finding], bool] | None = None
    lost: str = ""


def compare_with_memory(
    memory: Memory, image: Image, scanned_at: str | None, now: Footprint
) -> Comparison:
    """Compares a complete list of an image's findings. Never raises MemoryLost."""
    if scanned_at is None:  # whether another brief is older is not known
        return Comparison()
    try:
        place = find_before(memory.list_marks(image["repository"]), image)
        if place is None:
            return Comparison(_describe("AMBIGUOUS"))
        line, before = place
        found = _compare(memory, image, scanned_at, before, now)
    except MemoryLost as lost:
        return Comparison(_describe("UNREADABLE"), lost=str(lost))
    if found.changes and found.changes["outcome"] == "OLDER":
        return found
    try:
        key, parts = memory.store(now)
    except MemoryLost as lost:
        return Comparison(found.changes, None, found.is_new, str(lost))
    mark: Mark = {
        "repository": image["repository"],
        "line": line,
        "digest": image["digest"],
        "scannedAt": scanned_at,
        "findings": key,
        "parts": parts,
    }
    return Comparison(found.changes, mark, found.is_new)


def find_before(marks: Sequence[Mark], image: Image) -> tuple[str, Mark | None] | None:
    """The line of the image, which is its platform and architecture, and the line's last brief.

    Only findings tell the platform. An image without findings is of the line that has its digest,
    or of the repository's only line; None if there are several.
    """
    lines = {mark["line"]: mark for mark in marks}
    unknown = lines.pop(_ANY, None)
    if image["platform"] or image["architecture"]:
        line = f"{image['platform'] or _ANY}/{image['architecture'] or _ANY}"
        return line, lines.get(line) or (None if lines else unknown)
    same = [line for line, mark in lines.items() if mark["digest"] == image["digest"]]
    known = same or list(lines)
    if len(known) > 1:
        return None
    return (known[0], lines[known[0]]) if known else (_ANY, unknown)


def _compare(
    memory: Memory, image: Image, scanned_at: str, before: Mark | None, now: Footprint
) -> Comparison:
    if before is None:
        return Comparison(_describe("FIRST"))
    if _is_older(scanned_at, before["scannedAt"]):
        return Comparison(_describe("OLDER", before, image))
    known = memory.load(before)
    delta = compare(known, now)
    changes: Changes = {
        **_describe("COMPARED", before, image),
        "new": delta.new,
        "fixed": delta.fixed,
        "open": delta.open,
        "fixedNames": delta.names[:_NAMED],
    }
    return Comparison(changes, is_new=known.lacks)


def _describe(
    outcome: ChangesOutcome, before: Mark | None = None, image: Image | None = None
) -> Changes:
    return {
        "outcome": outcome,
        "sameImage": bool(before and image and before["digest"] == image["digest"]),
        "digest": before["digest"] if before else None,
        "scannedAt": before["scannedAt"] if before else None,
        "new": 0,
        "fixed": 0,
        "open": 0,
        "fixedNames": [],
    }


def _is_older(scanned_at: str, than: str) -> bool:
    return datetime.fromisoformat(scanned_at) < datetime.fromisoformat(than)

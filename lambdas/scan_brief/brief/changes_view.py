"""Pure: in words, what changed since the image that was briefed before."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from scan_brief.brief.times import view_time

if TYPE_CHECKING:
    from scan_brief.model import Changes, ChangesView, Words


def view_changes(changes: Changes | None, words: Words, zone: tzinfo) -> ChangesView | None:
    """None if the report has nothing to say of an image before."""
    if changes is None:
        return None
    outcome = changes["outcome"]
    return {
        "note": "" if outcome == "COMPARED" else words["changes"][outcome],
        "same_image": changes["sameImage"],
        "since": view_time(changes["scannedAt"], words, zone),
        "new": changes["new"],
        "fixed": changes["fixed"],
        "open": changes["open"],
        "fixed_names": changes["fixedNames"],
        "fixed_more": changes["fixed"] - len(changes["fixedNames"]),
    }

"""Urgent findings that the hourly cap held back, until a digest has reported them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from scan_brief.aws.memory import TableMemory
from scan_brief.findings.finding import SEVERITY_ORDER
from scan_brief.scan.event_time import write_time
from scan_brief.text import clean
from scan_brief.untrusted import read_object
from scan_brief_common.limits import IGNORE_ID_CHARACTERS, TAG_CHARACTERS

if TYPE_CHECKING:
    from scan_brief.model import BriefedSaid, HeldBack, HeldSaid

HELD = "held#"  # how the key begins; the roles' policies name it
KEY = f"{HELD}all"  # one list, in the order of time, for all digests
KEPT = timedelta(days=35)  # longer than any digest waits
# What is read must all be written by then, or a finding could be taken away that was not read.
_WRITTEN = timedelta(minutes=1)
_MOST = 450  # of one digest; the next one has the rest
_UNREADABLE = (KeyError, StopIteration, TypeError, ValueError)


class HeldItems(TableMemory):
    """What `list_held` lists for a digest, `take_held` takes away with the same arguments after the
    digest was sent. until: where the digest's window ends. takes: whether a repository's findings
    are that digest's. Both raise MemoryLost.
    """

    def list_held(self, until: datetime, takes: Callable[[str], bool]) -> list[HeldBack]:
        """The known exploited first, then those that were held back first."""
        held = [held for _, held in self._find(until, takes)]
        return sorted(held, key=lambda each: not each["knownExploited"])

    def take_held(self, until: datetime, takes: Callable[[str], bool]) -> int:
        """How many there were."""
        parts = [part for part, _ in self._find(until, takes)]
        for part in parts:
            self._delete(part)
        return len(parts)

    def _find(self, until: datetime, takes: Callable[[str], bool]) -> list[tuple[str, HeldBack]]:
        items = self.list_items(KEY, before=write_time(until - _WRITTEN))
        read = (each for each in map(_read, items) if each)
        return [(part, held) for part, held in read if takes(held["image"]["repository"])][:_MOST]

    def _delete(self, part: str) -> None:
        key = {"key": {"S": KEY}, "part": {"S": part}}
        self._call(lambda client: client.delete_item(TableName=self.table, Key=key), missing=None)


def make_item(held: HeldBack, at: datetime) -> dict[str, Any]:
    """The item of a finding that is held back at this time."""
    image = held["image"]
    return {
        "key": {"S": KEY},
        "part": {"S": f"{write_time(at)}#{image['repository']}@{image['digest']}#{held['id']}"},
        "held": {"S": json.dumps(held)},
        "expires": {"N": str(int((at + KEPT).timestamp()))},
    }


def _read(item: dict[str, Any]) -> tuple[str, HeldBack] | None:
    """None for what was not written here: no digest has it, and it expires."""
    try:
        given: HeldSaid = read_object(json.loads(item["held"]["S"]))
        image: BriefedSaid = read_object(given.get("image"))
        name, repository = (
            clean(given.get("id"), IGNORE_ID_CHARACTERS),
            clean(image.get("repository")),
        )
        severity, omitted = given.get("severity"), image.get("tagsOmitted")
        held: HeldBack = {
            "id": name,
            "severity": next(each for each in SEVERITY_ORDER if each == severity),
            "knownExploited": given.get("knownExploited") is True,
            "image": {
                "repository": repository,
                "digest": clean(image.get("digest")),
                "tag": clean(image.get("tag"), TAG_CHARACTERS) or None,
                "tagsOmitted": omitted if isinstance(omitted, int) else 0,
                "architecture": clean(image.get("architecture")) or None,
            },
        }
        return (item["part"]["S"], held) if name and repository else None
    except _UNREADABLE:
        return None

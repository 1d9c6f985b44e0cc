"""The windows in which briefs are counted and gathered: decision 0031."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scan_brief.audience import Audience
from scan_brief.aws.machines import SummaryNotStarted
from scan_brief.aws.window_table import (
    SHARDS,
    ConditionFailed,
    Item,
    WindowTable,
    entry_key,
    has,
    header_key,
    make_entry,
    make_pointer,
    make_values,
    name_condition,
    pointer_key,
    read_brief,
    read_gathered,
    read_ids,
    read_name,
    read_window,
    shard_key,
    shard_key_of,
)
from scan_brief.findings.changes import MemoryLost
from scan_brief.scan.event_time import write_time

if TYPE_CHECKING:
    from scan_brief.model import Gathered, Window

_ROUNDS = 4  # windows that may end while one brief looks for its place
_BATCH = 100  # DynamoDB: keys in one BatchGetItem
_EMPTY_BATCHES = 20  # in a row, of keys that are not processed


@dataclass(frozen=True)
class GatheredBrief:
    """A brief that looks for its place. id: the same at each try. gathered: what it leaves."""

    id: str
    gathered: Gathered
    audience: Audience


@dataclass(frozen=True)
class Windows:
    """limit: how many briefs of a window are sent by themselves. minutes: how long a window is.

    start: starts the summary of a window, and does nothing if it was started before. It raises
    SummaryNotStarted.
    """

    table: WindowTable
    limit: int
    minutes: int
    start: Callable[[Window], None]

    def gather(self, brief: GatheredBrief) -> str | None:
        """The id of the window whose summary reports the brief; None if it is sent by itself.

        Raises MemoryLost or SummaryNotStarted.
        """
        before = self._find_gathered(brief.id)
        if before:
            return before
        ended = ""
        for _ in range(_ROUNDS):
            window, header = self._find_window(brief, ended)
            ended = window["window"]
            if has(header, "closed"):
                continue
            if self._take_place(ended, brief.id, header):
                return None
            if self._join(window, brief, header):
                return ended
        return None

    def _find_gathered(self, brief: str) -> str | None:
        """Where an earlier try of the same brief was gathered."""
        entry = self.table.get(entry_key(brief))
        if entry is None or self.table.has_expired(entry):
            return None
        window = read_name(entry)
        reported = read_ids(self.table.get(shard_key_of(window, brief)), "gathered")
        return window if brief in reported else None

    def _find_window(self, brief: GatheredBrief, ended: str) -> tuple[Window, Item]:
        """The audience's window with its header, or a new one if it is over. ended: one that is."""
        key = pointer_key(brief.audience.id)
        pointer = self.table.get(key)
        window = read_window(pointer) if pointer else None
        now = self.table.now()
        if window and window["window"] != ended and now < datetime.fromisoformat(window["endsAt"]):
            return window, self._read_header(window)
        made = self._make_window(brief, now)
        if self._point_to(key, made, window):
            return made, {}
        pointer = self.table.get(key)  # of another brief, which was faster
        if pointer is None:
            raise MemoryLost("FAILED")
        window = read_window(pointer)
        return window, self._read_header(window)

    def _make_window(self, brief: GatheredBrief, now: datetime) -> Window:
        name = f"summary-{brief.audience.id}-{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"
        preferences = brief.audience.preferences
        return {
            "window": name,
            "startedAt": write_time(now),
            "endsAt": write_time(now + timedelta(minutes=self.minutes)),
            "limit": self.limit,
            "repository": brief.gathered["image"]["repository"],
            "language": preferences["language"],
            "timeZone": preferences["timeZone"],
        }

    def _point_to(self, key: Item, window: Window, before: Window | None) -> bool:
        """False if the pointer no longer names the window before: another brief was faster."""
        condition = name_condition(before["window"] if before else None)
        try:
            self.table.put(make_pointer(key, window), condition)
        except ConditionFailed:
            return False
        return True

    def _read_header(self, window: Window) -> Item:
        return self.table.get(header_key(window["window"])) or {}

    def _take_place(self, window: str, brief: str, header: Item) -> bool:
        """Whether the brief is one of the first of its window. It is written only if it may be."""
        taken = read_ids(header, "direct")
        if brief in taken:
            return True
        if len(taken) >= self.limit:
            return False
        free = "(attribute_not_exists(direct) OR size(direct) < :limit OR contains(direct, :id))"
        item = self.table.update(
            header_key(window),
            "ADD direct :ids SET expires = :expires",
            f"attribute_not_exists(closed) AND {free}",
            make_values(brief, self.limit),
        )
        return item is not None

    def _join(self, window: Window, brief: GatheredBrief, header: Item) -> bool:
        """Let the window's summary report the brief; False if the window has ended."""
        # It is not reported before it is committed, and has a summary by then.
        self.table.put(make_entry(brief.id, window["window"], brief.gathered))
        if not has(header, "started"):
            self._start(window)
        return self._commit(brief.id, window["window"])

    def _start(self, window: Window) -> None:
        try:
            self.start(window)
        except SummaryNotStarted:  # as if so many do it at once that some are throttled
            if not has(self._read_header(window), "started"):
                raise
        else:
            self.table.mark(header_key(window["window"]), "started")

    def _commit(self, brief: str, window: str) -> bool:
        """From now on the summary reports the brief; False if the window has ended."""
        item = self.table.update(
            shard_key_of(window, brief),
            "ADD gathered :ids SET expires = :expires",
            "attribute_not_exists(closed) OR contains(gathered, :id)",
            make_values(brief),
        )
        return item is not None


def close_window(table: WindowTable, window: str) -> list[str]:
    """End the window. The ids of the briefs that its summary reports, the same at each call.

    Raises MemoryLost.
    """
    table.mark(header_key(window), "closed")
    shards = [table.mark(shard_key(window, number), "closed") for number in range(SHARDS)]
    return sorted(brief for shard in shards for brief in read_ids(shard, "gathered"))


def read_entries(table: WindowTable, briefs: Sequence[str]) -> Iterator[Gathered]:
    """What these gathered briefs left. Raises MemoryLost, also if something is missing."""
    left = set(briefs)
    empty = 0
    while left:
        items, more = table.get_some([entry_key(brief) for brief in sorted(left)[:_BATCH]])
        for item in items:
            left.discard(read_brief(item))
            yield read_gathered(item)
        empty = 0 if items else empty + 1
        if (not items and not more) or empty > _EMPTY_BATCHES:
            raise MemoryLost("EXPIRED")

"""A memory in this process."""

from __future__ import annotations

from collections.abc import Sequence

from scan_brief.findings.changes import MemoryLost
from scan_brief.findings.delta import Footprint
from scan_brief.model import Mark, Report


class FakeMemory:
    """Remembers in this process; `refused` names the methods that fail."""

    def __init__(self, *refused: str) -> None:
        self.marks: list[Mark] = []
        self.stored: dict[str, bytes] = {}
        self._refused = refused

    def list_marks(self, repository: str) -> Sequence[Mark]:
        self._refuse("list_marks")
        return [mark for mark in self.marks if mark["repository"] == repository]

    def load(self, mark: Mark) -> Footprint:
        self._refuse("load")
        return Footprint.unpack(self.stored[mark["findings"]])

    def store(self, footprint: Footprint) -> tuple[str, int]:
        self._refuse("store")
        key = str(len(self.stored))
        self.stored[key] = footprint.pack()
        return key, 1

    def move_on(self, report: Report) -> None:
        """What RememberBrief does."""
        mark = report["remember"]
        assert mark
        self.marks = [m for m in self.marks if m["line"] != mark["line"]] + [mark]

    def _refuse(self, method: str) -> None:
        if method in self._refused:
            raise MemoryLost("DENIED")

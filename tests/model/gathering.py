"""The windows that the machines meet, on a table in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from scan_brief.audience import Audience
from scan_brief.aws.window_table import WindowTable
from scan_brief.aws.windows import GatheredBrief, Windows, close_window, read_entries
from scan_brief.model import Window
from tests.unit.fake_table import FakeTable

ALONE, MINUTES = 1, 5  # how many briefs of a window are sent by themselves
AUDIENCE = Audience("0123456789abcdef", {"language": None, "topFindings": None, "timeZone": None})


@dataclass
class Gathering:
    """now: epoch seconds. start: a summary, by its window."""

    now: Callable[[], float]
    start: Callable[[Window], None]
    fake: FakeTable = field(default_factory=FakeTable)

    @property
    def table(self) -> WindowTable:
        return WindowTable(self.fake, "memory", lambda: datetime.fromtimestamp(self.now(), UTC))

    def gather_brief(self, payload: dict[str, Any]) -> Any:
        windows = Windows(self.table, ALONE, MINUTES, self.start)
        found = windows.gather(GatheredBrief(payload["id"], payload["gather"], AUDIENCE))
        return {"gathered": "YES" if found else "NO"}

    def gather_summary(self, payload: dict[str, Any]) -> Any:
        briefs = close_window(self.table, payload["window"]["window"])
        if not briefs:
            return {"brief": None, "gathered": 0}
        assert len(list(read_entries(self.table, briefs))) == len(briefs)
        text = {"sqs": json.dumps({"briefs": briefs}), "https": "{}"}
        names = ("severity", "total", "knownExploited", "repository", "repositoryArn")
        attributes = {"kind": "SUMMARY", **dict.fromkeys(names, "1")}
        brief = {"subject": "Many", "message": text, "attributes": attributes}
        return {"brief": brief, "gathered": len(briefs)}


def leave(repository: str, digest: str) -> dict[str, Any]:
    """What FormatMessage says of an image, as far as the machines look at it."""
    return {"image": {"repository": repository, "digest": digest}, "arn": "", "upgrades": []}

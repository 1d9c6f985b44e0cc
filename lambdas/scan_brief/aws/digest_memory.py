"""The items of the memory's table that are about digests."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from scan_brief.aws.memory import UNREADABLE, TableMemory
from scan_brief.findings.delta import Footprint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scan_brief.model import DigestMark, DigestWindow

DIGEST = "digest#"
WINDOWS, CLAIMS = f"{DIGEST}windows", f"{DIGEST}claims"
_KEPT = timedelta(days=180)
_CLAIMED = timedelta(minutes=15)  # what is left of an execution after GatherDigest
_CONTENT_BYTES = 10_000_000  # unpacked; what is larger was not written here


@dataclass(frozen=True, kw_only=True)
class Claim:
    """since: where the window begins, as the memory has it, "" if it has none. first: where the
    audience's first window began. execution: the claiming one's ARN.
    """

    audience: str
    since: str
    first: str
    execution: str


class DigestMemory(TableMemory):
    """Where digests ended, and which execution makes one now."""

    def list_reported(self) -> dict[str, DigestMark]:
        """What the memory has of every audience, by its id. Raises MemoryLost."""
        items = self.list_items(WINDOWS)
        try:
            return {item["part"]["S"]: _read(item) for item in items}
        except (*UNREADABLE, zlib.error):
            raise self._lose("NOT_READABLE") from None

    def load_marks(self, mark: DigestMark) -> set[int] | None:
        """Of findings without a fix; None if they are not kept any more. Raises MemoryLost."""
        if mark["unfixed"] is None:
            return None
        parts = [self.get(mark["unfixed"], part) for part in range(mark["parts"])]
        packed = b"".join(part for part in parts if part)
        try:
            return None if None in parts else Footprint.unpack(packed).marks
        except ValueError:
            return None

    def find_first(self, audience: str) -> datetime | None:
        """Where the first window of an audience without a digest began, None if none did.

        Raises MemoryLost.
        """
        key = {"key": {"S": CLAIMS}, "part": {"S": audience}}
        found: str = self._call(
            lambda client: client.get_item(TableName=self.table, Key=key, ConsistentRead=True)[
                "Item"
            ]["first"]["S"],
            missing="",
        )
        return datetime.fromisoformat(found) if found else None

    def claim(self, claim: Claim, now: datetime) -> bool:
        """Whether this execution may tell of what is new since then.

        Two executions never tell the same at once: the second may if the first said so long ago
        that it has failed. Raises MemoryLost.
        """
        item = {
            "key": {"S": CLAIMS},
            "part": {"S": claim.audience},
            "since": {"S": claim.since},
            "first": {"S": claim.first},
            "by": {"S": claim.execution},
            "at": {"N": str(int(now.timestamp()))},
            "expires": self._expires(_KEPT),
        }
        stale = str(int((now - _CLAIMED).timestamp()))
        return self._put_if(
            item,
            "attribute_not_exists(#at) OR #since <> :since OR #by = :by OR #at < :stale",
            {":since": item["since"], ":by": item["by"], ":stale": {"N": stale}},
        )

    def move_digest(self, mark: DigestMark) -> bool:
        """The next window begins where this one ended; False if another digest was sent meanwhile.

        Raises MemoryLost.
        """
        content = zlib.compress(json.dumps(mark).encode())
        item = {
            "key": {"S": WINDOWS},
            "part": {"S": mark["audience"]},
            "at": {"S": mark["window"]["until"]},
            "content": {"B": content},
            "expires": self._expires(_KEPT),
        }
        if mark["started"] is None:  # there was none, or it could not be read
            return self._put_if(item, "attribute_not_exists(#at) OR #at < :at", {":at": item["at"]})
        return self._put_if(item, "#at = :started", {":started": {"S": mark["started"]}})

    def _put_if(self, item: Mapping[str, Any], condition: str, values: Mapping[str, Any]) -> bool:
        names = {f"#{name}": name for name in ("at", "since", "by") if f"#{name}" in condition}

        def put(client: Any) -> bool:
            try:
                client.put_item(
                    TableName=self.table,
                    Item=item,
                    ConditionExpression=condition,
                    ExpressionAttributeNames=names,
                    **({"ExpressionAttributeValues": values} if values else {}),
                )
            except client.exceptions.ConditionalCheckFailedException:
                return False
            return True

        return self._call(put, missing=False)


def list_windows(reported: Mapping[str, DigestMark]) -> list[DigestWindow]:
    """Of every audience, also the earlier ones."""
    return [window for mark in reported.values() for window in (mark["window"], *mark["past"])]


def _read(item: Mapping[str, Mapping[str, Any]]) -> DigestMark:
    """Raises one of UNREADABLE, or zlib.error."""
    content = zlib.decompressobj().decompress(item["content"]["B"], _CONTENT_BYTES)
    mark: DigestMark = json.loads(content)
    past: Sequence[DigestWindow] = mark["past"]
    windows = [_read_window(window) for window in (mark["window"], *past)]
    return {
        "audience": item["part"]["S"],
        "started": mark["started"],
        "window": windows[0],
        "past": windows[1:],
        "unfixed": mark["unfixed"],
        "parts": int(mark["parts"]),
        "fellOut": [str(each) for each in mark["fellOut"]],
    }


def _read_window(window: DigestWindow) -> DigestWindow:
    if datetime.fromisoformat(window["until"]).tzinfo is None:
        raise ValueError(window)
    return {
        "until": window["until"],
        "routes": [str(route) for route in window["routes"]],
        "others": [str(route) for route in window["others"]],
    }

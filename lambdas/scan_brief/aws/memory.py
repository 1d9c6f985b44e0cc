"""The DynamoDB table that knows what was briefed before."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.config import Config

from scan_brief.aws.faults import FAULTS, Kind, classify
from scan_brief.aws.session import create_client
from scan_brief.findings.changes import MemoryLost
from scan_brief.findings.delta import Footprint

if TYPE_CHECKING:
    from scan_brief.model import Mark

T = TypeVar("T")

# Keys begin with one of these, and the roles' policies name them (notifier/memory.py).
BRIEF, FINDINGS, DETAILS = "brief#", "findings#", "details#"
EXPLOITED = f"{DETAILS}:exploited"  # no repository has a colon
_PART_BYTES = 350_000  # DynamoDB: an item has at most 400 KB
# A repository that got no brief for so long starts over. What no brief refers to goes with it.
_KEPT = timedelta(days=180)
# What botocore's parser raises for JSON of another shape than the model's.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


class TableMemory:
    """See changes.Memory. After a failure, no further call is made.

    The client is made when it is first needed: it takes longer than a call.
    """

    def __init__(self, table: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.table = table
        self._now = now
        self._client: Any = None
        self._connecting = Lock()  # one client for all threads
        self._lost = ""
        self._asked: Future[list[Mark]] | None = None

    def prepare(self, repository: str) -> None:
        """Begin to read the repository's briefs, while the findings are read."""
        thread = ThreadPoolExecutor(1)
        self._asked = thread.submit(self._list_marks, repository)
        thread.shutdown(wait=False)

    def list_marks(self, repository: str) -> Sequence[Mark]:
        """See changes.Memory."""
        asked, self._asked = self._asked, None
        return asked.result() if asked else self._list_marks(repository)

    def load(self, mark: Mark) -> Footprint:
        """See changes.Memory."""
        parts = [self.get(mark["findings"], part) for part in range(mark["parts"])]
        if None in parts:
            raise self._lose("EXPIRED")
        try:
            return Footprint.unpack(b"".join(part for part in parts if part))
        except ValueError:
            raise self._lose("NOT_READABLE") from None

    def store(self, footprint: Footprint) -> tuple[str, int]:
        """See changes.Memory. Nothing refers to what is stored until `move_on`."""
        key, packed = f"{FINDINGS}{uuid.uuid4()}", footprint.pack()
        parts = [packed[at : at + _PART_BYTES] for at in range(0, len(packed), _PART_BYTES)]
        for number, part in enumerate(parts):
            self.put(key, number, part, _KEPT)
        return key, len(parts)

    def move_on(self, mark: Mark) -> bool:
        """Remember the brief as its line's last one; False if a newer one is remembered already.

        Raises MemoryLost.
        """
        at = str(int(datetime.fromisoformat(mark["scannedAt"]).timestamp()))
        item = {
            "key": {"S": f"{BRIEF}{mark['repository']}"},
            "part": {"S": mark["line"]},
            "at": {"N": at},
            "digest": {"S": mark["digest"]},
            "scannedAt": {"S": mark["scannedAt"]},
            "findings": {"S": mark["findings"]},
            "parts": {"N": str(mark["parts"])},
            "expires": self._expires(_KEPT),
        }
        return self._call(lambda client: _put_unless_older(client, self.table, item), missing=False)

    def get(self, key: str, part: int) -> bytes | None:
        """The content of an item, None if there is none. Raises MemoryLost."""
        content: bytes | None = self._call(
            lambda client: client.get_item(
                TableName=self.table,
                Key={"key": {"S": key}, "part": {"S": str(part)}},
                ConsistentRead=True,
            )["Item"]["content"]["B"],
            missing=None,
        )
        return content

    def put(self, key: str, part: int, content: bytes, kept: timedelta) -> None:
        """Write an item that is deleted some time after `kept`. Raises MemoryLost."""
        item = {
            "key": {"S": key},
            "part": {"S": str(part)},
            "content": {"B": content},
            "expires": self._expires(kept),
        }
        self._call(lambda client: _put(client, self.table, item), missing=None)

    def put_exploited(self, due: Mapping[str, str]) -> None:
        """Keep the dates of these vulnerabilities in CISA's catalog, as far as that works."""
        for name, day in due.items():
            item = {
                "key": {"S": EXPLOITED},
                "part": {"S": name},
                "due": {"S": day},
                "expires": self._expires(_KEPT),
            }
            with suppress(MemoryLost):
                self._call(lambda client: _put(client, self.table, item), missing=None)  # noqa: B023

    def list_exploited(self) -> dict[str, str]:
        """The dates that were kept, by vulnerability. Raises MemoryLost."""
        items = self.list_items(EXPLOITED)
        try:
            return {item["part"]["S"]: item["due"]["S"] for item in items}
        except UNREADABLE:
            raise self._lose("NOT_READABLE") from None

    def list_items(self, key: str, *, before: str = "") -> list[Any]:
        """Every item with this key, or those whose part is before. Raises MemoryLost."""
        items: list[Any] = []
        start: dict[str, Any] = {}
        while True:
            page = self._list_page(key, start, before)
            items += page.get("Items", [])
            if not page.get("LastEvaluatedKey"):
                return items
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _list_page(self, key: str, start: Mapping[str, Any], before: str = "") -> Any:
        condition = "#key = :key"
        names, values = {"#key": "key"}, {":key": {"S": key}}
        if before:
            condition += " AND #part < :before"
            names["#part"], values[":before"] = "part", {"S": before}
        nothing: Any = {}
        return self._call(
            lambda client: client.query(
                TableName=self.table,
                KeyConditionExpression=condition,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
                ConsistentRead=True,
                **start,
            ),
            missing=nothing,
        )

    def _list_marks(self, repository: str) -> list[Mark]:
        answer = self._list_page(f"{BRIEF}{repository}", {}).get("Items", [])
        try:
            return [_read_mark(item, repository) for item in answer]
        except UNREADABLE:
            raise self._lose("NOT_READABLE") from None

    def _call(self, call: Callable[[Any], T], *, missing: T) -> T:
        """missing: the result of an answer without what is asked for."""
        if self._lost:
            raise MemoryLost(self._lost)
        try:
            with self._connecting:
                self._client = self._client or _connect()
            return call(self._client)
        except KeyError:
            return missing
        except FAULTS as fault:
            raise self._lose(name_loss(fault)) from fault
        except UNREADABLE as fault:
            raise self._lose("NOT_READABLE") from fault

    def _lose(self, why: str) -> MemoryLost:
        self._lost = why
        return MemoryLost(why)

    def _expires(self, kept: timedelta) -> dict[str, str]:
        return {"N": str(int((self._now() + kept).timestamp()))}


@cache
def _connect() -> Any:
    """The client of this process, which gives up after some seconds: a brief does not wait for its
    comparison.
    """
    retries = {"mode": "standard", "total_max_attempts": 3}
    config = Config(connect_timeout=2, read_timeout=4, retries=retries)
    return create_client("dynamodb", config)


def _put(client: Any, table: str, item: Mapping[str, Any]) -> None:
    client.put_item(TableName=table, Item=item)


def _put_unless_older(client: Any, table: str, item: Mapping[str, Any]) -> bool:
    try:
        client.put_item(
            TableName=table,
            Item=item,
            ConditionExpression="attribute_not_exists(#at) OR #at <= :at",
            ExpressionAttributeNames={"#at": "at"},
            ExpressionAttributeValues={":at": item["at"]},
        )
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _read_mark(item: Mapping[str, Mapping[str, str]], repository: str) -> Mark:
    datetime.fromisoformat(item["scannedAt"]["S"])  # raises for what is no time
    return {
        "repository": repository,
        "line": item["part"]["S"],
        "digest": item["digest"]["S"],
        "scannedAt": item["scannedAt"]["S"],
        "findings": item["findings"]["S"],
        "parts": int(item["parts"]["N"]),
    }


def name_loss(fault: Exception) -> str:
    """Why the memory is lost, in a word."""
    found = classify(fault)
    if found.throttled:
        return "THROTTLED"
    return "DENIED" if found.kind is Kind.DENIED else "FAILED"

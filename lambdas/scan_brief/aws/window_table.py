"""The items of the memory's table that windows consist of, and the calls that they need."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast

from scan_brief.aws.faults import FAULTS
from scan_brief.aws.memory import UNREADABLE, name_loss
from scan_brief.findings.changes import MemoryLost

if TYPE_CHECKING:
    from scan_brief.model import Gathered, Window

T = TypeVar("T")
Item = Mapping[str, Any]

GATHER = "gather#"  # keys begin with it
# An item holds 400 KB, and each write of it costs by its size: so the ids are in several.
SHARDS = 32
_KEPT = timedelta(days=30)  # a summary that failed can be redriven for 14 days


class ConditionFailed(Exception):
    """A conditional write was refused, because another one came before."""


class WindowTable:
    """client: of DynamoDB. Each method raises MemoryLost."""

    def __init__(
        self, client: Any, table: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.now = now
        self._client = client
        self._table = table

    def get(self, key: Item) -> Item | None:
        """The item as it is now."""
        found = self._call("get_item", TableName=self._table, Key=key, ConsistentRead=True)
        item: Item | None = found.get("Item")
        return item

    def has_expired(self, item: Item) -> bool:
        """DynamoDB deletes it some days later."""
        return _parse(lambda: int(item["expires"]["N"])) <= self.now().timestamp()

    def get_some(self, keys: list[Item]) -> tuple[list[Item], bool]:
        """Of so many items, those that were read, and whether there is more to read."""
        wanted = {self._table: {"Keys": keys, "ConsistentRead": True}}
        found = self._call("batch_get_item", RequestItems=wanted)
        items: list[Item] = found.get("Responses", {}).get(self._table, [])
        return items, bool(found.get("UnprocessedKeys"))

    def put(self, item: Item, condition: Mapping[str, Any] | None = None) -> None:
        """Write the item. Raises ConditionFailed too."""
        self._call(
            "put_item",
            TableName=self._table,
            Item={**item, "expires": self._expires()},
            **(condition or {}),
        )

    def update(
        self, key: Item, update: str, condition: str = "", values: Mapping[str, Any] | None = None
    ) -> Item | None:
        """The item afterwards; None if the condition is not met."""
        given = {":expires": self._expires(), **(values or {})}
        try:
            answer = self._call(
                "update_item",
                TableName=self._table,
                Key=key,
                UpdateExpression=update,
                ExpressionAttributeValues=given,
                ReturnValues="ALL_NEW",
                **({"ConditionExpression": condition} if condition else {}),
            )
        except ConditionFailed:
            return None
        item: Item = answer.get("Attributes", {})
        return item

    def mark(self, key: Item, attribute: str) -> Item | None:
        """Let the item have this attribute. Returns the whole item."""
        update = f"SET {attribute} = :yes, expires = :expires"
        return self.update(key, update, values={":yes": {"BOOL": True}})

    def _call(self, operation: str, **arguments: Any) -> Any:
        try:
            return getattr(self._client, operation)(**arguments)
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            raise ConditionFailed from refused
        except FAULTS as fault:
            raise MemoryLost(name_loss(fault)) from fault
        except UNREADABLE as fault:
            raise MemoryLost("NOT_READABLE") from fault

    def _expires(self) -> dict[str, str]:
        return {"N": str(int((self.now() + _KEPT).timestamp()))}


def pointer_key(audience: str) -> Item:
    """Of the item that names the audience's window."""
    return {"key": {"S": f"{GATHER}{audience}"}, "part": {"S": "window"}}


def header_key(window: str) -> Item:
    """Of a window's item: direct, the ids of its first briefs; started; closed."""
    return {"key": {"S": f"{GATHER}{window}"}, "part": {"S": "header"}}


def shard_key(window: str, number: int) -> Item:
    """Of one of the items with the ids of the gathered briefs: gathered, closed."""
    return {"key": {"S": f"{GATHER}{window}/{number}"}, "part": {"S": "ids"}}


def shard_key_of(window: str, brief: str) -> Item:
    """Of the one that has this brief's id."""
    return shard_key(window, hashlib.sha256(brief.encode()).digest()[0] % SHARDS)


def entry_key(brief: str) -> Item:
    """Of what a brief leaves for a summary."""
    return {"key": {"S": f"{GATHER}brief/{brief}"}, "part": {"S": "0"}}


def make_pointer(key: Item, window: Window) -> Item:
    """The item that names the window."""
    name, content = {"S": window["window"]}, {"S": json.dumps(window)}
    return {**key, "window": name, "content": content}


def make_entry(brief: str, window: str, gathered: Gathered) -> Item:
    """What a brief leaves in a window."""
    content = {"S": json.dumps(gathered)}
    return {**entry_key(brief), "window": {"S": window}, "content": content}


def name_condition(window: str | None) -> Mapping[str, Any]:
    """Of a put: the item still names this window, or there is none."""
    names = {"#window": "window"}
    if window is None:
        return {
            "ConditionExpression": "attribute_not_exists(#window)",
            "ExpressionAttributeNames": names,
        }
    return {
        "ConditionExpression": "#window = :before",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {":before": {"S": window}},
    }


def make_values(brief: str, limit: int | None = None) -> Mapping[str, Any]:
    """Of an update that adds the brief's id to a set, :ids, unless the set has :limit of them."""
    values = {":ids": {"SS": [brief]}, ":id": {"S": brief}}
    return values if limit is None else {**values, ":limit": {"N": str(limit)}}


def has(item: Item, attribute: str) -> bool:
    """Whether the item has it."""
    return attribute in item


def read_ids(item: Item | None, attribute: str) -> list[str]:
    """A set of ids. Raises MemoryLost, as do the other readers."""
    if item is None or attribute not in item:
        return []
    return _parse(lambda: [str(name) for name in item[attribute]["SS"]])


def read_name(item: Item) -> str:
    """The id of the window in a pointer or an entry."""
    return _parse(lambda: str(item["window"]["S"]))


def read_brief(item: Item) -> str:
    """The id of the brief in an entry."""
    return _parse(lambda: str(item["key"]["S"]).removeprefix(f"{GATHER}brief/"))


def read_gathered(item: Item) -> Gathered:
    """What a brief left."""
    return _parse(lambda: cast("Gathered", json.loads(item["content"]["S"])))


def read_window(item: Item) -> Window:
    """The window that a pointer names."""

    def read() -> Window:
        window = cast("Window", json.loads(item["content"]["S"]))
        datetime.fromisoformat(window["endsAt"])
        return {**window, "window": str(window["window"])}

    return _parse(read)


def _parse(read: Callable[[], T]) -> T:
    """Raises MemoryLost for what is of another shape than what was written."""
    try:
        return read()
    except UNREADABLE as fault:
        raise MemoryLost("NOT_READABLE") from fault

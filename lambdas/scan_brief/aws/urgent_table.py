"""What the memory knows of urgent findings: which were seen, and how many briefs an hour had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scan_brief.aws.held import make_item
from scan_brief.aws.memory import TableMemory
from scan_brief.findings.urgent import UrgentFinding, UrgentImage

URGENT = "urgent#"  # how keys begin; the roles' policies name it
_SEEN = timedelta(days=90)  # as long as Step Functions keeps a name
_COUNTED = timedelta(days=2)
_TRIES = 6  # of a transaction that meets another one
_FAILED, _CONFLICT = "ConditionalCheckFailed", "TransactionConflict"
_HELD = ""  # in the place of an execution's name


class Busy(Exception):
    """Others write the same items: asking again later helps."""


@dataclass(frozen=True)
class Decision:
    """start: the images to brief now, with the executions' names. held: how many findings the cap
    keeps for the digest. known: how many were decided about before.
    """

    start: Sequence[tuple[str, UrgentImage]]
    held: int
    known: int


class UrgentTable(TableMemory):
    """Decides about each finding of an image once. A name is decided before its execution starts,
    so who is interrupted in between starts it again, and Step Functions refuses a second one.
    """

    def __init__(self, table: str, most: int) -> None:
        """most: briefs of one hour."""
        super().__init__(table)
        self._most = most

    def decide(self, image: UrgentImage, now: datetime) -> Decision:
        """Raises MemoryLost or Busy."""
        for _ in range(_TRIES):
            names = {each.id: self._find(image, each) for each in image.findings}
            fresh = [each for each in image.findings if names[each.id] is None]
            known = {name for name in names.values() if name}
            again = [(name, image) for name in sorted(known)]
            if not fresh:
                return Decision(again, 0, len(image.findings))
            new = replace(image, findings=fresh)
            before = len(image.findings) - len(fresh)
            if self._write([self._count(now), *self._mark(new, new.name(), now)]):
                return Decision([*again, (new.name(), new)], 0, before)
            held = new.hold_back()
            if self._is_spent(now) and self._write(
                [*self._mark(new, _HELD, now), *(self._put(make_item(e, now)) for e in held)]
            ):
                return Decision(again, len(held), before)
        raise Busy("the memory is busy")

    def _find(self, image: UrgentImage, finding: UrgentFinding) -> str | None:
        """The name of the execution that briefs it, _HELD, or None for a new one."""
        name: str | None = self._call(
            lambda client: client.get_item(
                TableName=self.table, Key=_key(image, finding), ConsistentRead=True
            )["Item"]["execution"]["S"],
            missing=None,
        )
        return name

    def _is_spent(self, now: datetime) -> bool:
        count: str = self._call(
            lambda client: client.get_item(
                TableName=self.table, Key=_hour(now), ConsistentRead=True
            )["Item"]["briefs"]["N"],
            missing="0",
        )
        return int(count) >= self._most

    def _count(self, now: datetime) -> dict[str, Any]:
        """One more brief of the hour, unless it has had all."""
        return {
            "Update": {
                "TableName": self.table,
                "Key": _hour(now),
                "UpdateExpression": "SET #expires = :expires ADD #briefs :one",
                "ConditionExpression": "attribute_not_exists(#briefs) OR #briefs < :most",
                "ExpressionAttributeNames": {"#briefs": "briefs", "#expires": "expires"},
                "ExpressionAttributeValues": {
                    ":one": {"N": "1"},
                    ":most": {"N": str(self._most)},
                    ":expires": _until(now + _COUNTED),
                },
            }
        }

    def _mark(self, image: UrgentImage, execution: str, now: datetime) -> list[dict[str, Any]]:
        """What is decided about each finding, if nothing is yet."""
        return [
            self._put(
                {
                    **_key(image, finding),
                    "execution": {"S": execution},
                    "expires": _until(now + _SEEN),
                }
            )
            for finding in image.findings
        ]

    def _put(self, item: dict[str, Any]) -> dict[str, Any]:
        condition = "attribute_not_exists(#key)"
        names = {"#key": "key"}
        return {
            "Put": {
                "TableName": self.table,
                "Item": item,
                "ConditionExpression": condition,
                "ExpressionAttributeNames": names,
            }
        }

    def _write(self, actions: list[dict[str, Any]]) -> bool:
        """All or nothing; False if a condition failed or another transaction was in the way."""
        return self._call(lambda client: _transact(client, actions), missing=False)


def _transact(client: Any, actions: list[dict[str, Any]]) -> bool:
    try:
        client.transact_write_items(TransactItems=actions)
    except client.exceptions.TransactionCanceledException as canceled:
        reasons = {reason.get("Code") for reason in canceled.response["CancellationReasons"]}
        if not reasons & {_FAILED, _CONFLICT}:
            raise
        return False
    return True


def _key(image: UrgentImage, finding: UrgentFinding) -> dict[str, Any]:
    request = image.request
    return {
        "key": {"S": f"{URGENT}{request.repository}"},
        "part": {"S": f"{request.digest}#{finding.id}"},
    }


def _hour(now: datetime) -> dict[str, Any]:
    """A repository's name has no colon."""
    return {"key": {"S": f"{URGENT}:hour"}, "part": {"S": f"{now.astimezone(UTC):%Y-%m-%dT%H}"}}


def _until(at: datetime) -> dict[str, str]:
    return {"N": str(int(at.timestamp()))}

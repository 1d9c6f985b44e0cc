"""Executions of the digest machine without the machine: a table in this process, and the double."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from local.inspector2_double import Inspector2Double
from scan_brief.aws import inspector
from scan_brief.aws.asked_memory import AskedRules
from scan_brief.aws.digest_gathering import DigestGathering
from scan_brief.aws.digest_memory import DigestMemory
from scan_brief.aws.held import HeldItems
from scan_brief.aws.pace import Pace
from scan_brief.findings.digest_request import read_digest_request
from scan_brief.model import Digest, DigestMark, GatherResult
from scan_brief.settings import DigestSettings
from tests.shapes import assert_shape
from tests.unit.builders import REGISTRY

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ONE = '{"a": {"routes": ["*"], "language": "en", "timeZone": "UTC"}}'
TWO = (
    '{"a": {"routes": ["*"], "language": "en", "timeZone": "UTC"},'
    ' "b": {"routes": ["team/*"], "language": "ja", "timeZone": "Asia/Tokyo"}}'
)


class Refused(Exception):
    """DynamoDB's ConditionalCheckFailedException."""


class ConditionalTable:
    """One table that evaluates the conditions of digests."""

    exceptions = SimpleNamespace(ConditionalCheckFailedException=Refused)

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], Any] = {}
        self.lost = False

    def get_item(self, Key: Any, **_: Any) -> Any:  # noqa: N803 - DynamoDB's names
        self._check()
        found = self.items.get((Key["key"]["S"], Key["part"]["S"]))
        return {"Item": found} if found else {}

    def query(self, ExpressionAttributeValues: Any, **given: Any) -> Any:  # noqa: N803
        """A page for each item."""
        self._check()
        key = ExpressionAttributeValues[":key"]["S"]
        rows = [item for (own, _), item in self.items.items() if own == key]
        at = given.get("ExclusiveStartKey", {"at": 0})["at"]
        more = {"LastEvaluatedKey": {"at": at + 1}} if rows[at + 1 :] else {}
        return {"Items": rows[at : at + 1], **more}

    def put_item(self, Item: Any, **given: Any) -> None:  # noqa: N803
        self._check()
        known = self.items.get((Item["key"]["S"], Item["part"]["S"]))
        condition = given.get("ConditionExpression")
        if condition and not any(
            self._holds(part, known, given.get("ExpressionAttributeValues", {}))
            for part in condition.split(" OR ")
        ):
            raise Refused
        self.items[Item["key"]["S"], Item["part"]["S"]] = Item

    def _holds(self, part: str, known: Any, values: Any) -> bool:
        if part == "attribute_not_exists(#at)":
            return known is None
        if known is None:
            return False
        name, sign, value = part.split()
        (have,), (want,) = known[name[1:]].values(), values[value].values()
        if name == "#at" and "N" in values[value]:
            have, want = int(have), int(want)
        return bool({"=": have == want, "<>": have != want, "<": have < want}[sign])

    def _check(self) -> None:
        if self.lost:
            raise RuntimeError


class Run:
    """Executions of the digest machine, without the machine."""

    def __init__(self, client: Any, double: Inspector2Double) -> None:
        self._client = client
        self.double = double

    def observe(self, *findings: dict[str, Any]) -> None:
        for each in findings:
            at = each["firstObservedAt"].timestamp()
            self.double.findings = [*self.double.findings, {**each, "firstObservedAt": at}]

    def gather(
        self,
        now: datetime,
        *,
        audience: str = "a",
        audiences: str = ONE,
        execution: str = "",
        scheduled: datetime | None = None,
        quiet: bool = False,
    ) -> GatherResult:
        request = read_digest_request(
            {
                "audiences": audiences,
                "audience": audience,
                "scheduledAt": f"{scheduled:%Y-%m-%dT%H:%M:%SZ}" if scheduled else None,
                "execution": execution or f"execution at {now}",
            }
        )
        result = DigestGathering(
            request,
            reader=inspector.Reader(self._client, Pace(lambda: 900.0)),
            registry=REGISTRY,
            memory=DigestMemory("table", lambda: now),
            held=HeldItems("table"),
            find_rules=AskedRules(None, "table", "Stack", lambda _: None).find,
            settings=DigestSettings(
                detail_calls=200, ignore_entries=0, digest_days=1, digest_all_quiet=quiet
            ),
        ).gather(now)
        assert_shape(result, GatherResult)
        return result

    def tell(self, now: datetime, **given: Any) -> int:
        """How many new findings are reported, and remembered."""
        result = self.gather(now, **given)
        if result["remember"]:
            remember(result["remember"], now)
        return total(result)


def total(result: GatherResult) -> int:
    digest = result["digest"]
    if digest:
        assert_shape(digest, Digest)
    return digest["total"] if digest else 0


def remember(mark: DigestMark, now: datetime) -> bool:
    return DigestMemory("table", lambda: now).move_digest(mark)

"""memory: what DynamoDB is asked for, and what its faults cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from scan_brief.aws import memory
from scan_brief.aws.memory import TableMemory
from scan_brief.aws.remembered_lookups import RememberedLookups
from scan_brief.findings.changes import MemoryLost
from scan_brief.findings.delta import Footprint
from scan_brief.model import Mark
from tests.unit.builders import make_finding
from tests.unit.findings.test_selection import EXPLOITED, NOTHING, FakeLookups

NOW = datetime(2026, 2, 1, tzinfo=UTC)
MARK: Mark = {
    "repository": "team/app",
    "line": "DEBIAN_12/arm64",
    "digest": "sha256:1",
    "scannedAt": "2026-01-31T23:30:00Z",
    "findings": "findings#1",
    "parts": 1,
}


class ConditionalCheckFailedException(ClientError):  # type: ignore[misc]
    """As botocore makes it from the service's model."""


class FakeTable:
    """One table, whose calls fail with `fault`. Refuses an item of more than 400 KB."""

    exceptions = SimpleNamespace(ConditionalCheckFailedException=ConditionalCheckFailedException)

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], Any] = {}
        self.calls: list[str] = []
        self.fault: Exception | None = None

    def get_item(self, Key: Any, **_: Any) -> Any:  # noqa: N803 - DynamoDB's names
        self._enter("get")
        found = self.items.get((Key["key"]["S"], Key["part"]["S"]))
        return {"Item": found} if found else {}

    def query(self, ExpressionAttributeValues: Any, **_: Any) -> Any:  # noqa: N803
        self._enter("query")
        key = ExpressionAttributeValues[":key"]["S"]
        return {"Items": [item for (own, _), item in self.items.items() if own == key]}

    def put_item(self, Item: Any, **given: Any) -> None:  # noqa: N803
        self._enter("put")
        assert len(Item.get("content", {"B": b""})["B"]) < 400_000
        key = (Item["key"]["S"], Item["part"]["S"])
        known = self.items.get(key)
        if "ConditionExpression" in given and known:
            assert given["ConditionExpression"] == "attribute_not_exists(#at) OR #at <= :at"
            if int(known["at"]["N"]) > int(Item["at"]["N"]):
                raise ConditionalCheckFailedException({}, "PutItem")
        self.items[key] = Item

    def _enter(self, call: str) -> None:
        self.calls.append(call)
        if self.fault:
            raise self.fault


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> FakeTable:
    made = FakeTable()
    monkeypatch.setattr(memory, "_connect", lambda: made)
    return made


def make_memory() -> TableMemory:
    return TableMemory("table", lambda: NOW)


def denied(code: str = "AccessDeniedException", status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Query")


def test_50_000_findings_are_stored_in_parts_and_read_again(table: FakeTable) -> None:
    footprint = Footprint(range(2**63, 2**63 + 50_000))
    key, parts = make_memory().store(footprint)
    assert (parts, len(table.items)) == (2, 2)
    mark: Mark = {**MARK, "findings": key, "parts": parts}
    assert make_memory().load(mark).marks == footprint.marks
    del table.items[key, "1"]
    with pytest.raises(MemoryLost, match="EXPIRED"):
        make_memory().load(mark)


def test_what_was_moved_on_is_listed_and_never_moves_back(table: FakeTable) -> None:
    assert make_memory().move_on(MARK)
    assert make_memory().list_marks("team/app") == [MARK]
    assert make_memory().list_marks("team/ap") == []
    same: Mark = {**MARK, "findings": "findings#2"}
    older: Mark = {**MARK, "scannedAt": "2026-01-31T23:29:59+00:00"}
    assert (make_memory().move_on(same), make_memory().move_on(older)) == (True, False)
    assert make_memory().list_marks("team/app") == [same]
    (item,) = table.items.values()
    assert item["expires"]["N"] == str(int((NOW + timedelta(days=180)).timestamp()))


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (denied(), "DENIED"),
        (denied("ProvisionedThroughputExceededException"), "THROTTLED"),
        (denied("ThrottlingException"), "THROTTLED"),
        (denied("ResourceNotFoundException"), "FAILED"),
        (denied("InternalServerError", 500), "FAILED"),
        (ConnectTimeoutError(endpoint_url="x"), "FAILED"),
        (TypeError(), "NOT_READABLE"),
    ],
)
def test_after_a_fault_no_further_call_is_made(
    table: FakeTable, fault: Exception, why: str
) -> None:
    table.fault = fault
    lost = make_memory()
    lost.prepare("team/app")
    for call in (
        lambda: lost.list_marks("team/app"),
        lambda: lost.load(MARK),
        lambda: lost.store(Footprint()),
        lambda: lost.move_on(MARK),
    ):
        with pytest.raises(MemoryLost, match=f"^{why}$"):
            call()
    assert table.calls == ["query"]


@pytest.mark.parametrize("odd", [{}, {"parts": {"N": "x"}}, {"scannedAt": {"S": "x"}}])
def test_an_item_of_another_shape_is_no_brief(table: FakeTable, odd: Mapping[str, Any]) -> None:
    make_memory().move_on(MARK)
    (key,) = table.items
    kept = {name: table.items[key][name] for name in ("key", "part")}
    whole = table.items[key]
    table.items[key] = {**whole, **odd} if odd else kept
    with pytest.raises(MemoryLost, match="NOT_READABLE"):
        make_memory().list_marks("team/app")


def look_up(lookups: Any, names: list[str], now: datetime = NOW) -> Any:
    remembered = RememberedLookups(lookups, make_memory(), "team/app", now)
    return remembered.look_up({name: f"arn:{name}" for name in names})


def test_the_next_image_asks_only_for_what_was_not_looked_up_today(table: FakeTable) -> None:
    names = [f"CVE-{number}" for number in range(1_000)]
    lookups = FakeLookups({"CVE-7": EXPLOITED})
    first = look_up(lookups, names)
    later = FakeLookups({})
    second = look_up(later, [*names, "CVE-new"], NOW + timedelta(hours=23))
    assert later.asked == ["CVE-new"]
    assert second.found["CVE-7"] == EXPLOITED
    assert second.asked == {*first.asked, "CVE-new"}
    tomorrow = FakeLookups({})
    look_up(tomorrow, [*names, "CVE-new"], NOW + timedelta(hours=25))
    assert len(tomorrow.asked) == 1_000
    assert len(table.items["details#team/app", "0"]["content"]["B"]) < 20_000


def test_a_failed_lookup_is_not_remembered(table: FakeTable) -> None:
    assert look_up(FakeLookups({}, failure="DENIED"), ["CVE-1"]).failure == "DENIED"
    assert table.items == {}


@pytest.mark.parametrize("content", [b"", b"x", None])
def test_without_the_memory_everything_is_looked_up(
    table: FakeTable, content: bytes | None
) -> None:
    if content is None:
        table.fault = denied()
    else:
        table.items["details#team/app", "0"] = {"content": {"B": content}}
    lookups = FakeLookups({})
    assert look_up(lookups, ["CVE-1"]).found == {"CVE-1": NOTHING}
    assert lookups.asked == ["CVE-1"]


def test_a_finding_is_found_again_through_the_table(table: FakeTable) -> None:
    footprint = Footprint()
    list(footprint.note([make_finding(1)]))
    key, parts = make_memory().store(footprint)
    mark: Mark = {**MARK, "findings": key, "parts": parts}
    loaded = make_memory().load(mark)
    assert not loaded.lacks(make_finding(1))
    assert loaded.lacks(make_finding(2))

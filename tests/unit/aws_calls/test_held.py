"""held: what the digest tells of the findings that the urgent path's cap held back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scan_brief.aws import memory
from scan_brief.aws.held import HeldItems, make_item
from scan_brief.findings.changes import MemoryLost
from scan_brief.model import HeldBack
from tests.unit.aws_calls.test_memory import FakeTable, denied

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
PAGE = 2


class FakeHeldTable(FakeTable):
    """Answers in pages."""

    def query(self, ExpressionAttributeValues: Any, **given: Any) -> Any:  # noqa: N803
        self._enter("query")
        assert given["KeyConditionExpression"] == "#key = :key AND #part < :before"
        assert given["ConsistentRead"]
        key, before = (ExpressionAttributeValues[name]["S"] for name in (":key", ":before"))
        start = given.get("ExclusiveStartKey", "")
        found = [
            (part, item)
            for (own, part), item in sorted(self.items.items())
            if own == key and start < part < before
        ]
        last = {"LastEvaluatedKey": found[PAGE - 1][0]} if len(found) > PAGE else {}
        return {"Items": [item for _, item in found[:PAGE]], **last}

    def delete_item(self, Key: Any, **_: Any) -> None:  # noqa: N803
        self._enter("delete")
        self.items.pop((Key["key"]["S"], Key["part"]["S"]), None)

    def hold(self, held: HeldBack, at: datetime) -> None:
        self.put_item(make_item(held, at))


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> FakeHeldTable:
    made = FakeHeldTable()
    monkeypatch.setattr(memory, "_connect", lambda: made)
    return made


def held(number: int, repository: str = "team/app", *, exploited: bool = False) -> HeldBack:
    return {
        "id": f"CVE-2026-{number:04}",
        "severity": "CRITICAL",
        "knownExploited": exploited,
        "image": {
            "repository": repository,
            "digest": f"sha256:{number:064x}",
            "tag": "1.0",
            "tagsOmitted": 0,
            "architecture": "arm64",
        },
    }


def takes(repository: str) -> bool:
    return repository.startswith("team/")


def test_each_digest_tells_its_own_repositories_and_none_twice(table: FakeHeldTable) -> None:
    for number in range(5):
        table.hold(held(number, exploited=number == 3), NOW - timedelta(hours=5 - number))
    table.hold(held(9, "other"), NOW - timedelta(hours=3))
    told = HeldItems("table").list_held(NOW, takes)
    assert [each["id"][-1] for each in told] == ["3", "0", "1", "2", "4"]
    assert told == HeldItems("table").list_held(NOW, takes)  # an attempt that failed tells nothing
    assert HeldItems("table").take_held(NOW, takes) == 5
    assert HeldItems("table").list_held(NOW, takes) == []
    (left,) = HeldItems("table").list_held(NOW, lambda _: True)
    assert left["image"]["repository"] == "other"


def test_what_is_held_back_while_a_digest_is_made_waits_for_the_next(table: FakeHeldTable) -> None:
    """It can be written after the digest was read, and before its findings are taken away."""
    table.hold(held(1), NOW - timedelta(minutes=2))
    assert len(HeldItems("table").list_held(NOW, takes)) == 1
    for seconds in (-59, 0, 30):
        table.hold(held(2 + seconds), NOW + timedelta(seconds=seconds))
    assert HeldItems("table").take_held(NOW, takes) == 1
    assert len(HeldItems("table").list_held(NOW + timedelta(days=1), takes)) == 3


def test_an_item_that_cannot_be_read_hides_no_other(table: FakeHeldTable) -> None:
    for number, odd in enumerate(('{"image": 7}', "[]", "{", '{"id": 1, "image": {}}')):
        item = make_item(held(number), NOW - timedelta(hours=2))
        table.put_item({**item, "held": {"S": odd}})
    table.hold(held(8), NOW - timedelta(hours=1))
    assert [each["id"] for each in HeldItems("table").list_held(NOW, takes)] == ["CVE-2026-0008"]


def test_a_lost_memory_is_an_error(table: FakeHeldTable) -> None:
    table.fault = denied()
    with pytest.raises(MemoryLost, match=r"^DENIED$"):
        HeldItems("table").list_held(NOW, takes)
    with pytest.raises(MemoryLost, match=r"^DENIED$"):
        HeldItems("table").take_held(NOW, takes)

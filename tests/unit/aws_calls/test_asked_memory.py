"""asked_memory: what is kept of an ask, what is read of it, and what a fault costs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from scan_brief.aws import memory
from scan_brief.aws.asked_memory import AskedMemory, AskedRules
from scan_brief.findings.changes import MemoryLost
from tests.unit.aws_calls.test_memory import FakeTable, denied
from tests.unit.findings.test_asked import asked
from tests.unit.findings.test_ignore import ONE, entry, rules

TEAM = asked(repository="team/app", until="2026-03-01T00:00:00Z")


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> FakeTable:
    made = FakeTable()
    monkeypatch.setattr(memory, "_connect", lambda: made)
    return made


def make() -> AskedMemory:
    return AskedMemory("table")


def test_what_is_kept_is_listed_for_its_repository_alone(table: FakeTable) -> None:
    whole = asked(repository="team/app", package="pkg:npm/x", askedBy="ops", until=TEAM["until"])
    for one in (TEAM, whole):
        make().keep(one)
    found = make().list_asked("team/app")
    assert sorted(found, key=str) == sorted([TEAM, whole], key=str)
    assert make().list_asked("team/ap") == []
    assert make().list_asked("team/app2") == []
    ends = {item["expires"]["N"] for item in table.items.values()}
    assert ends == {str(int(datetime.fromisoformat(TEAM["until"]).timestamp()))}


def test_the_last_ask_about_the_same_replaces_the_one_before(table: FakeTable) -> None:
    make().keep(TEAM)
    later = asked(repository="team/app", id=TEAM["id"].lower(), reason="still")
    make().keep(later)
    assert make().list_asked("team/app") == [later]


def test_every_page_is_read(table: FakeTable, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        make().keep({**TEAM, "id": f"CVE-{number}"})
    whole = table.query

    def in_pages(**given: Any) -> Any:
        start = given.get("ExclusiveStartKey", {"N": 0})["N"]
        items = whole(**given)["Items"]
        more = {"LastEvaluatedKey": {"N": start + 2}} if start + 2 < len(items) else {}
        return {"Items": items[start : start + 2], **more}

    monkeypatch.setattr(table, "query", in_pages)
    assert len(make().list_asked("team/app")) == 5


def test_a_fault_while_it_was_prepared_is_raised_when_it_is_needed(table: FakeTable) -> None:
    table.fault = denied()
    prepared = make()
    prepared.prepare_asked("team/app")
    with pytest.raises(MemoryLost, match="DENIED"):
        prepared.list_asked("team/app")
    assert table.calls == ["query"]
    with pytest.raises(MemoryLost, match="DENIED"):
        make().keep(TEAM)


@pytest.mark.parametrize(
    "broken",
    [
        {"until": {"S": "soon"}},
        {"until": {"S": "2026-03-01T00:00:00"}},
        {"reason": {"N": "1"}},
        {"id": None},
    ],
)
def test_an_item_of_another_shape_is_no_entry(table: FakeTable, broken: dict[str, Any]) -> None:
    make().keep(TEAM)
    (item,) = table.items.values()
    item.update(broken)
    with pytest.raises(MemoryLost, match="NOT_READABLE"):
        make().list_asked("team/app")


def test_rules_are_read_once_for_each_repository_and_only_with_buttons(table: FakeTable) -> None:
    make().keep(TEAM)
    own = rules(entry("CVE-2"))
    for given in (("table", ""), ("", "Stack")):
        off = AskedRules(own, *given, pytest.fail)
        off.prepare("team/app")
        assert off.find("team/app") is own
    assert table.calls == ["put"]
    on = AskedRules(own, "table", "Stack", pytest.fail)
    on.prepare("team/app")
    for _ in range(2):
        found = on.find("team/app")
        assert found
        assert set(found.rules) == {"CVE-2", ONE}
        assert on.find("other") is own
    assert table.calls == ["put", "query", "query"]


def test_lost_rules_are_those_of_the_list_and_are_said_once(table: FakeTable) -> None:
    table.fault = denied()
    said: list[str] = []
    lost = AskedRules(rules(entry("CVE-2")), "table", "Stack", said.append)
    for _ in range(2):
        found = lost.find("team/app")
        assert found
        assert (set(found.rules), found.failure) == ({"CVE-2"}, "MEMORY_LOST")
    assert said == ["DENIED"]

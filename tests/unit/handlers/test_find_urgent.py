"""find_urgent: a batch as Lambda takes it from the queue, and the log of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from local.inspector2_double import Inspector2Double
from scan_brief.aws import memory, urgent_briefs
from scan_brief.model import LogLine, QueueResult
from tests.shapes import assert_shape
from tests.unit.aws_calls.test_memory import denied
from tests.unit.aws_calls.test_urgent_path import MACHINE, FakeMachine, FakeUrgentTable, event
from tests.unit.handlers.test_handlers import CONTEXT, load

MODULE = "scan_brief.handlers.find_urgent"
HOSTILE = "</b>\r\nforged \u202e"


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> FakeUrgentTable:
    made = FakeUrgentTable()
    monkeypatch.setattr(memory, "_connect", lambda: made)
    return made


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> FakeMachine:
    made = FakeMachine()
    monkeypatch.setattr(urgent_briefs, "connect", lambda: made)
    return made


@pytest.fixture
def find_urgent(aws_environment: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings = {"URGENT_PER_HOUR": "1", "STATE_MACHINE_ARN": MACHINE, "MEMORY_TABLE": "table"}
    module: Any = load(MODULE, monkeypatch, **settings)

    def invoke(*bodies: str) -> list[str]:
        records = [{"messageId": str(place), "body": body} for place, body in enumerate(bodies)]
        result = module.handle({"Records": records}, CONTEXT)
        assert_shape(result, QueueResult)
        return [each["itemIdentifier"] for each in result["batchItemFailures"]]

    return invoke


def now(number: int, **members: Any) -> str:
    made = event(number)
    at = datetime.now(UTC)
    made["time"] = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    made["detail"] |= {"firstObservedAt": f"{at:%Y-%m-%dT%H:%M:%SZ}", **members}
    return json.dumps(made)


def read_lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for record in caplog.records:
        if record.name == "scan_brief":
            keys = set(LogLine.__annotations__) - {"request", "repository", "digest"}
            known = {key: record.__dict__[key] for key in keys if key in record.__dict__}
            found.append((record.message, known))
    return found


def test_a_batch_is_decided_and_what_failed_comes_again(
    find_urgent: Any,
    table: FakeUrgentTable,
    machine: FakeMachine,
    double: Inspector2Double,
    caplog: pytest.LogCaptureFixture,
) -> None:
    odd = now(4, findingArn=HOSTILE)
    assert find_urgent(now(1), now(2), now(1), "{", odd) == ["3", "4"]
    assert machine.briefed() == ["CVE-1"]
    kinds = sorted(key.partition("#")[0] for key, _ in table.items)
    assert kinds == ["details", "held", "urgent", "urgent", "urgent"]
    assert read_lines(caplog) == [
        ("refused", {"error": "UnreadableEvent", "why": "event"}),
        ("refused", {"error": "UnreadableEvent", "why": "detail.findingArn"}),
        ("undecided", {"error": "UnreadableEvent", "failed": 2}),
        ("looked", {"findings": 5, "started": 1, "held": 1, "failed": 2}),
    ]
    assert "forged" not in caplog.text


def test_a_lost_memory_is_logged_and_the_brief_starts(
    find_urgent: Any,
    table: FakeUrgentTable,
    machine: FakeMachine,
    double: Inspector2Double,
    caplog: pytest.LogCaptureFixture,
) -> None:
    table.fault = denied()
    assert find_urgent(now(1), now(2)) == ["1"]
    assert machine.briefed() == ["CVE-1"]
    assert ("memory lost", {"error": "DENIED"}) in read_lines(caplog)
    assert read_lines(caplog)[-1][1] == {"findings": 2, "started": 1, "held": 0, "failed": 1}

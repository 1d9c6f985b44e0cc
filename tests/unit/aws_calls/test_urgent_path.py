"""urgent_path, urgent_table, urgent_briefs: each finding once, within the cap, and none lost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scan_brief.aws import memory
from scan_brief.aws.held import HELD, HeldItems
from scan_brief.aws.inspector import Reader
from scan_brief.aws.pace import Pace
from scan_brief.aws.urgent_briefs import UrgentBriefs
from scan_brief.aws.urgent_path import UrgentPath
from scan_brief.aws.urgent_table import URGENT, UrgentTable
from scan_brief.findings.selection import Lookup
from scan_brief.model import Finding
from tests.unit.aws_calls.test_held import FakeHeldTable
from tests.unit.aws_calls.test_memory import denied
from tests.unit.builders import REGISTRY, REPOSITORY_ARN
from tests.unit.findings.test_selection import EXPLOITED, NOTHING
from tests.unit.scan.test_finding_event import make_finding_event

NOW = datetime(2026, 1, 31, 18, 5, tzinfo=UTC)
CAP = 2
MACHINE = "arn:aws:states:eu-central-1:111122223333:stateMachine:Brief"
KNOWN = "CVE-KNOWN"  # to be exploited


class Canceled(ClientError):  # type: ignore[misc]
    """TransactionCanceledException, as botocore makes it from the service's model."""


class FakeUrgentTable(FakeHeldTable):
    """With transactions, which `conflicts` times meet another one first."""

    exceptions = SimpleNamespace(TransactionCanceledException=Canceled)

    def __init__(self) -> None:
        super().__init__()
        self.conflicts = 0

    def transact_write_items(self, TransactItems: Sequence[Any]) -> None:  # noqa: N803
        self._enter("transact")
        codes = [self._check(action) for action in TransactItems]
        if self.conflicts:
            self.conflicts -= 1
            codes = ["TransactionConflict"]
        if set(codes) != {"None"}:
            answer: Any = {"CancellationReasons": [{"Code": code} for code in codes]}
            raise Canceled(answer, "TransactWriteItems")
        for action in TransactItems:
            self._apply(action)

    def _check(self, action: Mapping[str, Any]) -> str:
        if "Put" in action:
            assert action["Put"]["ConditionExpression"] == "attribute_not_exists(#key)"
            return (
                "ConditionalCheckFailed" if place(action["Put"]["Item"]) in self.items else "None"
            )
        update = action["Update"]
        assert update["ConditionExpression"].endswith("OR #briefs < :most")
        count = int(self.items.get(place(update["Key"]), {}).get("briefs", {"N": "0"})["N"])
        most = int(update["ExpressionAttributeValues"][":most"]["N"])
        return "None" if count < most else "ConditionalCheckFailed"

    def _apply(self, action: Mapping[str, Any]) -> None:
        if "Put" in action:
            self.items[place(action["Put"]["Item"])] = action["Put"]["Item"]
            return
        key = action["Update"]["Key"]
        before = self.items.get(place(key), {}).get("briefs", {"N": "0"})["N"]
        self.items[place(key)] = {**key, "briefs": {"N": str(int(before) + 1)}}

    def held(self) -> list[str]:
        listed = HeldItems("table").list_held(NOW + timedelta(days=1), lambda _: True)
        return [each["id"] for each in listed]


def place(item: Mapping[str, Any]) -> tuple[str, str]:
    return item["key"]["S"], item["part"]["S"]


class FakeMachine:
    """Step Functions: names that are taken, the newest first; `fault` fails each call."""

    def __init__(self) -> None:
        self.started: dict[str, Any] = {}
        self.at: dict[str, datetime] = {}
        self.fault: Exception | None = None

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> None:  # noqa: A002, N803
        assert stateMachineArn == MACHINE
        if self.fault:
            raise self.fault
        if name in self.started:
            raise ClientError({"Error": {"Code": "ExecutionAlreadyExists"}}, "StartExecution")
        self.started[name] = json.loads(input)
        self.at[name] = NOW

    def list_executions(self, **_: Any) -> Any:
        if self.fault:
            raise self.fault
        names = sorted(self.started, key=lambda name: self.at[name], reverse=True)
        return {"executions": [{"name": each, "startDate": self.at[each]} for each in names]}

    def briefed(self) -> list[str]:
        return sorted(request["urgent"]["id"] for request in self.started.values())


class FakeLookups:
    """BatchGetFindingDetails knows CVE-KNOWN, and answers nothing if it fails."""

    most = 100

    def __init__(self, failure: Any = None) -> None:
        self.failure = failure

    def look_up(self, arns: Mapping[str, str]) -> Lookup:
        lookup = Lookup()
        lookup.failure = self.failure
        if not self.failure:
            lookup.asked.update(arns)
            lookup.found.update(
                {name: EXPLOITED if name.startswith(KNOWN) else NOTHING for name in arns}
            )
        return lookup

    def fetch(self, arns: Sequence[str]) -> list[Finding]:
        raise AssertionError(arns)


class FakeInspector:
    """ListFindings by ARN. fault: of each call."""

    def __init__(self) -> None:
        self.findings: list[Any] = []
        self.fault: Exception | None = None

    def list_findings(self, filterCriteria: Any, **_: Any) -> Any:  # noqa: N803
        if self.fault:
            raise self.fault
        wanted = {each["value"] for each in filterCriteria["findingArn"]}
        return {"findings": [each for each in self.findings if each["findingArn"] in wanted]}


class Rig:
    """All that FindUrgent calls; each `take` is an invocation of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.table, self.machine, self.inspector = FakeUrgentTable(), FakeMachine(), FakeInspector()
        self.lookups = FakeLookups()
        self.lost: list[str] = []
        self.refused: list[str] = []
        monkeypatch.setattr(memory, "_connect", lambda: self.table)

    def take(self, *events: Any, now: datetime = NOW, deliveries: int = 1) -> dict[str, str]:
        """The failed messages, by their place."""
        client: Any = self.inspector
        reader = Reader(client, Pace(lambda: 120.0, sleep=lambda _: None))
        briefs = UrgentBriefs(
            self.machine, MACHINE, UrgentTable("table", CAP), CAP, self.lost.append
        )
        path = UrgentPath(
            REGISTRY,
            reader,
            find_rules=lambda _: None,
            find_lookups=lambda _: self.lookups,
            briefs=briefs,
            on_refused=self.refused.append,
        )
        records = [
            {
                "messageId": str(number),
                "body": each if isinstance(each, str) else json.dumps(each),
                "attributes": {"ApproximateReceiveCount": str(deliveries)},
            }
            for number, each in enumerate(events)
        ]
        batch: Any = {"Records": records}
        path.take(batch, now)
        return path.failed


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch) -> Rig:
    return Rig(monkeypatch)


def event(
    number: int, name: str | None = None, *, severity: str = "CRITICAL", **image: Any
) -> dict[str, Any]:
    """A finding in an image of its own."""
    made = make_finding_event(
        {
            "findingArn": f"arn:aws:inspector2:eu-central-1:111122223333:finding/{number:032x}",
            "packageVulnerabilityDetails": {"vulnerabilityId": name or f"CVE-{number}"},
            "severity": severity,
        },
        image,
    )
    made["detail"]["resources"][0]["id"] = f"{REPOSITORY_ARN}/sha256:{number:064x}"
    return made


def test_within_the_cap_each_image_is_briefed_once_however_often_its_event_comes(rig: Rig) -> None:
    assert rig.take(event(1), event(1)) == {}
    assert rig.take(event(1), event(2)) == {}
    assert rig.take(event(2)) == {}
    assert rig.machine.briefed() == ["CVE-1", "CVE-2"]
    assert rig.table.held() == []


def test_what_is_beyond_the_cap_is_held_back_once_for_the_digest(rig: Rig) -> None:
    events = [event(number) for number in range(6)]
    assert rig.take(*events, *events) == {}
    assert rig.take(*events) == {}
    assert rig.machine.briefed() == ["CVE-0", "CVE-1"]
    assert rig.table.held() == ["CVE-2", "CVE-3", "CVE-4", "CVE-5"]
    rig.take(event(5), event(9), now=NOW + timedelta(hours=1))  # an hour of its own
    assert rig.machine.briefed() == ["CVE-0", "CVE-1", "CVE-9"]
    assert len(rig.table.held()) == 4


def test_the_known_exploited_come_first(rig: Rig) -> None:
    events = [event(1), event(2), event(3, KNOWN, severity="MEDIUM")]
    rig.take(*events)
    assert rig.machine.briefed() == ["CVE-1", KNOWN]
    assert rig.table.held() == ["CVE-2"]


@pytest.mark.parametrize(
    ("made", "briefed"),
    [
        (event(1), True),
        (event(1, severity="HIGH"), False),
        (event(1, KNOWN, severity="LOW"), True),
        (event(1, inUseCount=0), False),
        (make_finding_event({"status": "CLOSED"}), False),
    ],
)
def test_kinds_of_findings(rig: Rig, made: Any, *, briefed: bool) -> None:
    assert rig.take(made) == {}
    assert bool(rig.machine.started) is briefed
    assert not rig.table.held()


def test_findings_of_one_image_are_one_brief_and_a_later_one_is_another(rig: Rig) -> None:
    first, second, third = event(1, "CVE-A"), event(1, "CVE-B"), event(1, "CVE-C")
    rig.take(first, second)
    rig.take(second, third)
    assert [each["urgent"] for each in rig.machine.started.values()] == [
        {"id": "CVE-A", "knownExploited": False, "others": 1},
        {"id": "CVE-C", "knownExploited": False, "others": 0},
    ]


def test_who_is_interrupted_between_the_decision_and_the_start_starts_it(rig: Rig) -> None:
    rig.machine.fault = denied()
    assert rig.take(event(1)) == {"0": "NotStarted"}
    assert rig.take(event(1)) == {"0": "NotStarted"}
    rig.machine.fault = None
    assert rig.take(event(1), event(2)) == {}  # the cap counts it once
    assert rig.machine.briefed() == ["CVE-1", "CVE-2"]


def test_two_functions_at_once_decide_one_after_the_other(rig: Rig) -> None:
    rig.table.conflicts = 3
    assert rig.take(event(1)) == {}
    assert rig.machine.briefed() == ["CVE-1"]
    rig.table.conflicts = 100
    assert rig.take(event(2)) == {"0": "Busy"}
    assert rig.table.held() == []


def test_without_the_memory_briefs_start_at_once_within_the_cap_and_the_rest_waits(
    rig: Rig,
) -> None:
    rig.table.fault = denied()
    for _ in range(2):
        assert rig.take(event(1), event(2), event(2), event(3)) == {"3": "NotStarted"}
        assert rig.machine.briefed() == ["CVE-1", "CVE-2"]
    assert rig.lost == ["DENIED"] * 6
    for name in rig.machine.at:
        rig.machine.at[name] = NOW - timedelta(minutes=61)
    assert rig.take(event(1), event(3)) == {}
    assert rig.machine.briefed() == ["CVE-1", "CVE-2", "CVE-3"]
    rig.machine.fault = denied()
    assert rig.take(event(4)) == {"0": "NotStarted"}


def test_what_the_event_does_not_state_is_asked_for(rig: Rig) -> None:
    unknown = [event(number, inUseCount=None) for number in range(4)]
    answers = [event(0, inUseCount=1), event(1, inUseCount=0), event(2, inUseCount=None)]
    rig.inspector.findings = [each["detail"] for each in answers]
    assert rig.take(*unknown) == {"3": "NotListed"}
    assert rig.machine.briefed() == ["CVE-0"]
    assert rig.take(unknown[3], deliveries=3) == {}  # it is gone
    rig.inspector.fault = denied("ValidationException")
    assert rig.take(*unknown) == dict.fromkeys("0123", "InspectorRefused")


def test_what_cannot_be_looked_up_is_decided_later_unless_it_is_critical(rig: Rig) -> None:
    rig.lookups.failure = "THROTTLED"
    assert rig.take(event(1), event(2, severity="HIGH")) == {"1": "THROTTLED"}
    assert rig.machine.briefed() == ["CVE-1"]


@pytest.mark.parametrize("body", ["", "{", "7", "null", "[" * 100_000, '{"detail": {}}'])
def test_an_event_that_cannot_be_read_is_refused_and_hinders_no_other(rig: Rig, body: str) -> None:
    assert rig.take(body, event(1)) == {"0": "UnreadableEvent"}
    assert rig.refused in (["event"], ["source"])
    assert rig.machine.briefed() == ["CVE-1"]


def test_keys_begin_as_the_roles_policies_say(rig: Rig) -> None:
    rig.take(*(event(number) for number in range(4)))
    assert {key.partition("#")[0] + "#" for key, _ in rig.table.items} == {URGENT, HELD}

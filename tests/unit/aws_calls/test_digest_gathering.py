"""digest_gathering: windows and claims of the memory, with the double for Inspector."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from local.inspector2_double import Inspector2Double
from scan_brief.aws import inspector, memory
from scan_brief.aws.digest_gathering import DigestGathering
from scan_brief.aws.digest_memory import DigestMemory
from scan_brief.aws.pace import Pace
from scan_brief.findings.digest_request import read_digest_request
from scan_brief.model import Digest, DigestMark, GatherResult
from scan_brief.scan.errors import InvalidRequest
from scan_brief.settings import DigestSettings
from tests.shapes import assert_shape
from tests.unit.builders import REGISTRY
from tests.unit.findings.digest_builders import UNTIL, new_finding

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


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> ConditionalTable:
    made = ConditionalTable()
    monkeypatch.setattr(memory, "_connect", lambda: made)
    return made


@pytest.fixture
def client(aws_environment: None, double: Inspector2Double) -> Iterator[Any]:
    with closing(inspector.connect()) as connected:
        yield connected


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
            settings=DigestSettings(
                detail_calls=200, ignore_entries=0, digest_days=1, digest_all_quiet=quiet
            ),
            ignore=None,
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


@pytest.fixture
def run(client: Any, double: Inspector2Double, table: ConditionalTable) -> Run:
    double.findings = []
    return Run(client, double)


def test_a_missed_run_is_made_up_and_nothing_is_reported_twice(run: Run) -> None:
    run.observe(new_finding(1, at=UNTIL - HOUR))
    assert run.tell(UNTIL) == 1
    run.observe(new_finding(2, at=UNTIL + HOUR), new_finding(3, at=UNTIL + 3 * DAY))
    assert run.tell(UNTIL + 4 * DAY) == 2
    assert run.tell(UNTIL + 5 * DAY) == 0


def test_what_was_not_published_is_reported_by_the_next_run(run: Run) -> None:
    run.observe(new_finding(1, at=UNTIL - HOUR))
    for days in (0, 1, 2):  # also if it is the first one
        assert total(run.gather(UNTIL + days * DAY)) == 1
    assert run.tell(UNTIL + 3 * DAY) == 1
    run.observe(new_finding(2, at=UNTIL + 4 * DAY))
    assert total(run.gather(UNTIL + 5 * DAY)) == 1
    assert run.tell(UNTIL + 9 * DAY) == 1


def test_a_second_delivery_tells_nothing(run: Run) -> None:
    run.observe(new_finding(1, at=UNTIL - HOUR))
    first = run.gather(UNTIL, execution="one", scheduled=UNTIL)
    second = run.gather(UNTIL + MINUTE, execution="two", scheduled=UNTIL)
    assert (total(first), second["digest"], second["remember"]) == (1, None, None)
    assert second["why"] == "another execution tells this"
    redriven = run.gather(UNTIL + 2 * MINUTE, execution="one", scheduled=UNTIL)
    assert redriven["remember"]
    assert remember(redriven["remember"], UNTIL)
    late = run.gather(UNTIL + 3 * MINUTE, execution="three", scheduled=UNTIL, quiet=True)
    assert (late["digest"], late["why"]) == (None, "this run was reported already")


def test_a_claim_of_an_execution_that_failed_ends(run: Run) -> None:
    run.observe(new_finding(1, at=UNTIL - HOUR))
    run.gather(UNTIL, execution="one")
    assert run.gather(UNTIL + 14 * MINUTE, execution="two")["digest"] is None
    assert total(run.gather(UNTIL + 16 * MINUTE, execution="three")) == 1


def test_a_slow_execution_does_not_move_the_memory_back(run: Run) -> None:
    slow = run.gather(UNTIL, execution="slow")
    assert run.tell(UNTIL + DAY, execution="fast") == 0
    assert slow["remember"]
    moved = remember(slow["remember"], UNTIL)
    run.observe(new_finding(1, at=UNTIL + HOUR))
    assert not moved
    assert run.tell(UNTIL + DAY + HOUR) == 0


def test_nothing_new_moves_the_memory_on(run: Run) -> None:
    quiet = run.gather(UNTIL)
    assert (quiet["digest"], quiet["why"]) == (None, "nothing is new")
    assert quiet["remember"]
    asked = run.gather(UNTIL, quiet=True, execution="other")
    assert asked["digest"] is None
    remember(quiet["remember"], UNTIL)
    reported = run.gather(UNTIL + DAY, quiet=True)
    assert reported["digest"]
    assert reported["digest"]["allQuiet"]


def test_without_a_memory_a_digest_tells_one_period_and_says_so(
    run: Run, table: ConditionalTable
) -> None:
    run.observe(new_finding(1, at=UNTIL - HOUR), new_finding(2, at=UNTIL - 2 * DAY))
    table.lost = True
    lost = run.gather(UNTIL)
    assert lost["digest"]
    assert (lost["digest"]["memoryLost"], total(lost)) == ("NOT_READABLE", 1)
    table.lost = False
    assert lost["remember"]
    assert remember(lost["remember"], UNTIL)
    assert run.tell(UNTIL + HOUR) == 0


def test_a_repository_that_moves_goes_on_from_its_own_last_window(run: Run) -> None:
    run.observe(new_finding(1, "team/a", at=UNTIL - HOUR), new_finding(2, "web", at=UNTIL - HOUR))
    assert run.tell(UNTIL) == 2
    run.observe(new_finding(3, "team/a", at=UNTIL + HOUR), new_finding(4, "web", at=UNTIL + HOUR))
    # The repository has an audience of its own now, whose digest comes after the old one's.
    assert run.tell(UNTIL + DAY, audience="a", audiences=TWO) == 1
    run.observe(new_finding(5, "team/a", at=UNTIL + 2 * DAY))
    assert run.tell(UNTIL + 3 * DAY, audience="b", audiences=TWO) == 2
    # And back.
    at = UNTIL + 4 * DAY
    run.observe(new_finding(6, "team/a", at=at), new_finding(7, "web", at=at))
    assert run.tell(UNTIL + 5 * DAY, audience="a", audiences=ONE) == 2


def test_the_answer_has_what_format_message_and_the_filters_need(run: Run) -> None:
    run.observe(new_finding(1, "team/a", at=UNTIL - HOUR))
    result = run.gather(UNTIL, audience="b", audiences=TWO)
    assert result["preferences"] == '{"*": {"language": "ja", "timeZone": "Asia/Tokyo"}}'
    assert result["digest"]
    assert result["digest"]["arns"] == ["arn:aws:ecr:eu-central-1:111122223333:repository/team/*"]


@pytest.mark.parametrize("audience", ["none", None, 7])
def test_an_audience_that_is_gone_is_named(run: Run, audience: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"^audience: given .*; accepted: one of a, b"):
        run.gather(UNTIL, audience=audience, audiences=TWO)


@pytest.mark.parametrize(
    "routes", [["team/a", *(f"app-{n}" for n in range(25))], ["te*", "team/*"], ["*", "team/a"]]
)
def test_every_route_is_listed(run: Run, routes: list[str]) -> None:
    at = UNTIL - HOUR
    run.observe(new_finding(1, "team/a", at=at), new_finding(2, "app-24", at=at))
    audiences = f'{{"a": {{"routes": {routes}, "language": "en", "timeZone": "UTC"}}}}'
    expected = 1 if routes == ["te*", "team/*"] else 2
    assert run.tell(UNTIL, audiences=audiences.replace("'", '"')) == expected


def test_times_are_of_utc(run: Run) -> None:
    result = run.gather(datetime(2026, 2, 2, 8, 0, 0, 999_999, tzinfo=UTC))
    assert result["remember"]
    assert result["remember"]["window"]["until"] == "2026-02-02T08:00:00Z"

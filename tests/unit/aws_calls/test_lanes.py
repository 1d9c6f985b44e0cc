"""lanes: a long and slow listing is read side by side, and no finding is lost by it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.inspector2_double import Denied, ExpiredToken, FaultPlan, Inspector2Double, Throttle
from scan_brief.aws import lanes, listing
from scan_brief.aws.pace import RESERVE_SECONDS
from scan_brief.scan.errors import InspectorRefused, InspectorThrottled
from tests.unit.aws_calls.fault_cases import answer
from tests.unit.aws_calls.reading import FakeTime, make_findings, make_reader, read_arns
from tests.unit.builders import make_counts, make_finding, make_request

Connect = Callable[..., Any]
Criteria = dict[str, list[dict[str, str]]]
Page = dict[str, Any]
MIX = (*["MEDIUM"] * 12, *["LOW"] * 4, "HIGH", "CRITICAL", "INFORMATIONAL", "A_NEW_SEVERITY")
EMPTY: Page = {"findings": []}


class Watched:
    """A client whose calls are counted and, by their filters, changed.

    most: calls at the same time. change: gets the filters and a function that makes the call.
    """

    def __init__(
        self, client: Any, change: Callable[[Criteria, Callable[[], Page]], Page] | None = None
    ) -> None:
        self.started = self.open = self.most = 0
        self.criteria: list[Criteria] = []
        self._client = client
        self._change = change or (lambda _, call: call())
        self._lock = threading.Lock()

    def list_findings(self, **given: Any) -> Page:
        with self._lock:
            self.started += 1
            self.open += 1
            self.most = max(self.most, self.open)
            self.criteria.append(given["filterCriteria"])
        try:
            return self._change(
                given["filterCriteria"], lambda: dict(self._client.list_findings(**given))
            )
        finally:
            with self._lock:
                self.open -= 1

    def filtered(self, name: str) -> list[tuple[str, ...]]:
        """The values of a filter in each call that has it."""
        return [
            tuple(entry["value"] for entry in criteria[name])
            for criteria in self.criteria
            if name in criteria
        ]


def values(criteria: Criteria, name: str) -> list[str]:
    return [entry["value"] for entry in criteria.get(name, [])]


@pytest.fixture(autouse=True)
def _small_and_slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A listing is long after a page of 10, and always slow. No test leaves a thread behind."""
    monkeypatch.setattr(lanes, "_PAGES_BEFORE_DIVISION", 1)
    monkeypatch.setattr(lanes, "_SLOW_SECONDS", -1.0)
    monkeypatch.setattr(listing, "_PAGE_SIZE", 10)
    yield
    assert not [thread for thread in threading.enumerate() if "_work" in thread.name]


@pytest.fixture
def arns(double: Inspector2Double) -> list[str]:
    double.findings = make_findings(300, *MIX)
    return sorted(finding["findingArn"] for finding in double.findings)


@pytest.fixture
def watch(connect: Connect) -> Callable[..., Watched]:
    return lambda change=None: Watched(connect(), change)


def test_every_finding_is_read_by_severity_and_by_digit(
    watch: Callable[..., Watched], arns: list[str]
) -> None:
    client = watch()
    assert sorted(set(read_arns(make_reader(client)))) == arns
    severities = client.filtered("severity")
    assert {names for names in severities if len(names) == 1} == {
        *(("CRITICAL",), ("HIGH",), ("MEDIUM",), ("LOW",), ("INFORMATIONAL",), ("UNTRIAGED",))
    }
    assert {len(names) for names in severities} == {1, 6}  # the others: none of the six
    digits = {value[-1] for prefixes in client.filtered("findingArn") for value in prefixes}
    assert digits == set("0123456789abcdef")


def test_four_calls_are_made_at_the_same_time(
    watch: Callable[..., Watched], arns: list[str]
) -> None:
    first, meeting = ["CRITICAL", "HIGH", "MEDIUM", "LOW"], threading.Barrier(4, timeout=60)

    def meet(criteria: Criteria, call: Callable[[], Page]) -> Page:
        for severity in set(first).intersection(values(criteria, "severity")[:1]):
            first.remove(severity)
            meeting.wait()
        return call()

    client = watch(meet)
    assert sorted(set(read_arns(make_reader(client)))) == arns
    assert (first, client.most) == ([], 4)


def test_findings_of_one_severity_are_read_side_by_side_too(
    watch: Callable[..., Watched], double: Inspector2Double
) -> None:
    double.findings = make_findings(200, "HIGH")
    client = watch()
    arns = sorted(finding["findingArn"] for finding in double.findings)
    assert sorted(set(read_arns(make_reader(client)))) == arns
    assert len(set(client.filtered("findingArn"))) == 4


@pytest.mark.parametrize(
    ("constant", "value", "faults"),
    [
        ("_SLOW_SECONDS", 1000.0, []),
        ("_PAGES_BEFORE_DIVISION", 30, []),
        ("_LANES", 4, [Throttle(calls=[1])]),
    ],
    ids=["fast", "short", "throttled"],
)
def test_not_every_listing_is_divided(
    watch: Callable[..., Watched],
    arns: list[str],
    double: Inspector2Double,
    monkeypatch: pytest.MonkeyPatch,
    *,
    constant: str,
    value: Any,
    faults: list[Throttle],
) -> None:
    monkeypatch.setattr(lanes, constant, value)
    double.plan = FaultPlan(faults)
    client = watch()
    assert sorted(read_arns(make_reader(client))) == arns
    assert client.started == 30 + len(faults)
    assert (client.filtered("severity"), client.most) == ([], 1)


@pytest.mark.parametrize(("total", "undivided"), [(1999, 10), (2000, 3)])
def test_a_listing_that_is_announced_to_be_long_is_divided_sooner(
    watch: Callable[..., Watched],
    arns: list[str],
    monkeypatch: pytest.MonkeyPatch,
    total: int,
    undivided: int,
) -> None:
    monkeypatch.setattr(lanes, "_PAGES_BEFORE_DIVISION", 10)
    client = watch()
    announced = make_counts(TOTAL=total)
    assert sorted(set(read_arns(make_reader(client), announced=announced))) == arns
    whole = [criteria for criteria in client.criteria if "severity" not in criteria]
    assert len(whole) == undivided


def test_a_listing_with_a_finding_without_an_arn_is_not_divided(
    watch: Callable[..., Watched], double: Inspector2Double
) -> None:
    """It could not be recognized when it comes again."""
    double.findings = [make_finding(findingArn=None), *make_findings(40, *MIX)]
    client = watch()
    found = list(make_reader(client).list_findings(make_request(), "ACTIVE"))
    assert (len(found), client.filtered("severity")) == (41, [])


def test_odd_arns_are_not_divided_by_digit(
    watch: Callable[..., Watched], double: Inspector2Double
) -> None:
    odd = [make_finding(number, findingArn=f"arn:odd:{number:02}") for number in range(40)]
    double.findings = odd
    client = watch()
    arns = [finding["findingArn"] for finding in odd]
    assert sorted(set(read_arns(make_reader(client)))) == arns
    assert client.filtered("severity")
    assert client.filtered("findingArn") == []


def refuse(_: Callable[[], Page]) -> Page:
    raise answer("ValidationException", message="filterCriteria: not supported")


@pytest.mark.parametrize("name", ["severity", "findingArn"])
@pytest.mark.parametrize("values_of", ["each part", "one part"])
@pytest.mark.parametrize("change", [lambda _: EMPTY, refuse], ids=["nothing", "refused"])
def test_nothing_is_lost_if_inspector_does_not_filter_as_expected(
    watch: Callable[..., Watched],
    arns: list[str],
    name: str,
    values_of: str,
    change: Callable[[Callable[[], Page]], Page],
) -> None:
    def misread(criteria: Criteria, call: Callable[[], Page]) -> Page:
        found = values(criteria, name)
        affected = found if values_of == "each part" else {"MEDIUM"} & {*found}
        affected = affected or [value for value in found if value.endswith("finding/0")]
        return change(call) if affected else call()

    assert sorted(set(read_arns(make_reader(watch(misread))))) == arns


def test_a_refused_part_is_read_even_if_nothing_of_it_was_seen(
    watch: Callable[..., Watched], double: Inspector2Double
) -> None:
    """The findings of a new severity are last, behind the pages that were read undivided."""
    double.findings = make_findings(40, "HIGH")
    late = make_finding(
        1, severity="NEW", findingArn=double.findings[0]["findingArn"][:-32] + "f" * 32
    )
    double.findings = [*double.findings, late]

    def misread(criteria: Criteria, call: Callable[[], Page]) -> Page:
        return refuse(call) if len(values(criteria, "severity")) > 1 else call()

    arns = sorted(finding["findingArn"] for finding in double.findings)
    assert sorted(set(read_arns(make_reader(watch(misread))))) == arns


def test_a_lane_that_loses_its_token_begins_again(
    watch: Callable[..., Watched], arns: list[str], double: Inspector2Double
) -> None:
    double.plan = FaultPlan([ExpiredToken(calls=[12, 15])])
    assert sorted(set(read_arns(make_reader(watch())))) == arns


def test_under_throttling_one_call_at_a_time_is_made(
    watch: Callable[..., Watched], arns: list[str], double: Inspector2Double
) -> None:
    """Those that are on their way come to their end."""
    most: list[int] = []

    def note(_: Criteria, call: Callable[[], Page]) -> Page:
        if client.started >= 20:
            most.append(client.open)
        return call()

    double.plan = FaultPlan([Throttle(calls=[8], retry_after=5)])
    client, clock = watch(note), FakeTime()
    assert sorted(set(read_arns(make_reader(client, clock)))) == arns
    assert (set(most), client.most <= 4) == ({1}, True)
    assert 5 <= clock.now <= 6


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Throttle(calls=range(8, 1000)), InspectorThrottled),
        (Denied(calls=range(8, 1000)), InspectorRefused),
    ],
)
def test_the_error_of_a_lane_reaches_the_caller(
    watch: Callable[..., Watched], arns: list[str], double: Inspector2Double, fault: Any, error: Any
) -> None:
    double.plan = FaultPlan([fault])
    with pytest.raises(error, match=r"^list_findings: "):
        read_arns(make_reader(watch()))


def test_a_caller_that_stops_leaves_no_thread_and_can_read_again(
    watch: Callable[..., Watched], arns: list[str]
) -> None:
    reader = make_reader(watch())
    listed = reader.list_findings(make_request(), "ACTIVE")
    for _ in range(25):
        next(listed)
    assert [thread for thread in threading.enumerate() if "_work" in thread.name]
    listed.close()  # type: ignore[attr-defined]
    assert sorted(set(read_arns(reader))) == arns
    assert reader.complete


def test_lanes_read_few_pages_ahead(watch: Callable[..., Watched], arns: list[str]) -> None:
    """The memory does not grow with the number of findings."""
    client = watch()
    listed = make_reader(client).list_findings(make_request(), "ACTIVE")
    for _ in range(11):
        next(listed)
    # The undivided page, the one taken here, two in hand, and one that each lane holds.
    most, deadline = 1 + 1 + 2 + 4, time.monotonic() + 60
    while client.started < most or client.open:
        assert time.monotonic() < deadline, (client.started, client.open)
    assert client.started == most
    assert len({*(finding["findingArn"] for finding in listed)}) >= len(arns) - 11


def test_what_the_lanes_read_is_kept_when_the_time_runs_out(
    watch: Callable[..., Watched], arns: list[str]
) -> None:
    def pass_time(_: Criteria, call: Callable[[], Page]) -> Page:
        clock.now += 10
        return call()

    clock = FakeTime(RESERVE_SECONDS + 175)
    client = watch(pass_time)
    reader = make_reader(client, clock)
    found = set(read_arns(reader))
    assert found < set(arns)
    assert 16 <= client.started <= 21
    assert len(found) >= 50
    assert not reader.complete

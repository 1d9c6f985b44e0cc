"""Faults of Inspector: what is tried again, from where, how often and after how long."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from local.inspector2_double import (
    SPOILED,
    Denied,
    ExpiredToken,
    FaultPlan,
    Hang,
    Inspector2Double,
    InvalidFilter,
    RepeatedToken,
    Reset,
    ServerError,
    Slow,
    Spoiled,
    Throttle,
    Truncated,
)
from local.inspector2_double.faults import Fault
from scan_brief.aws.inspector import Reader
from scan_brief.aws.pace import RESERVE_SECONDS, Pace
from scan_brief.scan.errors import InspectorRefused, InspectorThrottled, InspectorUnavailable
from tests.unit.aws_calls.reading import FakeTime, make_findings, make_reader, read_arns
from tests.unit.builders import DIGEST, make_finding, make_request

Connect = Callable[..., Any]
MakeFault = Callable[..., Fault]

# A fault of one page, which is asked for again, and what the error says if every try has it.
SAME_PAGE: dict[str, tuple[MakeFault, str]] = {
    **{
        how: (lambda how=how, **given: Spoiled(how=how, **given), "the answer is not readable")
        for how in SPOILED
    },
    "throttled": (Throttle, "AWS throttles or is unavailable: ThrottlingException"),
    "server error": (ServerError, "AWS throttles or is unavailable: InternalServerException"),
    "reset": (Reset, "no answer from AWS: "),
    "truncated": (Truncated, "no answer from AWS: "),
    "no answer": (Hang, "no answer from AWS: "),
    "slow": (lambda **given: Slow(seconds=30, **given), "no answer from AWS: "),
}
LOST_TOKEN: dict[str, tuple[MakeFault, str]] = {
    "expired": (ExpiredToken, "ValidationException: nextToken: has expired"),
    "twice": (RepeatedToken, "a page's token came twice"),
}
LASTING: dict[str, tuple[MakeFault, str]] = {
    "denied": (Denied, "AccessDeniedException"),
    "invalid": (InvalidFilter, "ValidationException: filterCriteria"),
}


# Of every other fault, the time that a busy machine takes must not make another one.
SHORT_TIMEOUT = {name: {"read_timeout": 1.0} for name in ("no answer", "slow")}


@pytest.fixture
def findings(double: Inspector2Double) -> list[str]:
    """The ARNs of three pages of findings."""
    double.findings = make_findings(250)
    return sorted(finding["findingArn"] for finding in double.findings)


@pytest.mark.parametrize("name", SAME_PAGE)
def test_a_page_that_fails_is_read_again(
    connect: Connect, double: Inspector2Double, findings: list[str], name: str
) -> None:
    make, _ = SAME_PAGE[name]
    client = connect(**SHORT_TIMEOUT.get(name, {}))
    for call in (1, 2, 3):
        double.plan = FaultPlan([make(calls=[call])])
        assert sorted(read_arns(make_reader(client))) == findings
        tokens = [body.get("nextToken") for _, body in double.calls]
        assert len(tokens) == 4
        assert tokens[call - 1] == tokens[call]


@pytest.mark.parametrize("name", LOST_TOKEN)
def test_after_the_loss_of_a_token_the_listing_begins_again(
    connect: Connect, double: Inspector2Double, findings: list[str], name: str
) -> None:
    make, _ = LOST_TOKEN[name]
    double.plan = FaultPlan([make(calls=[2])])
    listed = read_arns(make_reader(connect()))
    assert sorted(set(listed)) == findings
    starts = ["nextToken" not in body for _, body in double.calls]
    assert (starts.count(True), len(starts)) == (2, 5)


@pytest.mark.parametrize("name", [*SAME_PAGE, *LOST_TOKEN])
def test_what_may_pass_ends_as_unavailable_after_a_bounded_number_of_tries(
    connect: Connect, double: Inspector2Double, findings: list[str], name: str
) -> None:
    make, said = {**SAME_PAGE, **LOST_TOKEN}[name]
    double.plan = FaultPlan([make()])
    with pytest.raises(InspectorUnavailable, match=f"^list_findings: {said}") as caught:
        read_arns(make_reader(connect(**SHORT_TIMEOUT.get(name, {}))))
    expected = InspectorThrottled if name == "throttled" else InspectorUnavailable
    assert type(caught.value) is expected  # the state machine knows the name
    assert len(double.calls) == (3 if name in SAME_PAGE else 6)


@pytest.mark.parametrize("name", LASTING)
@pytest.mark.parametrize("call", [1, 2])
def test_what_lasts_is_not_tried_again(
    connect: Connect, double: Inspector2Double, findings: list[str], name: str, call: int
) -> None:
    make, said = LASTING[name]
    double.plan = FaultPlan([make(calls=[call])])
    with pytest.raises(InspectorRefused, match=f"^list_findings: {said}") as caught:
        read_arns(make_reader(connect()))
    assert type(caught.value) is InspectorRefused
    assert len(double.calls) == call


@pytest.mark.parametrize("name", SAME_PAGE)
def test_coverage_is_read_again_too(connect: Connect, double: Inspector2Double, name: str) -> None:
    double.findings = [make_finding()]
    make, said = SAME_PAGE[name]
    request = make_request(by_hand=True, digest=DIGEST)
    client = connect(**SHORT_TIMEOUT.get(name, {}))
    double.plan = FaultPlan([make(calls=[1], operation="ListCoverage")])
    assert len(make_reader(client).list_coverage(request)) == 1
    double.plan = FaultPlan([make(operation="ListCoverage")])
    with pytest.raises(InspectorUnavailable, match=f"^list_coverage: {said}"):
        make_reader(client).list_coverage(request)


def test_an_image_that_coverage_lists_twice_is_one(
    connect: Connect, double: Inspector2Double
) -> None:
    double.findings = [make_finding()]
    double.coverage = [dict(double.coverage[0]) for _ in range(150)]
    double.plan = FaultPlan([ExpiredToken(calls=[2], operation="ListCoverage")])
    covered = make_reader(connect()).list_coverage(make_request(by_hand=True, digest=DIGEST))
    assert [image["resourceId"] for image in covered] == [double.coverage[0]["resourceId"]]


@pytest.mark.parametrize("fault", [Throttle, ServerError])
def test_a_call_is_never_made_sooner_than_inspector_asks(
    connect: Connect, double: Inspector2Double, findings: list[str], fault: MakeFault
) -> None:
    double.plan = FaultPlan([fault(calls=[2], retry_after=7), fault(calls=[3], retry_after=60)])
    time = FakeTime()
    assert sorted(read_arns(make_reader(connect(), time, jitter=0))) == findings
    assert time.slept == [7, 60]


def test_a_pause_is_real_time(connect: Connect, double: Inspector2Double) -> None:
    double.plan = FaultPlan([Throttle(calls=[1], retry_after=1)])
    began = time.monotonic()
    reader = Reader(connect(), Pace(lambda: 900.0, jitter=lambda: 0.0))
    assert read_arns(reader) == []
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("retry_after", [1000, 10**12])
@pytest.mark.parametrize("call", [1, 2])
def test_inspector_is_unavailable_if_it_asks_for_more_time_than_is_left(
    connect: Connect, double: Inspector2Double, findings: list[str], retry_after: int, call: int
) -> None:
    double.plan = FaultPlan([Throttle(calls=[call], retry_after=retry_after)])
    time = FakeTime()
    with pytest.raises(InspectorThrottled, match="ThrottlingException"):
        read_arns(make_reader(connect(), time))
    assert (len(double.calls), time.slept) == (call, [])


def test_pauses_grow_have_jitter_and_a_limit(connect: Connect, double: Inspector2Double) -> None:
    double.findings = make_findings(250)
    double.plan = FaultPlan([ServerError(calls=range(2, 50))])
    for jitter in (1.0, 0.5):
        time = FakeTime()
        with pytest.raises(InspectorUnavailable):
            read_arns(make_reader(connect(), time, jitter))
        assert time.slept == [jitter * most for most in (0.5, 1, 2, 4, 8, 16, *[20] * 5)]
        double.plan = FaultPlan(double.plan.faults)


@pytest.mark.parametrize("left", [RESERVE_SECONDS + 59, 400.0])
def test_what_was_read_is_kept_if_a_pause_would_use_up_the_time(
    connect: Connect, double: Inspector2Double, findings: list[str], left: float
) -> None:
    """A new start, after most of the time is used, would get no further."""
    time = FakeTime()
    reader = make_reader(connect(), time)
    double.plan = FaultPlan([Throttle(calls=[2], retry_after=int(left))])
    listed = reader.list_findings(make_request(), "ACTIVE")
    next(listed)
    time.now = 900 - left
    assert (len(list(listed)), reader.complete) == (99, False)
    assert (len(double.calls), time.slept) == (2, [])


def test_no_page_is_asked_for_when_little_time_is_left(
    connect: Connect, double: Inspector2Double, findings: list[str]
) -> None:
    time = FakeTime()
    reader = make_reader(connect(), time)
    listed = reader.list_findings(make_request(), "ACTIVE")
    next(listed)
    time.now = 900 - RESERVE_SECONDS + 1
    assert (len(list(listed)), reader.complete) == (99, False)
    assert list(reader.list_findings(make_request(), "SUPPRESSED")) == []
    with pytest.raises(InspectorUnavailable, match=r"^list_coverage: the function's time"):
        reader.list_coverage(make_request(by_hand=True, digest=DIGEST))
    assert len(double.calls) == 1

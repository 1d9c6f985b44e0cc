"""The fault plan of the double, and its life as a server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError

from local.inspector2_double import (
    AppearAt,
    Denied,
    FaultPlan,
    Hang,
    Held,
    Inspector2Double,
    ServerError,
    Slow,
    Throttle,
)

Make = Callable[..., dict[str, Any]]


def outcome(call: Callable[[], Any]) -> str:
    try:
        return str(len(call()["findings"]))
    except ClientError as error:
        return str(error.response["Error"]["Code"])


def test_faults_apply_to_the_planned_calls(
    double: Inspector2Double, client: Any, make_finding: Make
) -> None:
    double.findings = [make_finding(1)]
    double.plan = FaultPlan((Throttle(calls=range(1, 3)), ServerError(calls=[4])))
    outcomes = [outcome(client.list_findings) for _ in range(5)]
    assert outcomes == [
        "ThrottlingException",
        "ThrottlingException",
        "1",
        "InternalServerException",
        "1",
    ]


@pytest.mark.parametrize(
    ("fault", "status"), [(Throttle(retry_after=2), 429), (ServerError(retry_after=2), 500)]
)
def test_retry_after_is_a_header(
    double: Inspector2Double, client: Any, fault: Throttle, status: int
) -> None:
    double.plan = FaultPlan((fault,))
    with pytest.raises(ClientError) as caught:
        client.list_findings()
    assert caught.value.response["retryAfterSeconds"] == 2
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    double.plan = FaultPlan((Throttle(),))
    with pytest.raises(ClientError) as caught:
        client.list_findings()
    assert "retry-after" not in caught.value.response["ResponseMetadata"]["HTTPHeaders"]


def test_the_exceptions_are_the_clients_own(double: Inspector2Double, client: Any) -> None:
    double.plan = FaultPlan((Throttle(calls=[1]), ServerError(calls=[2])))
    with pytest.raises(client.exceptions.ThrottlingException):
        client.list_findings()
    with pytest.raises(client.exceptions.InternalServerException):
        client.list_findings()
    double.plan = FaultPlan((Denied(operation="BatchGetFindingDetails"),))
    with pytest.raises(
        client.exceptions.AccessDeniedException, match="inspector2:BatchGetFindingDetails"
    ):
        client.batch_get_finding_details(
            findingArns=["arn:aws:inspector2:us-east-1:111122223333:finding/" + "0" * 32]
        )


def test_a_fault_applies_to_one_operation_only(double: Inspector2Double, client: Any) -> None:
    double.plan = FaultPlan((Denied(), Throttle(operation="ListCoverage", calls=[2])))
    assert client.list_coverage()["coveredResources"] == []
    assert outcome(client.list_findings) == "AccessDeniedException"
    assert outcome(client.list_coverage) == "ThrottlingException"


def test_a_new_plan_counts_from_the_start(double: Inspector2Double, client: Any) -> None:
    double.plan = FaultPlan((ServerError(calls=[1]),))
    assert [outcome(client.list_findings) for _ in range(2)] == ["InternalServerException", "0"]
    double.plan = FaultPlan((ServerError(calls=[1]),))
    assert double.calls == []
    assert outcome(client.list_findings) == "InternalServerException"
    assert double.calls == [("ListFindings", {})]


def test_findings_appear_at_the_planned_listing(
    double: Inspector2Double, client: Any, make_finding: Make
) -> None:
    double.findings = [make_finding(number) for number in range(150)]
    double.plan = FaultPlan((AppearAt(call=3, before=120),))
    pages = client.get_paginator("list_findings").paginate
    totals = [sum(len(page["findings"]) for page in pages()) for _ in range(4)]
    assert totals == [120, 120, 150, 150]


def test_before_that_listing_the_response_is_empty(
    double: Inspector2Double, client: Any, make_finding: Make
) -> None:
    double.findings = [make_finding(1)]
    double.plan = FaultPlan((AppearAt(call=2), AppearAt(call=3, operation="ListCoverage")))
    assert [outcome(client.list_findings) for _ in range(2)] == ["0", "1"]
    assert [len(client.list_coverage()["coveredResources"]) for _ in range(3)] == [0, 0, 1]


def test_a_slow_call_is_answered_after_its_delay(double: Inspector2Double, client: Any) -> None:
    double.plan = FaultPlan((Slow(calls=[2], seconds=0.3), Denied(calls=[3])))
    client.list_findings()
    began = time.monotonic()
    client.list_findings()
    assert time.monotonic() - began >= 0.3


def test_a_held_call_is_answered_when_its_event_is_set(
    double: Inspector2Double, client: Any
) -> None:
    let_go = threading.Event()
    double.plan = FaultPlan((Held(until=let_go),))
    with ThreadPoolExecutor(1) as pool:
        response = pool.submit(client.list_findings)
        wait_for(lambda: len(double.calls) == 1, lambda: double.calls)
        assert not response.done()
        let_go.set()
        assert response.result(timeout=60)["findings"] == []


@pytest.mark.parametrize("fault", [Hang(), Slow(seconds=300), Held(until=threading.Event())])
def test_closing_ends_waiting_calls(
    fault: Hang | Slow | Held, double: Inspector2Double, client: Any
) -> None:
    double.plan = FaultPlan((fault,))
    with ThreadPoolExecutor(1) as pool:
        response = pool.submit(client.list_findings)
        wait_for(lambda: len(double.calls) == 1, lambda: double.calls)
        assert not response.done()
        double.close()
        ended = response.exception(timeout=60)
    assert isinstance(ended, ConnectionClosedError) if isinstance(fault, Hang) else ended is None


def test_a_closed_double_leaves_no_thread_and_no_port(
    double: Inspector2Double, client: Any
) -> None:
    others = list_answering_threads()  # of servers that another test's fixture keeps
    double.plan = FaultPlan((Hang(calls=[2]),))
    client.list_findings()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.list_findings)
        wait_for(lambda: len(double.calls) == 2, lambda: double.calls)
        assert list_answering_threads() - others, "the name of these threads has changed"
        double.close()
        double.close()
        assert waiting.exception(timeout=60)
    with pytest.raises(EndpointConnectionError):
        client.list_findings()
    wait_for(
        lambda: not list_answering_threads() - others, lambda: list_answering_threads() - others
    )
    with pytest.raises(RuntimeError, match="make another"):
        double.start()


def test_there_is_no_address_before_the_start() -> None:
    with pytest.raises(RuntimeError, match="not started"):
        _ = Inspector2Double().endpoint_url


def test_many_clients_at_once_are_counted_once_each(
    double: Inspector2Double, client: Any, make_finding: Make
) -> None:
    double.findings = [make_finding(number) for number in range(300)]
    double.plan = FaultPlan((Throttle(calls=range(1, 11)),))
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: outcome(client.list_findings), range(40)))
    assert sorted(outcomes) == ["100"] * 30 + ["ThrottlingException"] * 10
    assert len(double.calls) == 40


def test_a_plan_from_json() -> None:
    entries = [
        {"fault": "Throttle", "calls": [1, 2], "retry_after": 2},
        {"fault": "Denied", "operation": "ListCoverage"},
        {"fault": "Slow", "calls": [1], "seconds": 0.2},
        {"fault": "AppearAt", "call": 3},
    ]
    expected = (
        Throttle(calls=[1, 2], retry_after=2),
        Denied(operation="ListCoverage"),
        Slow(calls=[1], seconds=0.2),
        AppearAt(call=3),
    )
    assert FaultPlan.from_json(entries) == FaultPlan(expected)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (
            {"fault": "Throtle"},
            "fault 0: unknown fault 'Throtle'; known: Throttle, ServerError, Denied",
        ),
        ({"calls": [1]}, "unknown fault None"),
        ("Throttle", "unknown fault None"),
        (
            {"fault": "Throttle", "seconds": 1},
            "fault 0: Throttle: .*unexpected keyword argument 'seconds'",
        ),
        ({"fault": "Throttle", "retry_after": "2"}, "retry_after is whole seconds"),
        ({"fault": "Slow"}, "missing .* 'seconds'"),
        ({"fault": "Slow", "seconds": -1}, "seconds is a number from 0"),
        ({"fault": "Denied", "calls": [0]}, "calls are numbers from 1"),
        (
            {"fault": "Denied", "operation": "DeleteEverything"},
            "unknown operation 'DeleteEverything'",
        ),
        (
            {"fault": "AppearAt", "call": 2, "operation": "BatchGetFindingDetails"},
            "for an operation that lists",
        ),
        ({"fault": "AppearAt", "call": 0}, "call >= 1"),
    ],
)
def test_an_invalid_plan_is_refused_with_the_reason(entry: object, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        FaultPlan.from_json([entry])


def test_a_plan_is_a_list() -> None:
    with pytest.raises(TypeError, match="a list of objects, given dict"):
        FaultPlan.from_json({"fault": "Hang"})


def list_answering_threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if "process_request" in thread.name}


def wait_for(happened: Callable[[], bool], look: Callable[[], object]) -> None:
    # The condition itself is asked again and again; an event that nobody sets only spaces the
    # askings out.
    deadline, pause = time.monotonic() + 60, threading.Event()
    while not happened():
        assert time.monotonic() < deadline, f"not in 60 s; seen last: {look()}"
        pause.wait(0.005)

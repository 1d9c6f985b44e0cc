"""A burst of 10,000 scans under AWS's quotas: no scan loses its details, and how long it takes.

Decision 0029 has the figures.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from scan_brief.aws.pace import Pace
from tests.project import PROJECT_ROOT
from tests.simulation.burst import (
    NO_CONCURRENCY,
    THROTTLED,
    UNAVAILABLE,
    Account,
    Bucket,
    longest_page_pause,
    read_retriers,
    simulate,
)
from tests.workflow.retry_contracts import list_delays

SCANS, PAGES = 10_000, 3
LEAST_SECONDS = SCANS * PAGES / Account.calls_rate
DECISION = PROJECT_ROOT / "docs/decisions/0029-a-burst-is-waited-for.md"
# What 10 calls a second can mean, and what else may differ between accounts.
DEFAULT = {
    "a second's calls at once": Account(),
    "a call each tenth of a second": Account(calls_burst=1),
    "10 functions at once": Account(concurrency=10),
}
RESERVED = {"5": Account(reserved=5), "20": Account(reserved=20)}
OUTAGE = {refusal: Account(outage=600, refusal=refusal) for refusal in (THROTTLED, UNAVAILABLE)}


@cache
def measure(account: Account) -> float:
    """How often the least possible time. Every scan has its details, or the test fails."""
    result = simulate(SCANS, PAGES, account)
    assert (len(result.ended), result.fallbacks, result.undelivered) == (SCANS, 0, 0)
    return result.seconds / LEAST_SECONDS


@pytest.mark.parametrize("name", DEFAULT)
def test_a_burst_is_drained_with_the_default_settings(name: str) -> None:
    assert measure(DEFAULT[name]) <= 2.3


@pytest.mark.parametrize("name", RESERVED)
def test_a_burst_is_drained_in_nearly_the_least_time_with_fetch_concurrency(name: str) -> None:
    assert measure(RESERVED[name]) <= 1.2


@pytest.mark.parametrize("refusal", OUTAGE)
def test_ten_minutes_without_inspector_cost_no_details(refusal: str) -> None:
    assert 1.2 <= measure(OUTAGE[refusal]) <= 2.3


def without(error: str, like: str) -> list[dict[str, Any]]:
    """The retriers, with this error in the retrier of another one."""
    retriers = [
        {**retrier, "ErrorEquals": [name for name in retrier["ErrorEquals"] if name != error]}
        for retrier in read_retriers()
    ]
    next(retrier for retrier in retriers if like in retrier["ErrorEquals"])["ErrorEquals"].append(
        error
    )
    return retriers


def test_without_its_own_retrier_many_scans_would_lose_their_details() -> None:
    for error, account in (
        (THROTTLED, Account()),
        (NO_CONCURRENCY, Account(reserved=5)),
        (NO_CONCURRENCY, Account(concurrency=10)),
    ):
        result = simulate(SCANS, PAGES, account, retriers=without(error, UNAVAILABLE))
        assert result.fallbacks > SCANS / 4


def test_the_simulation_obeys_its_quotas() -> None:
    """A few scans in an empty account take no longer than their calls; many, the rate's time."""
    few = simulate(3, PAGES, Account())
    assert few.seconds == pytest.approx(0.2 + PAGES * 0.3)
    assert (few.calls, few.throttles) == (3 * PAGES, 0)
    many = simulate(1_000, PAGES, Account(calls_burst=10))
    assert many.seconds >= (1_000 * PAGES - 10) / 10
    assert 1_000 * PAGES <= many.calls - many.throttles <= 10 + many.seconds * 10
    one = simulate(50, PAGES, Account(reserved=1, calls_rate=1_000, calls_burst=1_000))
    assert one.seconds >= 50 * (0.2 + PAGES * 0.3)
    assert simulate(9, 1, Account(start_rate=0.00001, start_burst=4)).undelivered == 5
    bucket = Bucket(rate=10, burst=2)
    taken = [bucket.take(now) for now in (0, 0, 0, 0.05, 0.1, 0.1)]
    assert taken == [True, True, False, False, True, False]
    assert simulate(99, 1, Account(), seed=5) == simulate(99, 1, Account(), seed=5)


@pytest.mark.parametrize("tried", range(1, 20))
def test_the_pauses_between_two_calls_are_those_of_the_function(tried: int) -> None:
    slept: list[float] = []
    pace = Pace(lambda: 900.0, clock=lambda: sum(slept), sleep=slept.append, jitter=lambda: 1)
    assert pace.back_off(tried, 0)
    with pace.turn():
        assert sum(slept) == longest_page_pause(tried)


def test_the_decision_has_the_figures() -> None:
    text = " ".join(DECISION.read_text("utf-8").split())
    rows = re.findall(r"\| ([^|]+?) \| ([\d.]+) × \|", text)
    shown = {name: float(figure) for name, figure in rows}
    accounts = {
        "default": DEFAULT["a second's calls at once"],
        "default, a call each tenth of a second": DEFAULT["a call each tenth of a second"],
        "default, Lambda concurrency 10": DEFAULT["10 functions at once"],
        "`fetchConcurrency` 5": RESERVED["5"],
        "default, Inspector refuses for 10 minutes": OUTAGE[THROTTLED],
    }
    assert shown.keys() == accounts.keys()
    for name, account in accounts.items():
        assert measure(account) == pytest.approx(shown[name], abs=0.06), name
    for error in (THROTTLED, NO_CONCURRENCY):
        (retrier,) = [each for each in read_retriers() if error in each["ErrorEquals"]]
        hours = sum(list_delays(retrier)) / 3600
        assert f"{retrier['MaxAttempts']} times, after up to" in text
        assert f"{hours:.1f} hours" in text

"""How long a throttling of Inspector, or of Lambda, an execution bears: decision 0021."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from scan_brief_cdk.notifier.definition import load_definition
from tests.workflow.retry_contracts import list_delays

STATES: dict[str, Any] = json.loads(load_definition("brief"))["States"]
DECISION = Path(__file__).resolve().parents[2] / "docs/decisions/0021-retries-bear-ten-minutes.md"
RUNS = 100_000
TEN_MINUTES = 600.0
BEFORE = {"IntervalSeconds": 5, "BackoffRate": 3, "MaxAttempts": 3, "MaxDelaySeconds": 60}


def share_lost(delays: Sequence[float], throttled: float, runs: int = RUNS) -> float:
    """The share of executions whose last retry comes while the service still throttles.

    JitterStrategy FULL: each pause is uniform between 0 and its longest. Every attempt is refused
    at once, which is the worst case.
    """
    rng = random.Random(9)  # noqa: S311 - a simulation, the same in every run
    lost = sum(sum(rng.uniform(0, most) for most in delays) < throttled for _ in range(runs))
    return lost / runs


def retrier_of(state: str, error: str) -> dict[str, Any]:
    retriers: list[dict[str, Any]] = STATES[state]["Retry"]
    return next(retrier for retrier in retriers if error in retrier["ErrorEquals"])


@pytest.mark.parametrize(
    ("state", "error", "hours"),
    [
        ("FetchFindings", "InspectorUnavailable", 1),
        ("FetchFindings", "InspectorThrottled", 11),
        ("FetchFindings", "Lambda.TooManyRequestsException", 5),
        ("FormatMessage", "Lambda.TooManyRequestsException", 5),
        ("FormatMessage", "Lambda.ServiceException", 1),
    ],
)
def test_ten_minutes_of_failures_cost_no_details(state: str, error: str, hours: int) -> None:
    delays = list_delays(retrier_of(state, error))
    assert share_lost(delays, TEN_MINUTES, runs=RUNS if hours == 1 else 10_000) < 1 / 10_000
    # A longer failure is reported: within this time, however the pauses fall.
    assert sum(delays) < hours * 3600


def test_a_short_throttling_is_not_waited_for_long() -> None:
    first, second = list_delays(retrier_of("FetchFindings", "InspectorUnavailable"))[:2]
    assert first + second <= 30


def test_the_simulation_finds_a_budget_that_is_too_small() -> None:
    assert share_lost(list_delays(BEFORE), 30.0) > 0.3
    shorter = {**retrier_of("FetchFindings", "InspectorUnavailable"), "MaxAttempts": 12}
    assert share_lost(list_delays(shorter), TEN_MINUTES) > 1 / 1_000


def test_the_decision_has_the_figures_of_the_definition() -> None:
    retrier = retrier_of("FetchFindings", "InspectorUnavailable")
    delays = list_delays(retrier)
    text = " ".join(DECISION.read_text("utf-8").split())
    assert f"{retrier['MaxAttempts']} times" in text
    assert f"after up to {', '.join(str(int(most)) for most in delays[:5])} and then 240 s" in text
    assert f"at most {sum(delays) / 60:.0f} minutes, {sum(delays) / 120:.0f} on average" in text
    (shown,) = re.findall(r"30 s \| (\d+)%", text)
    assert share_lost(list_delays(BEFORE), 30.0) == pytest.approx(int(shown) / 100, abs=0.01)

"""Evaluates the table with any set of policies and finds the cases that differ from it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from tests.policy.callers import Request, Verdict
from tests.policy.cases import CASES
from tests.policy.sample import Policy
from tests.policy.simulator import Simulator

Change = tuple[Verdict, Verdict]


def evaluate_table(
    simulator: Simulator, policies: Mapping[str, Policy]
) -> dict[str, list[tuple[Request, Verdict]]]:
    """The verdict for each request of each case, in one batch."""
    requests = {
        name: [request for request, _ in case.expectations()] for name, case in CASES.items()
    }
    verdicts = iter(
        simulator.evaluate(policies, [request for case in requests.values() for request in case])
    )
    return {
        name: list(zip(case, islice(verdicts, len(case)), strict=True))
        for name, case in requests.items()
    }


def find_red(simulator: Simulator, policies: Mapping[str, Policy]) -> dict[str, set[Change]]:
    """The cases that these policies turn red, each with its changes: (expected, found)."""
    red: dict[str, set[Change]] = {}
    for name, verdicts in evaluate_table(simulator, policies).items():
        expected = [verdict for _, verdict in CASES[name].expectations()]
        changes = {
            (was, found) for was, (_, found) in zip(expected, verdicts, strict=True) if was != found
        }
        if changes:
            red[name] = changes
    return red

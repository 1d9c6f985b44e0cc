"""The table under any set of policies: what the simulator says, and where that is not what the
table says.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from tests.policy.callers import Request, Verdict
from tests.policy.cases import CASES
from tests.policy.sample import Policy
from tests.policy.simulator import Simulator

Change = tuple[Verdict, Verdict]


def judge_table(
    simulator: Simulator, policies: Mapping[str, Policy]
) -> dict[str, list[tuple[Request, Verdict]]]:
    """The verdict on each request of each case, in one batch."""
    requests = {
        name: [request for request, _ in case.expectations()] for name, case in CASES.items()
    }
    verdicts = iter(
        simulator.evaluate(policies, [one for several in requests.values() for one in several])
    )
    return {
        name: list(zip(several, islice(verdicts, len(several)), strict=True))
        for name, several in requests.items()
    }


def find_red(simulator: Simulator, policies: Mapping[str, Policy]) -> dict[str, set[Change]]:
    """The cases of the table that these policies turn red, each with (expected, found)."""
    red: dict[str, set[Change]] = {}
    for name, judged in judge_table(simulator, policies).items():
        expected = [verdict for _, verdict in CASES[name].expectations()]
        changes = {
            (was, found) for was, (_, found) in zip(expected, judged, strict=True) if was != found
        }
        if changes:
            red[name] = changes
    return red

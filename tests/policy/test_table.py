"""Every case of the table under the policy as it is deployed; and that no exemption could be missing unseen."""

from __future__ import annotations

import pytest

from tests.policy.callers import Request, Verdict
from tests.policy.cases import CASES, GROUPS
from tests.policy.simulator import Simulator
from tests.policy.synthesized import Policy
from tests.policy.verdicts import judge_table


@pytest.fixture(scope="module")
def judged(simulator: Simulator, policies: dict[str, Policy]) -> dict[str, list[tuple[Request, Verdict]]]:
    return judge_table(simulator, policies)


@pytest.mark.parametrize("name", CASES)
def test_a_caller_gets_what_the_table_says(judged: dict[str, list[tuple[Request, Verdict]]], name: str) -> None:
    assert {request.action: verdict for request, verdict in judged[name]} == {
        request.action: verdict for request, verdict in CASES[name].expectations()
    }


def test_no_case_stands_in_two_groups() -> None:
    assert len(CASES) == sum(map(len, GROUPS.values()))


def test_each_case_is_of_another_request() -> None:
    seen = [(case.policy, case.caller) for case in CASES.values()]
    assert len(set(seen)) == len(seen)


def test_what_it_denies_is_every_action(simulator: Simulator, policies: dict[str, Policy]) -> None:
    others = ("DeleteRepository", "BatchDeleteImage", "PutLifecyclePolicy", "PutImageTagMutability", "TagResource")
    more = ("DescribeImages", "ListImages", "GetRepositoryPolicy", "StartImageScan", "ReplicateImage")
    caller = CASES["internet-elsewhere"].caller
    requests = [Request("settings", caller, f"ecr:{action}") for action in (*others, *more)]
    assert set(simulator.evaluate(policies, requests)) == {"denied"}


def test_the_simulator_refuses_what_it_does_not_know(policies: dict[str, Policy]) -> None:
    caller = CASES["endpoint-api"].caller
    with Simulator() as other, pytest.raises(RuntimeError, match=r"invalid\.action"):
        other.evaluate(policies, [Request("settings", caller, "ecr:PullImage")])

"""Every case of the table under the policy as it is deployed; and that no exemption could be
missing unseen.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.policy.callers import Caller, Context, Request, Verdict
from tests.policy.cases import CASES, GROUPS
from tests.policy.sample import Policy
from tests.policy.simulator import Simulator
from tests.policy.verdicts import judge_table


@pytest.fixture(scope="module")
def judged(
    simulator: Simulator, policies: dict[str, Policy]
) -> dict[str, list[tuple[Request, Verdict]]]:
    return judge_table(simulator, policies)


@pytest.mark.parametrize("name", CASES)
def test_a_caller_gets_what_the_table_says(
    judged: dict[str, list[tuple[Request, Verdict]]], name: str
) -> None:
    assert {request.action: verdict for request, verdict in judged[name]} == {
        request.action: verdict for request, verdict in CASES[name].expectations()
    }


def test_no_case_stands_in_two_groups() -> None:
    assert len(CASES) == sum(map(len, GROUPS.values()))


def test_each_case_is_of_another_request() -> None:
    seen = [(case.policy, case.caller) for case in CASES.values()]
    assert len(set(seen)) == len(seen)


def test_what_it_denies_is_every_action(simulator: Simulator, policies: dict[str, Policy]) -> None:
    others = (
        "DeleteRepository",
        "BatchDeleteImage",
        "PutLifecyclePolicy",
        "PutImageTagMutability",
        "TagResource",
    )
    more = (
        "DescribeImages",
        "ListImages",
        "GetRepositoryPolicy",
        "StartImageScan",
        "ReplicateImage",
    )
    caller = CASES["internet-elsewhere"].caller
    requests = [Request("settings", caller, f"ecr:{action}") for action in (*others, *more)]
    assert set(simulator.evaluate(policies, requests)) == {"denied"}


def test_the_simulator_refuses_what_it_does_not_know(policies: dict[str, Policy]) -> None:
    caller = CASES["endpoint-api"].caller
    with Simulator() as other, pytest.raises(RuntimeError, match=r"invalid\.action"):
        other.evaluate(policies, [Request("settings", caller, "ecr:PullImage")])


def test_the_simulator_refuses_a_policy_that_it_was_not_given(policies: dict[str, Policy]) -> None:
    request = Request("setting", CASES["endpoint-api"].caller, "ecr:PutImage")
    with Simulator() as other, pytest.raises(RuntimeError, match="no such policy: setting"):
        other.evaluate(policies, [request])


def test_the_simulator_refuses_a_context_key_that_it_would_leave_out(
    policies: dict[str, Policy],
) -> None:
    @dataclass(frozen=True, kw_only=True)
    class Misspelling(Caller):
        def context(self) -> Context:
            return {"aws:SourceVpcEndpoint": "vpce-0123456789abcdef0"}

    caller = Misspelling(principal="arn:aws:iam::111122223333:root", principal_arn=None)
    with Simulator() as other, pytest.raises(RuntimeError, match="aws:SourceVpcEndpoint"):
        other.evaluate(policies, [Request("settings", caller, "ecr:PutImage")])

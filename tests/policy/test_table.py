"""Each case of the table, evaluated with the policy as it is deployed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.policy.callers import Caller, Context, Request, Verdict
from tests.policy.cases import CASES, GROUPS
from tests.policy.sample import Policy
from tests.policy.simulator import Simulator
from tests.policy.verdicts import evaluate_table


@pytest.fixture(scope="module")
def verdicts(
    simulator: Simulator, policies: dict[str, Policy]
) -> dict[str, list[tuple[Request, Verdict]]]:
    return evaluate_table(simulator, policies)


@pytest.mark.parametrize("name", CASES)
def test_each_caller_has_the_tables_verdicts(
    verdicts: dict[str, list[tuple[Request, Verdict]]], name: str
) -> None:
    assert {request.action: verdict for request, verdict in verdicts[name]} == {
        request.action: verdict for request, verdict in CASES[name].expectations()
    }


def test_no_case_is_in_two_groups() -> None:
    assert len(CASES) == sum(map(len, GROUPS.values()))


def test_no_two_cases_have_the_same_request() -> None:
    seen = [(case.policy, case.caller) for case in CASES.values()]
    assert len(set(seen)) == len(seen)


def test_the_policy_denies_every_action(simulator: Simulator, policies: dict[str, Policy]) -> None:
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


@dataclass(frozen=True, kw_only=True)
class Misspelling(Caller):
    def context(self) -> Context:
        return {"aws:SourceVpcEndpoint": "vpce-0123456789abcdef0"}


CALLER = CASES["endpoint-api"].caller
MISSPELT = Misspelling(principal=CALLER.principal, principal_arn=None)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (Request("settings", CALLER, "ecr:PullImage"), r"invalid\.action"),
        (Request("setting", CALLER, "ecr:PutImage"), "no such policy: setting"),
        (Request("settings", MISSPELT, "ecr:PutImage"), "aws:SourceVpcEndpoint"),
    ],
)
def test_the_simulator_refuses_what_it_does_not_know(
    policies: dict[str, Policy], request_: Request, message: str
) -> None:
    with Simulator() as other, pytest.raises(RuntimeError, match=message):
        other.evaluate(policies, [request_])

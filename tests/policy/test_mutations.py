"""A dropped exemption, or an operator with another meaning, turns the table red."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.policy.mutations import (
    drop_exemption,
    list_exemptions,
    replace_element,
    replace_key,
    replace_operator,
)
from tests.policy.sample import Policy
from tests.policy.simulator import Simulator
from tests.policy.verdicts import find_red

STRING, NETWORK, CALLED, ARN = (
    *("StringNotEquals", "NotIpAddress", "ForAllValues:StringNotEquals", "ArnNotEquals"),
)
# With a case that must turn red, which shows that the table fails for the right reason.
OTHER_MEANING = [
    (STRING, "StringEquals", "internet-elsewhere"),
    (STRING, "StringEqualsIfExists", "endpoint-other"),
    (STRING, "StringLike", "internet-elsewhere"),
    (STRING, "ForAnyValue:StringNotEquals", "internet-elsewhere"),
    (STRING, "ForAllValues:StringEquals", "endpoint-other"),
    (STRING, "Null", "internet-elsewhere"),
    (NETWORK, "IpAddress", "internet-elsewhere"),
    (NETWORK, "IpAddressIfExists", "cidr-v4-first"),
    (NETWORK, "ForAnyValue:NotIpAddress", "endpoint-other"),
    (NETWORK, "StringNotEquals", "cidr-v4-first"),
    (CALLED, "StringNotEquals", "service-alone"),
    (CALLED, "StringNotEqualsIfExists", "service-alone"),
    (CALLED, "StringNotLike", "service-alone"),
    (CALLED, "ForAnyValue:StringNotEquals", "internet-elsewhere"),
    (CALLED, "ForAnyValue:StringEquals", "internet-elsewhere"),
    (CALLED, "ForAllValues:StringEquals", "service-alone"),
    (CALLED, "ForAnyValue:StringNotLike", "cloudformation-then-service"),
    (ARN, "ArnEquals", "internet-elsewhere"),
    (ARN, "ArnLike", "break-glass-role"),
    (ARN, "ArnEqualsIfExists", "break-glass-role"),
    (ARN, "ForAnyValue:ArnNotEquals", "lambda"),
    (ARN, "ForAllValues:ArnEquals", "internet-elsewhere"),
]
# These have the same meaning in the simulator and on AWS: no value has a wildcard, a negated
# operator matches anyway if its key is absent, and AWS writes endpoint ids and service names in
# lower case.
SAME_MEANING = [
    (STRING, "StringNotLike"),
    (STRING, "StringNotEqualsIfExists"),
    (STRING, "StringNotEqualsIgnoreCase"),
    (STRING, "ForAllValues:StringNotEquals"),
    (NETWORK, "NotIpAddressIfExists"),
    (CALLED, "ForAllValues:StringNotLike"),
    (CALLED, "ForAllValues:StringNotEqualsIgnoreCase"),
    (ARN, "ArnNotLike"),
    (ARN, "ArnNotEqualsIfExists"),
    (ARN, "StringNotEquals"),
]
OTHER_ELEMENTS: dict[str, tuple[Callable[[Policy], Policy], str]] = {
    "reading only": (
        lambda policy: replace_element(policy, "Action", "ecr:BatchGetImage"),
        "internet-elsewhere",
    ),
    "writing only": (
        lambda policy: replace_element(policy, "Action", "ecr:Put*"),
        "internet-elsewhere",
    ),
    "own account only": (
        lambda policy: replace_element(policy, "Principal", {"AWS": "111122223333"}),
        "other-account-elsewhere",
    ),
    "the session instead of its role": (
        lambda policy: replace_key(policy, "ArnNotEquals", "aws:userid"),
        "break-glass-role",
    ),
    "only the first service of the chain": (
        lambda policy: replace_key(policy, CALLED, "aws:CalledViaFirst"),
        "service-then-cloudformation",
    ),
    "only the last service of the chain": (
        lambda policy: replace_key(policy, CALLED, "aws:CalledViaLast"),
        "cloudformation-then-service",
    ),
}


def change_all(
    policies: dict[str, Policy], change: Callable[[Policy], Policy]
) -> dict[str, Policy]:
    return {name: change(policy) for name, policy in policies.items()}


def test_each_dropped_exemption_denies_a_caller(
    simulator: Simulator, policies: dict[str, Policy]
) -> None:
    exemptions = list(list_exemptions(policies["services-exempt"]))
    assert len(exemptions) == 2 + 2 + 1 + 8
    for exemption in exemptions:
        dropped = change_all(policies, partial(drop_exemption, exemption=exemption))
        red = find_red(simulator, dropped)
        assert red, f"no case needs {exemption}"
        assert all(found == "denied" for changes in red.values() for _, found in changes)


@pytest.mark.parametrize(("old", "new", "case"), OTHER_MEANING)
def test_an_operator_with_another_meaning_turns_the_table_red(
    simulator: Simulator, policies: dict[str, Policy], old: str, new: str, case: str
) -> None:
    red = find_red(
        simulator, change_all(policies, lambda policy: replace_operator(policy, old, new))
    )
    assert case in red


@pytest.mark.parametrize(("old", "new"), SAME_MEANING)
def test_an_operator_with_the_same_meaning_leaves_the_table_green(
    simulator: Simulator, policies: dict[str, Policy], old: str, new: str
) -> None:
    assert (
        find_red(simulator, change_all(policies, lambda policy: replace_operator(policy, old, new)))
        == {}
    )


@pytest.mark.parametrize("name", OTHER_ELEMENTS)
def test_another_element_or_key_turns_the_table_red(
    simulator: Simulator, policies: dict[str, Policy], name: str
) -> None:
    change, case = OTHER_ELEMENTS[name]
    assert case in find_red(simulator, change_all(policies, change))

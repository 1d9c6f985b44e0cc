"""The policy uses only known operators, keys and values. The simulator ignores misspelled ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.policy.mutations import (
    drop_exemption,
    list_exemptions,
    replace_element,
    replace_key,
    replace_operator,
)
from tests.policy.sample import LAMBDAS_OWN_ALLOW, Policy
from tests.policy.vocabulary import CONDITIONS, find_faults

Change = Callable[[Policy], Policy]


@pytest.mark.parametrize("name", ["settings", "services-exempt"])
def test_the_policy_uses_only_known_words(policies: dict[str, Policy], name: str) -> None:
    assert list(find_faults(policies[name])) == []


def put_value(operator: str, value: object) -> Change:
    def change(policy: Policy) -> Policy:
        (key,) = policy["Statement"][0]["Condition"][operator]
        changed = replace_key(policy, operator, key)
        changed["Statement"][0]["Condition"][operator][key] = value
        return changed

    return change


MISSPELT: dict[str, Change] = {
    "an operator": lambda policy: replace_operator(policy, "StringNotEquals", "StringNotEqual"),
    "an operator's case": lambda policy: replace_operator(policy, "NotIpAddress", "NotIPAddress"),
    "a set operator": lambda policy: replace_operator(
        policy, "ForAllValues:StringNotEquals", "ForAllValue:StringNotEquals"
    ),
    "a key": lambda policy: replace_key(policy, "StringNotEquals", "aws:sourceVpc"),
    "another key": lambda policy: replace_key(policy, "ArnNotEquals", "aws:PrincipalARN "),
    "a wildcard": put_value("ArnNotEquals", ["arn:aws:iam::111122223333:role/*"]),
    "a root": put_value("ArnNotEquals", ["arn:aws:iam::111122223333:root"]),
    "an unresolved reference": put_value("ArnNotEquals", [{"Ref": "AWS::AccountId"}]),
    "host bits": put_value("NotIpAddress", ["203.0.113.65/26"]),
    "no network": put_value("NotIpAddress", ["everywhere"]),
    "no endpoint": put_value("StringNotEquals", ["vpc-0123456789abcdef0"]),
    "another service": put_value("ForAllValues:StringNotEquals", ["cloudformation"]),
    "a bare value": put_value("StringNotEquals", "vpce-0123456789abcdef0"),
    "no values": put_value("NotIpAddress", []),
    "a value twice": put_value("NotIpAddress", ["203.0.113.64/26"] * 2),
    "a narrower action": lambda policy: replace_element(policy, "Action", "ecr:BatchGetImage"),
    "a permission": lambda policy: replace_element(policy, "Effect", "Allow"),
    "a single principal": lambda policy: replace_element(
        policy, "Principal", {"AWS": "111122223333"}
    ),
    "a resource, which ECR refuses": lambda policy: replace_element(policy, "Resource", "*"),
    "a second statement": lambda policy: (
        policy | {"Statement": [*policy["Statement"], LAMBDAS_OWN_ALLOW]}
    ),
    "an old version": lambda policy: policy | {"Version": "2008-10-17"},
}


@pytest.mark.parametrize("name", MISSPELT)
def test_an_unknown_word_is_found(policies: dict[str, Policy], name: str) -> None:
    assert list(find_faults(MISSPELT[name](policies["settings"])))


def test_a_missing_line_is_found(policies: dict[str, Policy]) -> None:
    for operator, key in CONDITIONS:
        policy = policies["settings"]
        for exemption in [item for item in list_exemptions(policy) if item[:2] == (operator, key)]:
            policy = drop_exemption(policy, exemption)
        assert list(find_faults(policy)) == [f"missing: {operator} {key}"]

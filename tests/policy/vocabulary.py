"""The words that the policy may use: each condition operator with its key and values. Pure.

The list is explicit, because the simulator accepts misspelled words and ECR misspelled keys.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any


def _is_network(value: str) -> bool:
    try:
        return str(ipaddress.ip_network(value)) == value
    except ValueError:
        return False


def _matching(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value, re.ASCII) is not None


# Operator and key -> the form of a value. Only keys with several values have a set operator.
CONDITIONS: dict[tuple[str, str], Callable[[str], bool]] = {
    ("StringNotEquals", "aws:sourceVpce"): _matching(r"vpce-(?:[0-9a-f]{8}|[0-9a-f]{17})"),
    ("NotIpAddress", "aws:SourceIp"): _is_network,
    ("ForAllValues:StringNotEquals", "aws:CalledVia"): _matching(r"cloudformation\.amazonaws\.com"),
    ("ArnNotEquals", "aws:PrincipalArn"): _matching(
        r"arn:aws:iam::[0-9]{12}:(?:role|user)/[\w+=,.@/-]+"
    ),
}
ELEMENTS = {"Effect": "Deny", "Principal": "*", "Action": "ecr:*"}


def find_faults(policy: dict[str, Any]) -> Iterator[str]:
    """What in the policy is not in this list of words."""
    if policy.keys() != {"Version", "Statement"} or policy["Version"] != "2012-10-17":
        yield f"the policy's own elements: {policy}"
    if len(policy["Statement"]) != 1:
        yield f"{len(policy['Statement'])} statements"
    for statement in policy["Statement"]:
        if {key: statement.get(key) for key in ELEMENTS} != ELEMENTS:
            yield f"the statement's elements: {statement}"
        if statement.keys() != {*ELEMENTS, "Sid", "Condition"}:
            yield f"the statement's keys: {sorted(statement)}"
        yield from _find_condition_faults(statement["Condition"])


def _find_condition_faults(condition: dict[str, Any]) -> Iterator[str]:
    used = [(operator, key) for operator, keys in condition.items() for key in keys]
    yield from (
        f"unknown: {operator} {key}" for operator, key in used if (operator, key) not in CONDITIONS
    )
    yield from (
        f"missing: {operator} {key}" for operator, key in CONDITIONS if (operator, key) not in used
    )
    for operator, key in used:
        values = condition[operator][key]
        if not isinstance(values, list) or not values or len(set(map(str, values))) != len(values):
            yield f"no list of different values: {key} {values}"
        elif (operator, key) in CONDITIONS:
            good = CONDITIONS[operator, key]
            yield from (
                f"bad value: {key} {value}"
                for value in values
                if not isinstance(value, str) or not good(value)
            )

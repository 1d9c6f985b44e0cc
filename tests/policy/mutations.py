"""Changes to a policy: without an exemption, or with another operator or element. Pure."""

from __future__ import annotations

import copy
from collections.abc import Iterator

from tests.policy.sample import Policy

Exemption = tuple[str, str, str]


def list_exemptions(policy: Policy) -> Iterator[Exemption]:
    """Each (operator, key, value) in the denial's condition. Each exempts callers by itself."""
    for operator, keys in policy["Statement"][0]["Condition"].items():
        yield from ((operator, key, value) for key, values in keys.items() for value in values)


def drop_exemption(policy: Policy, exemption: Exemption) -> Policy:
    """Without this exemption, if the policy has it; without its line if no value is left."""
    operator, key, value = exemption
    changed = copy.deepcopy(policy)
    condition = changed["Statement"][0]["Condition"]
    condition[operator][key] = [other for other in condition[operator][key] if other != value]
    if not condition[operator][key]:
        del condition[operator]
    return changed


def replace_operator(policy: Policy, old: str, new: str) -> Policy:
    """With another operator for the same keys and values."""
    changed = copy.deepcopy(policy)
    condition = changed["Statement"][0]["Condition"]
    keys = condition.pop(old)
    condition[new] = condition.get(new, {}) | keys
    return changed


def replace_key(policy: Policy, operator: str, new: str) -> Policy:
    """With another condition key under the operator."""
    changed = copy.deepcopy(policy)
    condition = changed["Statement"][0]["Condition"]
    (values,) = condition[operator].values()
    condition[operator] = {new: values}
    return changed


def replace_element(policy: Policy, element: str, new: object) -> Policy:
    """With another Effect, Principal or Action of the denial."""
    changed = copy.deepcopy(policy)
    changed["Statement"][0][element] = new
    return changed

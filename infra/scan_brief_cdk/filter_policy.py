"""The filter policies of the subscriptions: which briefs an address receives. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from scan_brief_common.routing import list_passing

FilterPolicy = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class BriefFilter:
    """Which briefs of a repository: see routing.passes."""

    minimum: str | None = None
    known_exploited_only: bool = False

    def write(self) -> FilterPolicy:
        """Its keys of a policy."""
        policy: FilterPolicy = {}
        if self.minimum is not None:
            policy["severity"] = list(list_passing(self.minimum))
        if self.known_exploited_only:
            # Fallback briefs, and messages of older definitions, lack the attribute.
            numbers = [{"numeric": ["<", 0]}, {"numeric": [">", 0]}]
            policy["knownExploited"] = [{"exists": False}, *numbers]
        return policy


def write_policy(wanted: Sequence[tuple[object, BriefFilter]]) -> FilterPolicy:
    """wanted: how each repository or prefix is matched, and which of its briefs.

    A key is joined with the others by "and", so different filters need alternatives.
    """
    groups: dict[BriefFilter, list[object]] = {}
    for arn, chosen in wanted:
        groups.setdefault(chosen, []).append(arn)
    parts = [{"repositoryArn": arns, **chosen.write()} for chosen, arns in groups.items()]
    return parts[0] if len(parts) == 1 else {"$or": parts}


def count_combinations(policy: Mapping[str, Any]) -> int:
    """As AWS counts them against limits.FILTER_VALUES; alternatives add up."""
    return prod(
        sum(map(count_combinations, values)) if key == "$or" else len(values)
        for key, values in policy.items()
    )

"""Which briefs pass a route's filter, for subscriptions and for functions. Pure."""

from __future__ import annotations

from typing import Literal, get_args

# From which severity on; the most severe first.
MinimumSeverity = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"]
MINIMUM_SEVERITIES: tuple[str, ...] = get_args(MinimumSeverity)
# What is in doubt may be anything, so it passes: a severity that nobody rated yet, one that the
# code does not know, and a brief that cannot say.
_IN_DOUBT = ("UNTRIAGED", "OTHER", "UNKNOWN")
# The attribute knownExploited of a brief that cannot say that nothing is known to be exploited.
NOT_KNOWN = -1


def list_passing(minimum: str) -> tuple[str, ...]:
    """The values of the attribute severity that pass. minimum: one of MINIMUM_SEVERITIES."""
    return (*MINIMUM_SEVERITIES[: MINIMUM_SEVERITIES.index(minimum) + 1], *_IN_DOUBT)


def passes(
    severity: str, known_exploited: int, *, minimum: str | None, known_exploited_only: bool
) -> bool:
    """Whether a brief with these attributes passes. minimum: None accepts any."""
    if minimum is not None and severity not in list_passing(minimum):
        return False
    return known_exploited != 0 or not known_exploited_only

"""Pure: what to fix first. The only place that knows the order."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import TYPE_CHECKING

from scan_brief.findings.finding import (
    SEVERITY_ORDER,
    arn,
    epss,
    exploit_available,
    fix,
    identifier,
    score,
    severity,
)

if TYPE_CHECKING:
    from scan_brief.model import Finding, Fix

_FIX_ORDER: dict[Fix, int] = {"YES": 0, "PARTIAL": 1, "NO": 2, "UNKNOWN": 3}


def rank(finding: Finding) -> tuple[object, ...]:
    """A sort key, smallest first: severity, exploit, EPSS, score, fix; then id and ARN, so that no
    two findings tie.
    """
    return (
        SEVERITY_ORDER.index(severity(finding)),
        not exploit_available(finding),
        _descending(epss(finding)),
        _descending(score(finding)),
        _FIX_ORDER[fix(finding)],
        identifier(finding),
        arn(finding),
    )


def take_top(findings: Iterable[Finding], count: int) -> list[Finding]:
    """The first `count` findings in order; holds no more than these in memory."""
    return heapq.nsmallest(count, findings, key=rank)


def _descending(value: float | None) -> float:
    """Higher first; without a value, last."""
    return 1.0 if value is None else -value

"""Pure: what to look at first. The only place that knows the order."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import Any

from scan_brief.findings import finding as read
from scan_brief.findings.finding import OTHER_SEVERITY, SEVERITIES, Json

_SEVERITY_ORDER = {name: place for place, name in enumerate((*SEVERITIES, OTHER_SEVERITY))}
_FIX_ORDER = {"YES": 0, "PARTIAL": 1, "NO": 2, "UNKNOWN": 3}


def rank(finding: Json) -> tuple[Any, ...]:
    """A sort key, smallest first: severity, exploit, EPSS, score, fix; then id and ARN, so that no
    two tie.
    """
    return (
        _SEVERITY_ORDER[read.severity(finding)],
        not read.exploit_available(finding),
        _descending(read.epss(finding)),
        _descending(read.score(finding)),
        _FIX_ORDER[read.fix(finding)],
        read.identifier(finding),
        read.arn(finding),
    )


def take_top(findings: Iterable[Json], count: int) -> list[Json]:
    """The `count` findings to look at first, in order; holds no more than these at a time."""
    return heapq.nsmallest(count, findings, key=rank)


def _descending(value: float | None) -> float:
    """Higher first; without a value, last."""
    return 1.0 if value is None else -value

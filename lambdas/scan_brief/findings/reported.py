"""Pure: what a report says. It loads nothing of what makes one, for a short cold start."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scan_brief.findings.agreement import ANNOUNCED, compare, count_announced, count_findings
from scan_brief.findings.finding import SEVERITY_ORDER

if TYPE_CHECKING:
    from scan_brief.model import (
        AnnouncedCounts,
        CountsBySeverity,
        Difference,
        Kind,
        Report,
        Severity,
    )


@dataclass(frozen=True)
class Worst:
    """The highest severity, and how many findings of it are listed and were announced.

    announced is 0 if the event does not announce the severity, or has agreed with the list.
    """

    severity: Severity
    listed: int
    announced: int


def decide_kind(report: Report) -> Kind:
    """CLEAR only for an image that was seen to be clean; UNCONFIRMED if that is in doubt.

    FINDINGS also if findings are only announced, suppressed or ignored.
    """
    announced = report["announced"]
    if report["total"] or count_findings(report["suppressed"]) or count_findings(_ignored(report)):
        return "FINDINGS"
    if announced and count_announced(announced):
        return "FINDINGS"
    return "UNCONFIRMED" if report["unconfirmed"] else "CLEAR"


def list_differences(report: Report) -> list[Difference]:
    """What the event announced next to what Inspector lists, if the two differ."""
    return compare(report["announced"], report["counts"], report["suppressed"], _ignored(report))


def list_counts(counts: CountsBySeverity | None) -> list[tuple[Severity, int]]:
    """Every severity that has a count, the highest first; nothing of None."""
    return [(name, counts[name]) for name in SEVERITY_ORDER if name in counts] if counts else []


def list_announced(announced: AnnouncedCounts | None) -> list[tuple[Severity, int]]:
    """What the event itself announced by severity; it never has LOW and the others."""
    return [(name, announced[name]) for name in ANNOUNCED] if announced else []


def find_worst(report: Report) -> Worst | None:
    """The highest severity listed or, while findings are missing, announced and not ignored."""
    listed = dict(list_counts(report["counts"]))
    ignored = dict(list_counts(_ignored(report)))
    missing = report["settled"] != "YES"
    announced = dict(list_announced(report["announced"] if missing else None))
    for name in SEVERITY_ORDER:
        left = max(0, announced.get(name, 0) - ignored.get(name, 0))
        worst = Worst(name, listed.get(name, 0), left)
        if worst.listed or worst.announced:
            return worst
    return None


def json_size(value: object) -> int:
    """Bytes as JSON with every non-ASCII character escaped: the largest that a runtime writes."""
    return len(json.dumps(value))


def _ignored(report: Report) -> CountsBySeverity | None:
    ignored = report["ignored"]
    return ignored["counts"] if ignored else None

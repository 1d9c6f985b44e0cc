"""Pure: what a report says. It loads nothing of what makes one, for a short cold start."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scan_brief.findings.agreement import (
    ANNOUNCED,
    compare,
    count_announced,
    count_findings,
    list_rows,
)
from scan_brief.findings.finding import SEVERITY_ORDER
from scan_brief_common.routing import NOT_KNOWN

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

    announced is 0 if the event announced no more of the severity than are listed, ignored and
    suppressed, or if nothing is missing.
    """

    severity: Severity
    listed: int
    announced: int


def decide_kind(report: Report) -> Kind:
    """CLEAR only for an image that was seen to be clean; UNCONFIRMED if that is in doubt.

    FINDINGS also if findings are only announced, suppressed or ignored.
    """
    announced = report["announced"]
    if (
        report["total"]
        or count_findings(report["suppressed"])
        or count_findings(ignored_counts(report))
    ):
        return "FINDINGS"
    if announced and count_announced(announced):
        return "FINDINGS"
    return "UNCONFIRMED" if report["unconfirmed"] else "CLEAR"


def list_differences(report: Report) -> list[Difference]:
    """What the event announced next to what Inspector lists, if the two differ."""
    return compare(
        report["announced"], report["counts"], report["suppressed"], ignored_counts(report)
    )


def list_counts(counts: CountsBySeverity | None) -> list[tuple[Severity, int]]:
    """Every severity that has a count, the highest first; nothing of None."""
    return [(name, counts[name]) for name in SEVERITY_ORDER if name in counts] if counts else []


def list_announced(announced: AnnouncedCounts | None) -> list[tuple[Severity, int]]:
    """What the event itself announced by severity; it never has LOW and the others."""
    return [(name, announced[name]) for name in ANNOUNCED] if announced else []


def find_worst(report: Report) -> Worst | None:
    """The highest severity listed or, while findings are missing, announced and neither ignored nor
    suppressed.
    """
    listed = dict(list_counts(report["counts"]))
    hidden = Counter(dict(list_counts(ignored_counts(report))))
    hidden.update(dict(list_counts(report["suppressed"])))
    missing = report["settled"] != "YES"
    announced = dict(list_announced(report["announced"] if missing else None))
    for name in SEVERITY_ORDER:
        found, stated = listed.get(name, 0), announced.get(name, 0)
        if found or stated > hidden[name]:
            return Worst(name, found, stated if stated > found + hidden[name] else 0)
    return None


def decide_severity(report: Report) -> Literal[Severity, "NONE", "UNKNOWN"]:
    """The highest. NONE only if no active finding is listed or missing."""
    worst = find_worst(report)
    if worst:
        return worst.severity
    agreed = report["settled"] == "YES" and report["complete"]
    return "NONE" if agreed and not report["unconfirmed"] else "UNKNOWN"


def count_known_exploited(report: Report) -> int:
    """NOT_KNOWN instead of 0 if a finding is missing, was not looked up, or nothing is certain."""
    if report["knownExploited"]:
        return report["knownExploited"]
    looked_up = report["lookedUp"]
    all_asked = not report["total"] or (looked_up is not None and not looked_up["left"])
    certain = report["settled"] == "YES" and report["complete"] and not report["unconfirmed"]
    return 0 if all_asked and certain else NOT_KNOWN


def list_count_rows(report: Report) -> list[Difference]:
    """See agreement.list_rows."""
    return list_rows(
        report["announced"], report["counts"], report["suppressed"], ignored_counts(report)
    )


def json_size(value: object) -> int:
    """Bytes as JSON with every non-ASCII character escaped: the largest that a runtime writes."""
    return len(json.dumps(value))


def ignored_counts(report: Report) -> CountsBySeverity | None:
    """None without a list of ignored findings."""
    ignored = report["ignored"]
    return ignored["counts"] if ignored else None

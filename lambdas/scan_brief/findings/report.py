"""Pure: makes the report, all that the workflow knows of one scan."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scan_brief.findings.finding import OTHER_SEVERITY, SEVERITY_ORDER, severity, summarize
from scan_brief.findings.ranking import take_top
from scan_brief.scan.request import ScanRequest
from scan_brief.settings import FetchSettings
from scan_brief.text import clean
from scan_brief_common.limits import REPORT_BYTES

if TYPE_CHECKING:
    from scan_brief.model import (
        AnnouncedCounts,
        CountsBySeverity,
        Finding,
        Image,
        Report,
        Scan,
        Settled,
        Severity,
    )

TOTAL: Final = "TOTAL"  # "in" does not refuse a misspelled key, so this key has a name
_TAGS_KEPT = 20


@dataclass(frozen=True)
class Worst:
    """The highest severity and its count; listed is False if only the scan event named it."""

    severity: Severity
    count: int
    listed: bool


def build_report(
    request: ScanRequest, findings: Iterable[Finding], settings: FetchSettings, attempt: int
) -> Report:
    """One pass over the findings of the request's image, in any order; attempt: from 1."""
    counts: Counter[Severity] = Counter()
    top = take_top(_count(findings, counts), settings.top_findings)
    total = counts.total()
    report: Report = {
        "scan": _describe_scan(request),
        "image": _describe_image(request),
        "counts": _describe_counts(counts),
        "total": total,
        "announced": request.announced,
        "settled": decide_settled(request, total, attempt, settings.settle_attempts),
        "attempt": attempt,
        "waitSeconds": settings.settle_wait_seconds,
        "topFindings": [summarize(finding) for finding in top],
        "topFindingsOmitted": 0,
    }
    return bound_report(report)


def decide_settled(request: ScanRequest, total: int, attempt: int, attempts: int) -> Settled:
    """YES: Inspector lists as many findings as the event announced. WAIT: fewer, ask again.
    NO: still fewer at the last attempt.

    An event without counts announces nothing to compare with: only an empty list is asked for
    again.
    """
    if request.by_hand:
        return "YES"
    enough = total >= count_announced(request.announced) if request.announced else total > 0
    if enough:
        return "YES"
    if attempt < attempts:
        return "WAIT"
    return "NO" if request.announced else "YES"


def count_announced(announced: AnnouncedCounts) -> int:
    """The least number of findings that the event announced; TOTAL may be missing or too small."""
    itemised = announced["CRITICAL"] + announced["HIGH"] + announced["MEDIUM"]
    return max(announced.get(TOTAL, 0), itemised)


def list_counts(counts: CountsBySeverity) -> list[tuple[Severity, int]]:
    """Every severity that has a count, the highest first."""
    return [(name, counts[name]) for name in SEVERITY_ORDER if name in counts]


def list_announced(announced: AnnouncedCounts | None) -> list[tuple[Severity, int]]:
    """What the event itself announced by severity; it never has LOW and the others."""
    if announced is None:
        return []
    return [
        ("CRITICAL", announced["CRITICAL"]),
        ("HIGH", announced["HIGH"]),
        ("MEDIUM", announced["MEDIUM"]),
    ]


def find_worst(report: Report) -> Worst | None:
    """The highest severity listed or, while the list is incomplete, announced."""
    listed = dict(list_counts(report["counts"]))
    incomplete = report["settled"] == "NO"
    announced = dict(list_announced(report["announced"] if incomplete else None))
    for name in SEVERITY_ORDER:
        count = listed.get(name) or announced.get(name)
        if count:
            return Worst(name, count, bool(listed.get(name)))
    return None


def bound_report(report: Report, limit: int = REPORT_BYTES) -> Report:
    """Drops the last of the top findings until the report fits, and counts them."""
    while report["topFindings"] and json_size(report) > limit:
        report["topFindings"].pop()
        report["topFindingsOmitted"] += 1
    return report


def json_size(value: object) -> int:
    """Bytes as JSON with every non-ASCII character escaped: the largest that a runtime writes."""
    return len(json.dumps(value))


def _count(findings: Iterable[Finding], counts: Counter[Severity]) -> Iterator[Finding]:
    for finding in findings:
        counts[severity(finding)] += 1
        yield finding


def _describe_counts(counts: Counter[Severity]) -> CountsBySeverity:
    described: CountsBySeverity = {
        "CRITICAL": counts["CRITICAL"],
        "HIGH": counts["HIGH"],
        "MEDIUM": counts["MEDIUM"],
        "LOW": counts["LOW"],
        "INFORMATIONAL": counts["INFORMATIONAL"],
        "UNTRIAGED": counts["UNTRIAGED"],
    }
    if counts[OTHER_SEVERITY]:
        described[OTHER_SEVERITY] = counts[OTHER_SEVERITY]
    return described


def _describe_scan(request: ScanRequest) -> Scan:
    return {
        "status": clean(request.status, 60) or None,
        "scannedAt": request.scanned_at,
        "byHand": request.by_hand,
    }


def _describe_image(request: ScanRequest) -> Image:
    tags = [tag for tag in (clean(tag, 128) for tag in request.tags) if tag]
    return {
        "repository": request.repository,
        "repositoryArn": request.repository_arn,
        "digest": request.digest,
        "tags": tags[:_TAGS_KEPT],
        "tagsOmitted": max(0, len(tags) - _TAGS_KEPT),
        "account": request.registry.account,
        "region": request.registry.region,
        "partition": request.registry.partition,
    }

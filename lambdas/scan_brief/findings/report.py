"""Pure: makes the report, all that the workflow knows of one scan, in at most 64 KiB."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scan_brief.findings import finding as read
from scan_brief.findings.finding import OTHER_SEVERITY, SEVERITIES, Json
from scan_brief.findings.ranking import take_top
from scan_brief.scan.request import ScanRequest
from scan_brief.settings import FetchSettings
from scan_brief.text import clean
from scan_brief_common.limits import REPORT_BYTES

REPORT_LIMIT = REPORT_BYTES
_TAGS_KEPT = 20


def build_report(
    request: ScanRequest, findings: Iterable[Json], settings: FetchSettings, attempt: int
) -> dict[str, Any]:
    """One pass over the findings of `request`'s image, in any order.

    Shape: {"scan": {"status", "scannedAt", "byHand"}, "image": {"repository", "repositoryArn",
    "digest", "tags", "tagsOmitted", "account", "region", "partition"}, "counts": {severity: n},
    "total", "announced": {severity or "TOTAL": n} or None, "settled": "YES" | "WAIT" | "NO",
    "attempt", "waitSeconds", "topFindings": [finding.summarize …], "topFindingsOmitted"}.
    """
    counts: Counter[str] = Counter()
    top = take_top(_count(findings, counts), settings.top_findings)
    total = counts.total()
    report: dict[str, Any] = {
        "scan": _describe_scan(request),
        "image": _describe_image(request),
        "counts": {name: counts[name] for name in SEVERITIES},
        "total": total,
        "announced": dict(request.announced) if request.announced else None,
        "settled": decide_settled(request, total, attempt, settings.settle_attempts),
        "attempt": attempt,
        "waitSeconds": settings.settle_wait_seconds,
        "topFindings": [read.summarize(one) for one in top],
        "topFindingsOmitted": 0,
    }
    if counts[OTHER_SEVERITY]:
        report["counts"][OTHER_SEVERITY] = counts[OTHER_SEVERITY]
    return bound_report(report)


def decide_settled(request: ScanRequest, total: int, attempt: int, attempts: int) -> str:
    """YES: Inspector lists as many findings as the event announced. WAIT: fewer, ask again. NO:
    still fewer.

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


def count_announced(announced: Mapping[str, int]) -> int:
    """At least so many findings were announced; TOTAL, which counts LOW and the rest too, may be
    missing.
    """
    itemised = sum(count for name, count in announced.items() if name != "TOTAL")
    return max(announced.get("TOTAL", 0), itemised)


def worst_severity(report: Json) -> str | None:
    """The highest severity listed or, while the list is not complete, announced; None without
    findings.
    """
    listed = report["counts"]
    announced = (report["announced"] or {}) if report["settled"] == "NO" else {}
    order = (*SEVERITIES, OTHER_SEVERITY)
    return next((name for name in order if listed.get(name) or announced.get(name)), None)


def bound_report(report: dict[str, Any], limit: int = REPORT_LIMIT) -> dict[str, Any]:
    """Drops the last of the top findings until the report fits, and counts them."""
    while report["topFindings"] and json_size(report) > limit:
        report["topFindings"].pop()
        report["topFindingsOmitted"] += 1
    return report


def json_size(value: object) -> int:
    """Bytes as JSON with every non-ASCII character escaped: the most that any runtime makes of it."""
    return len(json.dumps(value))


def _count(findings: Iterable[Json], counts: Counter[str]) -> Iterator[Json]:
    for one in findings:
        counts[read.severity(one)] += 1
        yield one


def _describe_scan(request: ScanRequest) -> dict[str, Any]:
    return {
        "status": clean(request.status, 60) or None,
        "scannedAt": request.scanned_at,
        "byHand": request.by_hand,
    }


def _describe_image(request: ScanRequest) -> dict[str, Any]:
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

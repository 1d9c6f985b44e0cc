"""Pure: what a brief leaves for a summary, should it be gathered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scan_brief.findings.finding import SEVERITIES
from scan_brief.findings.reported import decide_kind, decide_severity
from scan_brief.untrusted import read_object

if TYPE_CHECKING:
    from scan_brief.model import (
        BriefedImage,
        ByHandKey,
        CountsBySeverity,
        Gathered,
        GatheredImage,
        Image,
        Notice,
        Report,
        Untrusted,
    )


def gather_report(report: Report, request: object) -> Gathered | None:
    """None for a brief that is always sent by itself: a person asked for it, it is urgent, or the
    image has a CRITICAL finding that is known to be exploited.
    """
    by_hand = report["scan"]["byHand"] and not _is_watched(request)
    if by_hand or report["urgent"] or report["criticalKnownExploited"]:
        return None
    image: GatheredImage = {
        **_name(report["image"]),
        "kind": decide_kind(report),
        "severity": decide_severity(report),
        "counts": report["counts"],
        "total": report["total"],
        "knownExploited": report["knownExploited"],
        "notScanned": None,
    }
    return {
        "image": image,
        "arn": report["image"]["repositoryArn"],
        "upgrades": report["plan"]["upgrades"],
    }


def gather_notice(notice: Notice) -> Gathered:
    """Of an image that was not scanned: only the watchdog asks for its brief."""
    image: GatheredImage = {
        **_name(notice["image"]),
        "kind": notice["notice"],
        "severity": "UNKNOWN",
        "counts": count_nothing(),
        "total": 0,
        "knownExploited": 0,
        "notScanned": notice["reason"],
    }
    return {"image": image, "arn": notice["image"]["repositoryArn"], "upgrades": []}


def count_nothing() -> CountsBySeverity:
    """No finding of any severity."""
    none: CountsBySeverity = {
        "CRITICAL": 0,
        "HIGH": 0,
        "MEDIUM": 0,
        "LOW": 0,
        "INFORMATIONAL": 0,
        "UNTRIAGED": 0,
    }
    return none


def add_counts(counts: CountsBySeverity, more: CountsBySeverity) -> CountsBySeverity:
    """The findings of both."""
    added = count_nothing()
    for name in SEVERITIES:
        added[name] = counts[name] + more[name]
    other = counts.get("OTHER", 0) + more.get("OTHER", 0)
    return {**added, "OTHER": other} if other else added


def _is_watched(request: object) -> bool:
    """Only the watchdog says what it saw; it asks for the brief of a scan whose event was lost."""
    watched: Untrusted[ByHandKey] = read_object(request)
    return isinstance(watched.get("watchdog"), dict)


def _name(image: Image) -> BriefedImage:
    tags = image["tags"]
    return {
        "repository": image["repository"],
        "digest": image["digest"],
        "tag": tags[0] if tags else None,
        "tagsOmitted": max(0, len(tags) - 1) + image["tagsOmitted"],
        "architecture": image["architecture"],
    }

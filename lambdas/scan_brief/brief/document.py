"""Pure: writes the document for queues and functions: what a brief says, as JSON.

docs/report.md describes it. Its names and values are a contract: see model.BriefDocument.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from scan_brief.brief.document_finding import write_finding
from scan_brief.findings.agreement import TOTAL, count_findings, count_missing, count_unannounced
from scan_brief.findings.finding import OTHER_SEVERITY
from scan_brief.findings.reported import (
    decide_kind,
    decide_severity,
    ignored_counts,
    list_count_rows,
)

if TYPE_CHECKING:
    from scan_brief.model import (
        BriefDocument,
        Changes,
        ChangesSince,
        Cloud,
        CountsBySeverity,
        Difference,
        EventCountsStated,
        Ignored,
        IgnoredFindings,
        Image,
        ImageResource,
        Notice,
        NoticeDocument,
        ReconciledCounts,
        RegistryNames,
        Report,
        SeverityCounts,
    )

SCHEMA_VERSION: Final = "1.0"  # docs/report.md says when it changes


def write_document(report: Report, shown: int) -> str:
    """make_document as JSON, without the members that are None."""
    return dump_known(make_document(report, shown))


def make_document(report: Report, shown: int) -> BriefDocument:
    """With the first `shown` of the top findings."""
    top = report["topFindings"]
    return {
        "schemaVersion": SCHEMA_VERSION,
        "kind": decide_kind(report),
        "id": _identify(report),
        "urgent": report["urgent"],
        "severity": decide_severity(report),
        "total": report["total"],
        "scan": {
            "status": report["scan"]["status"],
            "time": report["scan"]["scannedAt"],
            "isRequestedByHand": report["scan"]["byHand"],
        },
        "cloud": write_cloud(report["image"]),
        "resource": _write_image(report["image"]),
        "isSettled": report["settled"] == "YES",
        "isComplete": report["complete"],
        "unconfirmed": report["unconfirmed"],
        "counts": _reconcile(report),
        "knownExploited": report["knownExploited"],
        "exploitAvailable": report["exploitable"],
        "fixAvailable": report["fixable"],
        "subscriptionOnly": report["subscriptionOnly"],
        "lookedUp": report["lookedUp"],
        "changes": _write_changes(report["changes"]),
        "plan": report["plan"],
        "layers": report["layers"],
        "clusters": report["clusters"],
        "ignored": _write_ignored(report["ignored"]),
        "vulnerabilities": [write_finding(finding) for finding in top[:shown]],
        "vulnerabilitiesOmitted": report["topFindingsOmitted"] + len(top) - shown,
    }


def write_notice(notice: Notice) -> str:
    """The document of an image that was not scanned, without the members that are None."""
    image = notice["image"]
    document: NoticeDocument = {
        "schemaVersion": SCHEMA_VERSION,
        "kind": notice["notice"],
        "id": f"{image['repositoryArn']}@{image['digest']}@{notice['reason']}",
        "cloud": write_cloud(image),
        "resource": _write_image(image),
        "reason": notice["reason"],
        "pushTime": notice["pushedAt"],
        "waitedMinutes": notice["minutes"],
    }
    return dump_known(document)


def _identify(report: Report) -> str:
    image, time = report["image"], report["scan"]["scannedAt"]
    return f"{image['repositoryArn']}@{image['digest']}" + (f"@{time}" if time else "")


def write_cloud(place: Image | RegistryNames) -> Cloud:
    """Where an image, or the images of a summary or a digest are."""
    return {
        "provider": "AWS",
        "account": {"uid": place["account"]},
        "region": place["region"],
        "cloudPartition": place["partition"],
    }


def _write_image(image: Image) -> ImageResource:
    return {
        "uid": f"{image['repositoryArn']}/{image['digest']}",
        "type": "AWS_ECR_CONTAINER_IMAGE",
        "name": image["repository"],
        "repositoryArn": image["repositoryArn"],
        "imageDigest": image["digest"],
        "imageTags": image["tags"],
        "imageTagsOmitted": image["tagsOmitted"],
        "platform": image["platform"],
        "architecture": image["architecture"],
        "inUseCount": image["inUseCount"],
        "lastInUseTime": image["lastInUseAt"],
    }


def _reconcile(report: Report) -> ReconciledCounts:
    rows = list_count_rows(report)
    suppressed, ignored = report["suppressed"], ignored_counts(report)
    return {
        "announced": _count_rows(rows, lambda row: row["announced"]),
        "listed": add_total(report["counts"]),
        "suppressed": add_total(suppressed) if suppressed else None,
        "ignored": add_total(ignored) if ignored else None,
        "notListed": _count_rows(rows, count_missing),
        "unannounced": _count_rows(rows, count_unannounced),
    }


def _count_rows(
    rows: list[Difference], count: Callable[[Difference], int]
) -> EventCountsStated | None:
    if not rows:
        return None
    counts = {row["severity"]: count(row) for row in rows}
    return {
        "CRITICAL": counts["CRITICAL"],
        "HIGH": counts["HIGH"],
        "MEDIUM": counts["MEDIUM"],
        "TOTAL": counts.get(TOTAL),
    }


def add_total(counts: CountsBySeverity) -> SeverityCounts:
    """The counts, with the sum."""
    return {
        "CRITICAL": counts["CRITICAL"],
        "HIGH": counts["HIGH"],
        "MEDIUM": counts["MEDIUM"],
        "LOW": counts["LOW"],
        "INFORMATIONAL": counts["INFORMATIONAL"],
        "UNTRIAGED": counts["UNTRIAGED"],
        "OTHER": counts.get(OTHER_SEVERITY),
        "TOTAL": count_findings(counts),
    }


def _write_changes(changes: Changes | None) -> ChangesSince | None:
    if not changes:
        return None
    compared = changes["outcome"] == "COMPARED"
    return {
        "outcome": changes["outcome"],
        "isSameImage": changes["sameImage"] if compared else None,
        "imageDigest": changes["digest"] if compared else None,
        "time": changes["scannedAt"] if compared else None,
        "new": changes["new"] if compared else None,
        "fixed": changes["fixed"] if compared else None,
        "open": changes["open"] if compared else None,
        "fixedNames": changes["fixedNames"] if compared else None,
    }


def _write_ignored(ignored: Ignored | None) -> IgnoredFindings | None:
    if not ignored:
        return None
    return {
        "knownExploited": ignored["knownExploited"],
        "lookedUp": ignored["lookedUp"],
        "groups": ignored["groups"],
        "findingsOmitted": ignored["findingsOmitted"],
        "expired": ignored["expired"],
        "expiredOmitted": ignored["expiredOmitted"],
        "failure": ignored["failure"],
    }


def dump_known(document: Mapping[str, Any]) -> str:
    """The document as JSON, without the members that are None."""
    return json.dumps(_keep_known(document), ensure_ascii=False, separators=(",", ":"))


def _keep_known(value: Any) -> Any:
    """Without the members that are None."""
    if isinstance(value, dict):
        return {name: _keep_known(member) for name, member in value.items() if member is not None}
    return [_keep_known(entry) for entry in value] if isinstance(value, list) else value

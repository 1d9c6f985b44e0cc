"""Pure: writes the document of a digest for queues and functions. See document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scan_brief.brief.document import SCHEMA_VERSION, add_total, dump_known, write_cloud
from scan_brief.brief.several import decide_worst_of
from scan_brief.brief.summary_document import write_resource

if TYPE_CHECKING:
    from scan_brief.model import (
        CveName,
        Digest,
        DigestDocument,
        DigestGroup,
        FixArrived,
        HeldBack,
        HeldBackFinding,
        NewFindings,
        NewFix,
        Overdue,
        OverdueVulnerability,
        UnscannedResource,
        UnwatchedImage,
    )

_NAMES = 10  # vulnerabilities, images or repositories of an entry


def write_digest(digest: Digest, shown: int) -> str:
    """make_digest_document as JSON."""
    return dump_known(make_digest_document(digest, shown))


def make_digest_document(digest: Digest, shown: int) -> DigestDocument:
    """With at most `shown` entries of each list; the others are counted."""
    left_out = digest["groups"][shown:]
    return {
        "schemaVersion": SCHEMA_VERSION,
        "kind": "DIGEST",
        "id": digest["digest"],
        "severity": decide_worst_of(digest["counts"], known=digest["complete"]),
        "total": digest["total"],
        "cloud": write_cloud(digest),
        "startTime": digest["since"],
        "endTime": digest["until"],
        "memoryLost": digest["memoryLost"],
        "isComplete": digest["complete"],
        "isAllQuiet": digest["allQuiet"],
        "repositoryCount": digest["repositories"],
        "imageCount": digest["images"],
        "counts": add_total(digest["counts"]),
        "knownExploited": digest["knownExploited"],
        "lookedUp": digest["lookedUp"],
        "groups": [_write_group(group) for group in digest["groups"][:shown]],
        "groupsOmitted": digest["groupsOmitted"] + len(left_out),
        "findingsOmitted": digest["findingsOmitted"] + sum(row["findings"] for row in left_out),
        "fixes": [_write_fix(fix) for fix in digest["fixes"][:shown]],
        "fixesOmitted": digest["fixesOmitted"] + len(digest["fixes"][shown:]),
        "overdue": [_write_overdue(row) for row in digest["overdue"][:shown]],
        "overdueOmitted": digest["overdueOmitted"] + len(digest["overdue"][shown:]),
        "noLongerScanned": [_write_unscanned(image) for image in digest["fellOut"][:shown]],
        "noLongerScannedOmitted": digest["fellOutOmitted"] + len(digest["fellOut"][shown:]),
        "notScanned": [_write_unscanned(image) for image in digest["unscanned"][:shown]],
        "notScannedOmitted": digest["unscannedOmitted"] + len(digest["unscanned"][shown:]),
        "heldBack": [_write_held_back(row) for row in digest["heldBack"][:shown]],
        "heldBackOmitted": digest["heldBackOmitted"] + len(digest["heldBack"][shown:]),
    }


def _name(vulnerability: str) -> CveName:
    return {"uid": vulnerability}


def _write_group(group: DigestGroup) -> NewFindings:
    return {
        "name": group["repository"],
        "upgrade": group["upgrade"],
        "total": group["findings"],
        "knownExploited": group["knownExploited"],
        "severity": group["severity"],
        "isInUse": group["inUse"],
        "vulnerabilities": [{"cve": _name(name)} for name in group["ids"][:_NAMES]],
        "vulnerabilitiesOmitted": group["idsOmitted"] + len(group["ids"][_NAMES:]),
        "resources": [write_resource(image) for image in group["images"][:_NAMES]],
        "resourcesOmitted": group["imagesOmitted"] + len(group["images"][_NAMES:]),
    }


def _write_fix(fix: FixArrived) -> NewFix:
    return {
        "cve": _name(fix["id"]),
        "name": fix["repository"],
        "severity": fix["severity"],
        "affectedPackage": {"name": fix["package"], "fixedInVersion": fix["fixedIn"]},
        "imageCount": fix["images"],
    }


def _write_overdue(row: Overdue) -> OverdueVulnerability:
    return {
        "cve": _name(row["id"]),
        "cisaData": {"dateAdded": None, "dateDue": row["dueDate"]},
        "names": row["repositories"][:_NAMES],
        "namesOmitted": row["repositoriesOmitted"] + len(row["repositories"][_NAMES:]),
        "imageCount": row["images"],
    }


def _write_unscanned(image: UnwatchedImage) -> UnscannedResource:
    return {
        **write_resource(image),
        "reason": image["reason"],
        "lastScanTime": image["lastScannedAt"],
    }


def _write_held_back(row: HeldBack) -> HeldBackFinding:
    return {
        "cve": _name(row["id"]),
        "severity": row["severity"],
        "isKnownExploited": row["knownExploited"],
        "resource": write_resource(row["image"]),
    }

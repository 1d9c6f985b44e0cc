"""Summaries and digests, made up, whose messages are in goldens/."""

from __future__ import annotations

from typing import Any

from scan_brief.model import Digest, Summary

ARN = "arn:aws:ecr:eu-central-1:111122223333:repository"
COUNTS: Any = {
    "CRITICAL": 0,
    "HIGH": 0,
    "MEDIUM": 0,
    "LOW": 0,
    "INFORMATIONAL": 0,
    "UNTRIAGED": 0,
}


def make_summary(**members: Any) -> Summary:
    """Of no image, but for what is given."""
    summary: Summary = {
        "summary": "20260131T233000Z-0123456789ab",
        "startedAt": "2026-01-31T23:30:00Z",
        "endedAt": "2026-01-31T23:35:00Z",
        "limit": 20,
        "account": "111122223333",
        "region": "eu-central-1",
        "partition": "aws",
        "arns": [f"{ARN}/team-a/*"],
        "images": [],
        "imagesOmitted": [],
        "total": 0,
        "findings": 0,
        "counts": COUNTS,
        "knownExploited": 0,
        "attacked": 0,
        "notScanned": 0,
        "upgrades": [],
        "upgradesOmitted": 0,
    }
    return summary | members  # type: ignore[return-value]


def make_digest(**members: Any) -> Digest:
    """With nothing new, but for what is given."""
    digest: Digest = {
        "digest": "2026-01-31-0123456789ab",
        "since": "2026-01-29T23:00:00Z",
        "until": "2026-01-30T23:00:00Z",
        "memoryLost": None,
        "account": "111122223333",
        "region": "eu-central-1",
        "partition": "aws",
        "arns": [f"{ARN}/team-a/*"],
        "repositories": 6,
        "images": 41,
        "counts": COUNTS,
        "total": 0,
        "knownExploited": 0,
        "lookedUp": None,
        "complete": True,
        "allQuiet": False,
        "groups": [],
        "groupsOmitted": 0,
        "findingsOmitted": 0,
        "fixes": [],
        "fixesOmitted": 0,
        "overdue": [],
        "overdueOmitted": 0,
        "fellOut": [],
        "fellOutOmitted": 0,
        "unscanned": [],
        "unscannedOmitted": 0,
        "heldBack": [],
        "heldBackOmitted": 0,
        "remember": None,
    }
    return digest | members  # type: ignore[return-value]

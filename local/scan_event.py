"""Pure: the scan event that Inspector would have sent of the findings in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Json = Mapping[str, Any]


def derive_event(findings: Sequence[Json]) -> dict[str, Any] | None:
    """An "Inspector2 Scan" event for the image that most of the findings are of, None if none names an image."""
    images = Counter(identity for one in findings if (identity := _identify(one)))
    if not images:
        return None
    ((repository_arn, digest), _), *_ = images.most_common(1)
    own = [one for one in findings if _identify(one) == (repository_arn, digest)]
    _, _, _, region, account, _ = repository_arn.split(":", 5)
    return {
        "version": "0",
        "id": "00000000-0000-0000-0000-000000000000",
        "detail-type": "Inspector2 Scan",
        "source": "aws.inspector2",
        "account": account,
        "time": _name_time(max(one.get("updatedAt", 0) for one in own)),
        "region": region,
        "resources": [repository_arn],
        "detail": {
            "scan-status": "INITIAL_SCAN_COMPLETE",
            "repository-name": repository_arn,
            "image-digest": digest,
            "image-tags": _image(own[0])["imageTags"],
            "finding-severity-counts": _count(own),
        },
    }


def _identify(finding: Json) -> tuple[str, str] | None:
    """The repository's ARN and the digest: a resource's id is the one, a slash, the other."""
    image = _image(finding)
    arn, slash, digest = str(finding["resources"][0].get("id", "")).rpartition("/") if image else ("", "", "")
    return (arn, digest) if slash and digest == image["imageHash"] else None


def _image(finding: Json) -> dict[str, Any]:
    resources = finding.get("resources") or [{}]
    image = (resources[0].get("details") or {}).get("awsEcrContainerImage") or {}
    return {"imageTags": [], **image} if image.get("imageHash") else {}


def _count(findings: Sequence[Json]) -> dict[str, int]:
    """As the event itemises them: CRITICAL, HIGH, MEDIUM and the TOTAL of all that are active."""
    active = Counter(one.get("severity") for one in findings if one.get("status") == "ACTIVE")
    return {**{name: active[name] for name in ("CRITICAL", "HIGH", "MEDIUM")}, "TOTAL": active.total()}


def _name_time(epoch_seconds: float) -> str:
    return datetime.fromtimestamp(epoch_seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

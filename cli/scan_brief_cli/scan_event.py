"""Pure: the scan event that Inspector would have sent of the findings in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Json = Mapping[str, Any]


def derive_event(findings: Sequence[Json]) -> dict[str, Any] | None:
    """An "Inspector2 Scan" event for the image that most of the findings are of, None if none names
    an image.
    """
    images = Counter(identity for one in findings if (identity := _identify(one)))
    if not images:
        return None
    ((repository_arn, digest), _), *_ = images.most_common(1)
    own = [one for one in findings if _identify(one) == (repository_arn, digest)]
    region, account = (*repository_arn.split(":"), "", "", "", "", "")[3:5]
    return {
        "detail-type": "Inspector2 Scan",
        "source": "aws.inspector2",
        "account": account,
        "time": _name_time(max(_seconds(one.get("updatedAt")) for one in own)),
        "region": region,
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
    arn, slash, digest = str(image.get("id", "")).rpartition("/")
    return (arn, digest) if slash and digest == image.get("imageHash") else None


def _image(finding: Json) -> dict[str, Any]:
    """The image with the id of its resource; empty for a finding of anything else, or of an odd
    shape.
    """
    try:
        resource = finding["resources"][0]
        return {
            "imageTags": [],
            "id": resource["id"],
            **resource["details"]["awsEcrContainerImage"],
        }
    except (KeyError, IndexError, TypeError):
        return {}


def _count(findings: Sequence[Json]) -> dict[str, int]:
    """As the event itemises them: CRITICAL, HIGH, MEDIUM and the TOTAL of all that are active."""
    active = Counter(one.get("severity") for one in findings if one.get("status") == "ACTIVE")
    return {
        **{name: active[name] for name in ("CRITICAL", "HIGH", "MEDIUM")},
        "TOTAL": active.total(),
    }


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _name_time(epoch_seconds: float) -> str:
    return datetime.fromtimestamp(epoch_seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

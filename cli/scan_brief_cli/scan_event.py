"""The scan event that Inspector would send for the findings of a file. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from botocore.utils import parse_timestamp

from scan_brief_cli.json_object import Json

_EPOCH = datetime.fromtimestamp(0, UTC)  # of a finding without a time


def derive_event(findings: Sequence[Json]) -> dict[str, Any] | None:
    """An "Inspector2 Scan" event of the image with the most findings; None if no finding names one.

    findings: of ListFindings responses, as JSON has them.
    """
    images = Counter(identity for finding in findings if (identity := _identify(finding)))
    if not images:
        return None
    ((repository_arn, digest), _), *_ = images.most_common(1)
    own = [finding for finding in findings if _identify(finding) == (repository_arn, digest)]
    region, account = (*repository_arn.split(":"), "", "", "", "", "")[3:5]
    return {
        "detail-type": "Inspector2 Scan",
        "source": "aws.inspector2",
        "account": account,
        "time": _format_time(max(_read_time(finding.get("updatedAt")) for finding in own)),
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
    """The repository's ARN and the digest; a resource's id is REPOSITORY_ARN/DIGEST."""
    image = _image(finding)
    arn, slash, digest = str(image.get("id", "")).rpartition("/")
    return (arn, digest) if slash and digest == image.get("imageHash") else None


def _image(finding: Json) -> dict[str, Any]:
    """The image with the id of its resource; empty if the finding has no image."""
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
    """The active findings, as the event counts them: CRITICAL, HIGH, MEDIUM and TOTAL."""
    active = Counter(
        finding.get("severity") for finding in findings if finding.get("status") == "ACTIVE"
    )
    return {
        **{name: active[name] for name in ("CRITICAL", "HIGH", "MEDIUM")},
        "TOTAL": active.total(),
    }


def _read_time(value: object) -> datetime:
    """A number of seconds, as the API has it, or text, as the AWS command line prints it."""
    try:
        time: datetime = parse_timestamp(value).astimezone(UTC)
    except (ValueError, OverflowError, RuntimeError):
        return _EPOCH
    return time


def _format_time(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")

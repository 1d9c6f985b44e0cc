"""The scan event that Inspector would send for the findings of a file. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from scan_brief.findings.finding import SEVERITIES, severity
from scan_brief_cli.json_object import Json

_TIMES = ("updatedAt", "lastObservedAt", "firstObservedAt")
_YEARS = range(2000, 3000)  # of a scan event: an earlier time is a placeholder


def derive_event(findings: Sequence[Json], now: datetime) -> dict[str, Any] | None:
    """An "Inspector2 Scan" event of the image with the most findings; None if no finding names one.

    findings: as boto3 returns them; each ARN counts once. now: the event's time if no finding has
    one.
    """
    images: dict[tuple[str, str], dict[str, Json]] = {}
    for finding in findings:
        if identity := _identify(finding):
            images.setdefault(identity, {}).setdefault(finding["findingArn"], finding)
    if not images:
        return None
    (repository_arn, digest), own = max(images.items(), key=lambda image: len(image[1]))
    region, account = (*repository_arn.split(":"), "", "", "", "", "")[3:5]
    return {
        "detail-type": "Inspector2 Scan",
        "source": "aws.inspector2",
        "account": account,
        "time": _format_time(find_time(own.values()) or now),
        "region": region,
        "detail": {
            "scan-status": "INITIAL_SCAN_COMPLETE",
            "repository-name": repository_arn,
            "image-digest": digest,
            "image-tags": _image(next(iter(own.values()))).get("imageTags", []),
            "finding-severity-counts": _count(own.values()),
        },
    }


def find_time(findings: Iterable[Json]) -> datetime | None:
    """When Inspector last looked at one of them: the latest update, or else observation."""
    for member in _TIMES:
        times = (finding.get(member) for finding in findings)
        usable: list[datetime] = [time for time in times if time and time.year in _YEARS]
        if usable:
            return max(usable)
    return None


def _identify(finding: Json) -> tuple[str, str] | None:
    """The repository's ARN and the digest; a resource's id is REPOSITORY_ARN/DIGEST."""
    image = _image(finding)
    arn, slash, digest = str(image.get("id", "")).rpartition("/")
    return (arn, digest) if slash and digest == image.get("imageHash") else None


def _image(finding: Json) -> Json:
    """The image with the id of its resource; empty if the finding has no image."""
    for resource in finding.get("resources", []):
        image = (resource or {}).get("details", {}).get("awsEcrContainerImage")
        if image is not None:
            return {**image, "id": resource.get("id")}
    return {}


def _count(findings: Iterable[Json]) -> dict[str, int]:
    """The active findings, as the event counts them: CRITICAL, HIGH, MEDIUM and TOTAL."""
    active = Counter(severity(finding) for finding in findings if finding.get("status") == "ACTIVE")
    return {**{name: active[name] for name in SEVERITIES[:3]}, "TOTAL": active.total()}


def _format_time(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

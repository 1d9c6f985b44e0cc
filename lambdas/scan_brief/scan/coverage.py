"""Pure: what Inspector's coverage says of an image: its digest and tags, or why it was not scanned,
in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scan_brief.findings.finding import Json
from scan_brief.scan.errors import ImageNotScanned
from scan_brief.scan.request import ScanRequest
from scan_brief.text import clean

# ScanStatusReason of botocore's inspector2 model, those that an image can have.
_REASONS = {
    "ACCESS_DENIED": (
        "the repository's policy or the registry's denies Inspector access to the image"
    ),
    "ACCESS_DENIED_TO_ENCRYPTION_KEY": "Inspector may not use the key that encrypts the image",
    "IMAGE_ARCHIVED": "the image is archived",
    "IMAGE_SIZE_EXCEEDED": "the image is larger than Inspector scans",
    "INTERNAL_ERROR": "Inspector had an internal error",
    "NO_RESOURCES_FOUND": "Inspector found nothing in it to scan",
    "PENDING_DISABLE": "scanning is being switched off",
    "PENDING_INITIAL_SCAN": "its first scan is still to come",
    "PENDING_REVIVAL_SCAN": "its scan after a pause is still to come",
    "SCAN_ELIGIBILITY_EXPIRED": (
        "it is older than the time for which Inspector is set to scan images"
    ),
    "SCAN_FREQUENCY_MANUAL": "the registry is set to scan by hand only",
    "SCAN_IN_PROGRESS": "its scan is still running",
    "UNSUPPORTED_MEDIA_TYPE": "its media type is not one that Inspector scans",
    "UNSUPPORTED_OS": "its operating system is not one that Inspector scans",
}
# An index's tag is not on the images under it, which are what Inspector scans.
_BY_TAG = (
    "; if it was pushed as an index (docker buildx does so by default), give the digest of an image"
    " in it, or build a single image with --provenance=false"
)
_SCANNED = ("SUCCESSFUL", "SCAN_FREQUENCY_SCAN_ON_PUSH")
_RESCAN = ("SCAN_IN_PROGRESS",)  # findings of the scan before stand until it ends


def resolve_image(request: ScanRequest, covered: Iterable[Json]) -> ScanRequest:
    """The request with digest, tags, time and status of the image as Inspector last scanned it.

    `covered`: CoveredResource items of ListCoverage for this image. Raises ImageNotScanned.
    """
    images = sorted(covered, key=lambda one: (_was_scanned(one), _scanned_at(one) or ""))
    if not images:
        hint = "" if request.digest else _BY_TAG
        raise ImageNotScanned(
            f"{_name(request)}: Inspector does not know this image in"
            f" {request.repository_arn}{hint}"
        )
    newest = images[-1]
    if not _was_scanned(newest):
        raise ImageNotScanned(f"{_name(request)}: not scanned, because {_reason(newest)}")
    return replace(
        request,
        digest=str(newest["resourceId"]).rpartition("/")[2],
        tags=_order_tags(request.tag, _metadata(newest).get("tags") or []),
        scanned_at=_scanned_at(newest),
        status=_status(newest).get("reason"),
    )


def _was_scanned(covered: Json) -> bool:
    reason = _status(covered).get("reason")
    return reason in _SCANNED or (reason in _RESCAN and _scanned_at(covered) is not None)


def _reason(covered: Json) -> str:
    code = clean(_status(covered).get("reason"), 80)
    words = _REASONS.get(code)
    return f"{words} ({code})" if words else f"Inspector says {code or 'nothing of its state'}"


def _scanned_at(covered: Json) -> str | None:
    at = covered.get("lastScannedAt")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(at, datetime) else None


def _order_tags(asked: str | None, tags: list[Any]) -> tuple[str, ...]:
    """The tag that was asked for names the image, so it comes first."""
    return tuple(sorted((str(tag) for tag in tags), key=lambda tag: tag != asked))


def _name(request: ScanRequest) -> str:
    return (
        f"{request.repository}:{request.tag}"
        if request.tag
        else f"{request.repository}@{request.digest}"
    )


def _status(covered: Json) -> Json:
    return covered.get("scanStatus") or {}


def _metadata(covered: Json) -> Json:
    return (covered.get("resourceMetadata") or {}).get("ecrImage") or {}

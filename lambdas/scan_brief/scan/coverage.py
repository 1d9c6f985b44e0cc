"""Pure: reads Inspector's coverage of an image: its digest and tags, or why it was not scanned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scan_brief.scan.errors import ImageNotScanned
from scan_brief.text import clean
from scan_brief.untrusted import read_object

if TYPE_CHECKING:
    from scan_brief.model import CoveredResource, EcrImageMetadata, ResourceMetadata, ScanStatus
    from scan_brief.scan.request import ScanRequest

# The values of ScanStatusReason (botocore's inspector2 model) that an image can have.
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
# The tag of an index is not on the images in it, which are what Inspector scans.
_BY_TAG = (
    "; if it was pushed as an index (docker buildx does so by default), give the digest of an image"
    " in it, or build a single image with --provenance=false"
)
_SCANNED = ("SUCCESSFUL", "SCAN_FREQUENCY_SCAN_ON_PUSH")
# Of a completed scan: coverage's, and the only one that Inspector's documentation of its event has.
_COMPLETE = (*_SCANNED, "INITIAL_SCAN_COMPLETE")
_RESCAN = "SCAN_IN_PROGRESS"  # the findings of the previous scan are valid until it ends


def resolve_image(request: ScanRequest, covered: Iterable[CoveredResource]) -> ScanRequest:
    """The request with digest, tags, time and status of the image as Inspector last scanned it.

    `covered`: what ListCoverage lists for this image. Raises ImageNotScanned.
    """
    images = sorted(covered, key=lambda image: (_was_scanned(image), _scanned_at(image) or ""))
    if not images:
        hint = "" if request.digest else _BY_TAG
        raise ImageNotScanned(
            f"{_name(request)}: Inspector does not know this image in"
            f" {request.repository_arn}{hint}"
        )
    newest = images[-1]
    if not _was_scanned(newest):
        raise ImageNotScanned(f"{_name(request)}: not scanned, because {_explain(newest)}")
    return replace(
        request,
        digest=str(newest.get("resourceId")).rpartition("/")[2],
        tags=_order_tags(request.tag, _tags(newest)),
        scanned_at=_scanned_at(newest),
        status=_reason(newest),
    )


def is_complete(status: str | None) -> bool:
    """Whether a status, of a scan event or of coverage, is that of a completed scan."""
    return status in _COMPLETE


def _was_scanned(image: CoveredResource) -> bool:
    reason = _reason(image)
    return reason in _SCANNED or (reason == _RESCAN and _scanned_at(image) is not None)


def _explain(image: CoveredResource) -> str:
    reason = _reason(image)
    words = _REASONS.get(reason)
    return f"{words} ({reason})" if words else f"Inspector says {reason or 'nothing of its state'}"


def _reason(image: CoveredResource) -> str:
    status: ScanStatus = read_object(image.get("scanStatus"))
    return clean(status.get("reason"), 80)


def _scanned_at(image: CoveredResource) -> str | None:
    at = image.get("lastScannedAt")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(at, datetime) else None


def _tags(image: CoveredResource) -> list[str]:
    resource: ResourceMetadata = read_object(image.get("resourceMetadata"))
    metadata: EcrImageMetadata = read_object(resource.get("ecrImage"))
    tags = metadata.get("tags")
    return [str(tag) for tag in tags] if isinstance(tags, list) else []


def _order_tags(requested: str | None, tags: list[str]) -> tuple[str, ...]:
    """The requested tag comes first: a brief names the image by its first tag."""
    return tuple(sorted(tags, key=lambda tag: tag != requested))


def _name(request: ScanRequest) -> str:
    separator, label = (":", request.tag) if request.tag else ("@", request.digest)
    return f"{request.repository}{separator}{label}"

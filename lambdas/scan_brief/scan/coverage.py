"""Pure: reads Inspector's coverage of an image: its digest and tags, or why it was not scanned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.scan.errors import ImageNotScanned
from scan_brief.scan.event_time import write_time
from scan_brief.scan.reasons import IMAGE_REASONS, SCANNED, SCANNING
from scan_brief.text import clean
from scan_brief.untrusted import read_object

if TYPE_CHECKING:
    from scan_brief.model import CoveredResource, EcrImageMetadata, ResourceMetadata, ScanStatus
    from scan_brief.scan.request import ScanRequest

# The tag of an index is not on the images in it, which are what Inspector scans.
_BY_TAG = (
    "; if it was pushed as an index (docker buildx does so by default), give the digest of an image"
    " in it, or build a single image with --provenance=false"
)
# Of a completed scan: coverage's, and the only one that Inspector's documentation of its event has.
_COMPLETE = (*SCANNED, "INITIAL_SCAN_COMPLETE")


def resolve_image(request: ScanRequest, covered: Iterable[CoveredResource]) -> ScanRequest:
    """The request with digest, tags, time and status of the image as Inspector last scanned it.

    `covered`: what ListCoverage lists for this image. Raises ImageNotScanned.
    """
    newest = find_newest(covered)
    if newest is None:
        hint = "" if request.digest else _BY_TAG
        raise ImageNotScanned(
            f"{_name(request)}: Inspector does not know this image in"
            f" {request.repository_arn}{hint}"
        )
    if not was_scanned(newest):
        raise ImageNotScanned(f"{_name(request)}: not scanned, because {_explain(newest)}")
    return replace(
        request,
        digest=str(newest.get("resourceId")).rpartition("/")[2],
        tags=_order_tags(request.tag, list_tags(newest)),
        scanned_at=_scanned_at(newest),
        status=read_reason(newest),
    )


def find_newest(covered: Iterable[CoveredResource]) -> CoveredResource | None:
    """The coverage that counts: of a scan, and then the last one. None without any."""
    images = sorted(covered, key=lambda image: (was_scanned(image), _scanned_at(image) or ""))
    return images[-1] if images else None


def is_complete(status: str | None) -> bool:
    """Whether a status, of a scan event or of coverage, is that of a completed scan."""
    return status in _COMPLETE


def was_scanned(image: CoveredResource) -> bool:
    """Whether the image has findings of a scan, or would have them."""
    reason = read_reason(image)
    return reason in SCANNED or (reason == SCANNING and _scanned_at(image) is not None)


def _explain(image: CoveredResource) -> str:
    reason = read_reason(image)
    words = IMAGE_REASONS.get(reason)
    return f"{words} ({reason})" if words else f"Inspector says {reason or 'nothing of its state'}"


def read_reason(image: CoveredResource) -> str:
    """Inspector's code, "" without one."""
    status: ScanStatus = read_object(image.get("scanStatus"))
    return clean(status.get("reason"), 80)


def _scanned_at(image: CoveredResource) -> str | None:
    at = image.get("lastScannedAt")
    return write_time(at) if isinstance(at, datetime) else None


def list_tags(image: CoveredResource) -> list[str]:
    """The tags that Inspector knows of the image."""
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

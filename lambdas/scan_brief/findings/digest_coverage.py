"""Pure: which images fell out of watch, and which are not scanned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.findings.delta import make_mark
from scan_brief.findings.digest_images import LastPushed, describe_image, was_used
from scan_brief.findings.finding import read_time
from scan_brief.scan.coverage import list_tags, read_reason
from scan_brief.scan.reasons import NO_ERROR
from scan_brief.untrusted import read_object

if TYPE_CHECKING:
    from scan_brief.model import (
        CoveredResource,
        EcrImageMetadata,
        ResourceMetadata,
        UnwatchedImage,
    )

# Inspector's findings of such an image stay as they are: nothing new is found in it.
FELL_OUT = ("SCAN_ELIGIBILITY_EXPIRED", "SCAN_FREQUENCY_MANUAL", "PENDING_DISABLE")
_IMAGE = re.compile(r"arn:[^/]+:repository/([^:]{2,256})/(sha256:[0-9a-f]{64})")
_MOST = 2_000  # of each list


@dataclass
class Unwatched:
    """fell_out: those that count and no digest had. unscanned: those in use, briefed last or with a
    tag. Each with those in use first. marks: of all that fell out and count.
    """

    fell_out: list[UnwatchedImage] = field(default_factory=list)
    unscanned: list[UnwatchedImage] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)


class CoverageNews:
    """has: whether a repository is one of the audience's. known: marks of images that an earlier
    digest had.
    """

    def __init__(
        self,
        has: Callable[[str], bool],
        last_pushed: LastPushed,
        known: Iterable[str],
        now: datetime,
    ) -> None:
        self._has = has
        self._last_pushed = last_pushed
        self._known = set(known)
        self._now = now
        self._fell_out: dict[str, tuple[bool, UnwatchedImage]] = {}
        self._unscanned: dict[str, tuple[bool, UnwatchedImage]] = {}

    def add(self, covered: Iterable[CoveredResource]) -> None:
        """Images that Inspector does not scan, in any order."""
        for resource in covered:
            found = _IMAGE.fullmatch(str(resource.get("resourceId")))
            if found and self._has(found[1]):
                self._add(resource, found[1], found[2])

    def take(self) -> Unwatched:
        """What was found."""
        new = [entry for mark, entry in self._fell_out.items() if mark not in self._known]
        return Unwatched(
            fell_out=[image for _, image in sorted(new, key=_order)],
            unscanned=[image for _, image in sorted(self._unscanned.values(), key=_order)],
            marks=sorted(self._fell_out),
        )

    def _add(self, resource: CoveredResource, repository: str, digest: str) -> None:
        reason, tags = read_reason(resource), list_tags(resource)
        used = self._is_used(resource)
        counts = used or digest in self._last_pushed.find(repository)
        place = self._find_place(reason, counts=counts, tagged=bool(tags))
        mark = f"{make_mark(repository, digest):016x}"
        if place is not None and (mark in place or len(place) < _MOST):
            image: UnwatchedImage = {
                **describe_image(repository, digest, tags),
                "reason": reason,
                "lastScannedAt": read_time(resource.get("lastScannedAt")),
            }
            place[mark] = used, image

    def _find_place(
        self, reason: str, *, counts: bool, tagged: bool
    ) -> dict[str, tuple[bool, UnwatchedImage]] | None:
        if reason in FELL_OUT:
            return self._fell_out if counts else None
        error = bool(reason) and reason not in NO_ERROR
        # Without a tag, it can be the attestation that buildx pushes next to an image.
        return self._unscanned if error and (counts or tagged) else None

    def _is_used(self, resource: CoveredResource) -> bool:
        metadata: ResourceMetadata = read_object(resource.get("resourceMetadata"))
        image: EcrImageMetadata = read_object(metadata.get("ecrImage"))
        count, last = image.get("inUseCount"), read_time(image.get("lastInUseAt")) or ""
        known = isinstance(count, int) and not isinstance(count, bool)
        return was_used(count if known and isinstance(count, int) else -1, last, self._now)


def _order(entry: tuple[bool, UnwatchedImage]) -> tuple[bool, str, str]:
    used, image = entry
    return not used, image["repository"], image["digest"]

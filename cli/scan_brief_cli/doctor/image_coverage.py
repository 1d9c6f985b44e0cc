"""Whether Inspector has scanned the image that was pushed last, and what to do if not. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scan_brief.scan.coverage import resolve_image
from scan_brief.scan.errors import ImageNotScanned
from scan_brief.scan.request import Registry, ScanRequest
from scan_brief_cli.doctor.artifacts import count_kinds, is_image
from scan_brief_cli.doctor.check import Check, Verdict, failure, ok, warning
from scan_brief_cli.doctor.moment import format_time
from scan_brief_cli.json_object import Json

NAME = "image"

# The manifests of one push. docker and buildx send all layers first (containerd, Client.Push), so
# the manifests of an index follow within seconds. Among them are attestations, which DescribeImages
# does not distinguish from images.
_ONE_PUSH = timedelta(minutes=2)
_SETTLE = timedelta(hours=1)  # after which Inspector should know an image
_LATER = "wait a few minutes, then run it again"
_AGED = "nothing, if it was scanned when it was pushed; push an image to see a scan"
_SHUT_OUT = "exempt Inspector's role in the policy that denies it (above), then push again"
_SWITCHED_OFF = (
    "scan continuously or on push: ECR console, Private registry, Settings, Scanning configuration"
)
# By ScanStatusReason. Any other is a failure because of the image itself.
_WARNINGS = {
    "INTERNAL_ERROR": _LATER,
    "PENDING_INITIAL_SCAN": _LATER,
    "PENDING_REVIVAL_SCAN": _LATER,
    "SCAN_IN_PROGRESS": _LATER,
    "IMAGE_ARCHIVED": _AGED,
    "SCAN_ELIGIBILITY_EXPIRED": _AGED,
}
_FAILURES = {
    "ACCESS_DENIED": _SHUT_OUT,
    "ACCESS_DENIED_TO_ENCRYPTION_KEY": (
        "allow Inspector's role to use the repository's KMS key, then push again"
    ),
    "PENDING_DISABLE": _SWITCHED_OFF,
    "SCAN_FREQUENCY_MANUAL": _SWITCHED_OFF,
}
_NOT_SCANNABLE = (
    "Inspector cannot scan it, so no brief arrives; its user guide lists the supported images"
)


@dataclass(frozen=True)
class Pushed:
    """An image that was pushed. covered: its CoveredResources of ListCoverage."""

    request: ScanRequest
    at: datetime
    covered: Sequence[Json]


def list_last_push(images: Iterable[Json]) -> list[Json]:
    """The images of the last push: those with tags first, then the newest.

    images: ImageDetails of DescribeImages. Indexes, signatures, attestations, SBOMs and other
    artifacts are left out. An attestation of buildx may be included.
    """
    own = [image for image in images if is_image(image)]
    own.sort(key=lambda image: image["imagePushedAt"], reverse=True)
    last = [image for image in own if own[0]["imagePushedAt"] - image["imagePushedAt"] <= _ONE_PUSH]
    return sorted(last, key=lambda image: not image.get("imageTags"))


def check_without_image(repository: str, images: Sequence[Json]) -> Check:
    """The check of a repository in which DescribeImages lists no image."""
    artifacts = count_kinds(images)
    only = f"; it has only artifacts that are not images ({artifacts})" if artifacts else ""
    return warning(NAME, f"no image was pushed to {repository} yet{only}", "push an image")


def image_request(registry: Registry, repository: str, image: Json) -> ScanRequest:
    """The scan request for an image of DescribeImages."""
    tags = tuple(image.get("imageTags") or ())
    return ScanRequest(
        registry=registry,
        repository=repository,
        digest=image["imageDigest"],
        tag=next(iter(tags), None),
        tags=tags,
    )


def check_push(pushed: Iterable[Pushed], now: datetime) -> Check:
    """Ok if an image was scanned; else the check of the image that explains most.

    pushed: at least one image, in the order of list_last_push.
    """
    unscanned: list[Pushed] = []
    for image in pushed:
        check = check_image(image, now)
        if check.verdict is Verdict.OK:
            return check
        unscanned.append(image)
    return check_image(min(unscanned, key=_rank), now)


def _rank(pushed: Pushed) -> tuple[bool, bool, bool]:
    """Images first: they have tags, and attestations often cannot be scanned."""
    reason = _reason(pushed.covered[-1]) if pushed.covered else ""
    return not pushed.request.tag, not pushed.covered, reason not in {**_WARNINGS, **_FAILURES}


def check_image(pushed: Pushed, now: datetime) -> Check:
    """The check of one image."""
    request = pushed.request
    name = (
        f"{request.repository}:{request.tag}"
        if request.tag
        else f"{request.repository}@{request.digest}"
    )
    image = f"the last pushed image, {name} of {format_time(pushed.at)},"
    try:
        scanned = resolve_image(request, pushed.covered)
    except ImageNotScanned as fault:
        return _check_unscanned(
            image, str(fault).partition(": ")[2], pushed.covered, now - pushed.at
        )
    at = f", last at {scanned.scanned_at}" if scanned.scanned_at else ""
    return ok(NAME, f"{image} was scanned{at}")


def _check_unscanned(image: str, why: str, covered: Sequence[Json], age: timedelta) -> Check:
    if covered:
        reason = _reason(covered[-1])
        if reason in _WARNINGS:
            return warning(NAME, f"{image} is {why}", _WARNINGS[reason])
        return failure(NAME, f"{image} is {why}", _FAILURES.get(reason, _NOT_SCANNABLE))
    if age < _SETTLE:
        return warning(NAME, f"{image} is not known to Inspector yet", _LATER)
    text = f"{image} is not known to Inspector"
    return failure(NAME, text, "fix what the lines above report, then push an image")


def check_repository(repository: str, covered: Sequence[Json]) -> Check:
    """The check of a whole repository, if ECR does not show which image is the last.

    covered: CoveredResources of ListCoverage.
    """
    scanned = [
        image["lastScannedAt"]
        for image in covered
        if isinstance(image.get("lastScannedAt"), datetime)
    ]
    reasons = Counter(_reason(image) for image in covered if not image.get("lastScannedAt"))
    rest = "; not scanned: " + ", ".join(
        f"{count} {reason}" for reason, count in sorted(reasons.items())
    )
    if "ACCESS_DENIED" in reasons:
        return failure(
            NAME, f"Inspector was denied access to images of {repository}{rest}", _SHUT_OUT
        )
    if not scanned:
        text = f"Inspector has scanned no image of {repository}{rest if reasons else ''}"
        return warning(
            NAME,
            text,
            "if images were pushed to it, fix what the lines above report, then push again",
        )
    text = (
        f"Inspector has scanned images of {repository} ({len(scanned)}), last at"
        f" {format_time(max(scanned))}"
    )
    return ok(NAME, f"{text}{rest if reasons else ''}")


def _reason(covered: Json) -> str:
    return str((covered.get("scanStatus") or {}).get("reason") or "UNKNOWN")

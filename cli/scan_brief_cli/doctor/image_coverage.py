"""Pure: what Inspector's coverage says of the image that was pushed last, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scan_brief.scan.coverage import resolve_image
from scan_brief.scan.errors import ImageNotScanned
from scan_brief.scan.request import Registry, ScanRequest
from scan_brief_cli.doctor.check import Check, Verdict, failure, ok, warning
from scan_brief_cli.doctor.moment import format_time

NAME = "image"
Json = Mapping[str, Any]

# An index only lists the images of several architectures; Inspector scans those.
_INDEXES = (
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.index.v1+json",
)
# What is pushed as one: docker and buildx send all layers first (containerd, Client.Push), so that
# the manifests of an index follow each other within seconds, among them attestations, which
# DescribeImages does not tell from images.
_ONE_PUSH = timedelta(minutes=2)
_SETTLE = timedelta(
    hours=1
)  # so long nothing is wrong with an image that Inspector does not know yet
_LATER = "wait some minutes, then run it again"
_AGED = "nothing, if it was scanned when it was pushed; push an image to see a scan"
_SHUT_OUT = "exempt Inspector's role in the policy that denies it (above), then push again"
_SWITCHED_OFF = (
    "scan continuously or on push: ECR console, Private registry, Settings, Scanning configuration"
)
# By ScanStatusReason. What is not here is a failure that lies in the image.
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
_NOT_SCANNABLE = "no brief comes of such an image; Inspector's user guide says which ones it scans"


@dataclass(frozen=True)
class Pushed:
    """An image that was pushed. `covered`: CoveredResources of ListCoverage for it."""

    request: ScanRequest
    at: datetime
    covered: Sequence[Json]


def list_last_push(images: Iterable[Json]) -> list[Json]:
    """Of ImageDetails of DescribeImages those that were pushed last, together: with tags first,
    then the newest.

    No index, and no signature or SBOM that says of which image it is. An attestation of buildx's
    may be among them.
    """
    own = [
        one
        for one in images
        if one.get("imageManifestMediaType") not in _INDEXES
        and not one.get("subjectManifestDigest")
    ]
    own.sort(key=lambda one: one["imagePushedAt"], reverse=True)
    last = [one for one in own if own[0]["imagePushedAt"] - one["imagePushedAt"] <= _ONE_PUSH]
    return sorted(last, key=lambda one: not one.get("imageTags"))


def image_request(registry: Registry, repository: str, image: Json) -> ScanRequest:
    """The request that means this image."""
    tags = tuple(image.get("imageTags") or ())
    return ScanRequest(
        registry=registry,
        repository=repository,
        digest=image["imageDigest"],
        tag=next(iter(tags), None),
        tags=tags,
    )


def check_push(pushed: Iterable[Pushed], now: datetime) -> Check:
    """Of list_last_push's images, in its order and at least one: ok if one was scanned, or else the
    most telling.
    """
    unscanned: list[Pushed] = []
    for one in pushed:
        check = check_image(one, now)
        if check.verdict is Verdict.OK:
            return check
        unscanned.append(one)
    return check_image(min(unscanned, key=_rank), now)


def _rank(pushed: Pushed) -> tuple[bool, bool, bool]:
    """Tags are an image's, not an attestation's; what lies in the image itself may well lie in an
    attestation.
    """
    reason = _reason(pushed.covered[-1]) if pushed.covered else ""
    return not pushed.request.tag, not pushed.covered, reason not in {**_WARNINGS, **_FAILURES}


def check_image(pushed: Pushed, now: datetime) -> Check:
    """As if it had been pushed alone."""
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
    said = f"{image} is not known to Inspector"
    return failure(NAME, said, "repair what the lines above say, then push an image")


def check_repository(repository: str, covered: Sequence[Json]) -> Check:
    """`covered`: what ListCoverage has of a whole repository, where ECR does not say which image is
    the last.
    """
    scanned = [
        one["lastScannedAt"] for one in covered if isinstance(one.get("lastScannedAt"), datetime)
    ]
    reasons = Counter(_reason(one) for one in covered if not one.get("lastScannedAt"))
    rest = "; not scanned: " + ", ".join(
        f"{count} {reason}" for reason, count in sorted(reasons.items())
    )
    if "ACCESS_DENIED" in reasons:
        return failure(NAME, f"Inspector was denied images of {repository}{rest}", _SHUT_OUT)
    if not scanned:
        said = f"Inspector has scanned no image of {repository}{rest if reasons else ''}"
        return warning(
            NAME,
            said,
            "if images were pushed to it, repair what the lines above say, then push again",
        )
    said = (
        f"Inspector has scanned images of {repository} ({len(scanned)}), last at"
        f" {format_time(max(scanned))}"
    )
    return ok(NAME, f"{said}{rest if reasons else ''}")


def _reason(covered: Json) -> str:
    return str((covered.get("scanStatus") or {}).get("reason") or "UNKNOWN")

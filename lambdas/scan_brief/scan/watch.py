"""Pure: reads a push, or a change of Inspector's coverage, and decides what is to be reported."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scan_brief.scan.artifacts import name_kind
from scan_brief.scan.coverage import find_newest, list_tags, read_reason, was_scanned
from scan_brief.scan.errors import InvalidRequest, UnreadableEvent
from scan_brief.scan.reasons import DELETED, NO_ERROR, NOT_KNOWN, NOTHING_TO_SCAN
from scan_brief.scan.request import Registry, ScanRequest, read_request
from scan_brief.scan.watchdog import read_time
from scan_brief.text import clean
from scan_brief.untrusted import read_object

if TYPE_CHECKING:
    from scan_brief.model import (
        ByHandKey,
        CoveredResource,
        PushDetail,
        ScanEvent,
        WatchdogRequest,
        WatchResult,
    )

_PUSH = "ECR Image Action"
_ATTESTATION = "without a tag it can be the attestation that buildx pushes next to an image"
_IMAGE = re.compile(
    r"arn:[a-z-]+:ecr:[a-z0-9-]+:\d{12}:repository/([^:]+)/(sha256:[0-9a-f]{64})",
    re.ASCII,
)


@dataclass(frozen=True, kw_only=True)
class Watched:
    """An image that was pushed, or whose coverage changed.

    pushed: False if its coverage changed instead. at: ISO 8601, UTC; None if the event does not say
    so. tag: of the push, None without one. kind: of an artifact that is no image, "" for what can
    be one.
    """

    request: ScanRequest
    pushed: bool = False
    at: str | None = None
    tag: str | None = None
    kind: str = ""


def read_watched(event: object, registry: Registry) -> Watched:
    """Read an "ECR Image Action" event or an "Inspector2 Coverage" event.

    Raises UnreadableEvent, which names the field.
    """
    given: ScanEvent = read_object(event)
    try:
        if given.get("detail-type") == _PUSH:
            return _read_push(given, registry)
        return Watched(request=_read_image(*_find_image(given), registry))
    except InvalidRequest as error:
        raise UnreadableEvent(str(error)) from error


def decide(
    watched: Watched,
    covered: Iterable[CoveredResource],
    find_state: Callable[[], str],
    minutes: int,
) -> WatchResult:
    """What is to be reported of the image: a request of a brief, or None and why nothing.

    covered: what ListCoverage lists for the image. find_state: called for an image that Inspector
    does not know; returns one of reasons.NOT_KNOWN, NOT_COVERED and SCANNING_OFF. minutes: how long
    the push was waited for.
    """
    if watched.kind:
        return _nothing(f"no image: {watched.kind}")
    newest = find_newest(covered)
    if newest is None:
        return _decide_unknown(watched, find_state, minutes)
    reason = "" if was_scanned(newest) else read_reason(newest) or NOT_KNOWN
    tags = [watched.tag] if watched.tag else list_tags(newest)
    quiet = _find_quiet(watched, reason, tags)
    return _nothing(quiet) if quiet else _tell(watched, reason, minutes, tags)


def _decide_unknown(watched: Watched, find_state: Callable[[], str], minutes: int) -> WatchResult:
    if not watched.pushed:
        return _nothing("Inspector does not know the image any more")
    state = find_state()
    if state == NOT_KNOWN and not watched.tag:
        return _nothing(f"Inspector does not know it, and {_ATTESTATION}")
    return _tell(watched, state, minutes)


def _find_quiet(watched: Watched, reason: str, tags: list[str]) -> str:
    """Why nothing is to be reported, "" if something is. reason: "" for a scanned image."""
    quiet = reason == DELETED if watched.pushed else not reason or reason in NO_ERROR
    if quiet:
        return reason or "scanned"
    return f"{reason}, and {_ATTESTATION}" if reason in NOTHING_TO_SCAN and not tags else ""


def _read_push(event: ScanEvent, registry: Registry) -> Watched:
    detail: PushDetail = read_object(event.get("detail"))
    tag = clean(detail.get("image-tag"), 128) or None
    request = _read_image(detail.get("repository-name"), detail.get("image-digest"), registry)
    kind = name_kind(
        detail.get("manifest-media-type"),
        detail.get("artifact-media-type"),
        [tag] if tag else [],
        subject=False,
    )
    return Watched(request=request, pushed=True, at=_read_time(event), tag=tag, kind=kind)


def _read_time(event: ScanEvent) -> str | None:
    """An odd time costs only the time."""
    try:
        return read_time(event.get("time"))
    except InvalidRequest:
        return None


def _find_image(event: ScanEvent) -> tuple[object, object]:
    """Repository and digest, of the ARN that ListCoverage calls the resource's id."""
    resources = event.get("resources")
    for resource in resources if isinstance(resources, list) else []:
        found = _IMAGE.fullmatch(resource) if isinstance(resource, str) else None
        if found:
            return found[1], found[2]
    raise InvalidRequest("resources: given no image; accepted: REPOSITORY_ARN/sha256:…")


def _read_image(repository: object, digest: object, registry: Registry) -> ScanRequest:
    request: Mapping[ByHandKey, object] = {"repository": repository, "imageDigest": digest}
    return read_request(request, registry)


def _nothing(why: str) -> WatchResult:
    return {"request": None, "why": why}


def _tell(
    watched: Watched, reason: str, minutes: int, tags: Iterable[str | None] = ()
) -> WatchResult:
    tag = next(iter(tags), watched.tag)
    request: WatchdogRequest = {
        "repository": watched.request.repository,
        "imageDigest": watched.request.digest,
        "watchdog": {
            "reason": reason,
            "imageTag": tag,
            "pushedAt": watched.at,
            "minutes": minutes if watched.pushed else None,
        },
    }
    return {"request": request, "why": reason or "scanned"}

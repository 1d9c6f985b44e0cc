"""Pure: reads a request, a scan event or a request by hand, and refuses anything else by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scan_brief.scan.announced import read_counts
from scan_brief.scan.errors import InvalidRequest
from scan_brief.scan.refusal import match, refuse
from scan_brief.scan.urgent import read_urgent
from scan_brief.scan.watchdog import TAG, read_time, read_watchdog
from scan_brief.untrusted import MISSING, read_object
from scan_brief_common.limits import REPOSITORY_NAME_CHARACTERS
from scan_brief_common.patterns import EXISTING_REPOSITORY_NAME

if TYPE_CHECKING:
    from scan_brief.model import (
        AnnouncedCounts,
        ByHandKey,
        EventKey,
        ScanDetail,
        ScanEvent,
        Untrusted,
        Urgent,
        Watchdog,
    )

REPOSITORY = (
    rf"(?=.{{{REPOSITORY_NAME_CHARACTERS.least},{REPOSITORY_NAME_CHARACTERS.most}}}\Z)"
    rf"{EXISTING_REPOSITORY_NAME}"
)
_REPOSITORY_ARN = (
    r"arn:(?P<partition>aws[a-z-]*):ecr:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):repository/"
    rf"(?P<name>{REPOSITORY})"
)
_DIGEST = r"sha256:[0-9a-f]{64}"

_EVENT_KEYS: tuple[EventKey, ...] = ("detail", "detail-type", "source")  # one makes it an event
_BY_HAND_KEYS: tuple[ByHandKey, ...] = (
    *("repository", "imageTag", "imageDigest"),
    *("watchdog", "urgent"),  # these are nobody's to give by hand
)
_SOURCE, _DETAIL_TYPE = "aws.inspector2", "Inspector2 Scan"
_A_REQUEST = 'an "Inspector2 Scan" event, or {"repository": …, "imageTag" or "imageDigest": …}'
A_REPOSITORY = (
    "the name of an ECR repository of this stack's account and Region, such as sample-app or"
    " team/sample-app"
)
_A_DIGEST = "sha256: and 64 hexadecimal digits in lower case"


@dataclass(frozen=True, kw_only=True)
class Registry:
    """Where images are: `account` (12 digits), `region` and `partition` ("aws", "aws-cn", …)."""

    account: str
    region: str
    partition: str

    @classmethod
    def of_function(cls, function_arn: str) -> Registry:
        """The registry of a function's account and region.

        function_arn: arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME.
        """
        _, partition, _, region, account, *_ = function_arn.split(":")
        return cls(account=account, region=region, partition=partition)

    def repository_arn(self, name: str) -> str:
        """name: of a repository, or a pattern of names."""
        return f"arn:{self.partition}:ecr:{self.region}:{self.account}:repository/{name}"


@dataclass(frozen=True, kw_only=True)
class ScanRequest:
    """One image whose findings are wanted.

    digest is "" until a tag is resolved. scanned_at (ISO 8601, UTC), status and announced come from
    the scan event; a request by hand has none of them until its image is resolved. watchdog: what
    the watchdog says of the image, for a request of its own. urgent: why its brief is sent at once.
    """

    registry: Registry
    repository: str
    by_hand: bool = False
    digest: str = ""
    tag: str | None = None
    tags: tuple[str, ...] = ()
    scanned_at: str | None = None
    status: str | None = None
    announced: AnnouncedCounts | None = None
    watchdog: Watchdog | None = None
    urgent: Urgent | None = None

    @property
    def repository_arn(self) -> str:
        """As in the event's resources."""
        return self.registry.repository_arn(self.repository)


def read_request(request: object, registry: Registry) -> ScanRequest:
    """Read a scan event as EventBridge delivers it, or model.RequestByHand.

    `registry` is the stack's own. Raises InvalidRequest, which names the field, what was given and
    what is accepted: of an event, an image of another registry is not.
    """
    if not isinstance(request, Mapping):
        raise refuse("request", request, _A_REQUEST)
    if any(_is_given(request, key) for key in _EVENT_KEYS):
        read = read_event(request)
        _check_registry(request, read, registry)
        return read
    for key in request:
        if key not in _BY_HAND_KEYS:
            raise refuse(str(key), request[key], f"only {', '.join(_BY_HAND_KEYS[:3])}")
    return _read_by_hand(request, registry)


def _is_given(request: ScanEvent, key: EventKey) -> bool:
    return request.get(key, MISSING) is not MISSING


def is_automatic(request: object) -> bool:
    """Whether this is Inspector's own event, readable or not, and no request of a person."""
    event: ScanEvent = read_object(request)
    return event.get("source") == _SOURCE and event.get("detail-type") == _DETAIL_TYPE


def find_scan_time(request: object) -> str | None:
    """When Inspector's event says that it scanned; None without a time, and for any request of a
    person or of the watchdog.
    """
    event: ScanEvent = read_object(request)
    try:
        return read_time(event.get("time", MISSING)) if is_automatic(request) else None
    except InvalidRequest:
        return None


def read_event(event: ScanEvent) -> ScanRequest:
    """Read a scan event of an image in any registry. Raises InvalidRequest."""
    match("source", event.get("source", MISSING), re.escape(_SOURCE), _SOURCE)
    match("detail-type", event.get("detail-type", MISSING), _DETAIL_TYPE, _DETAIL_TYPE)
    match("account", event.get("account", MISSING), r"\d{12}", "12 digits")
    match("region", event.get("region", MISSING), "[a-z0-9-]+", "a region such as eu-central-1")
    scanned_at = read_time(event.get("time", MISSING))
    detail = event.get("detail", MISSING)
    if not isinstance(detail, Mapping):
        raise refuse("detail", detail, "the object of a scan event")
    return _read_detail(detail, scanned_at)


def _check_registry(event: ScanEvent, read: ScanRequest, own: Registry) -> None:
    """Inspector lists only the findings of its own account and Region."""
    _check_own("account", event.get("account"), own.account, "this stack's account")
    _check_own("region", event.get("region"), own.region, "this stack's Region")
    given = read.registry
    if given != own:
        accepted = f"a repository of this stack's registry: {own.partition}, {own.region},"
        named = _name_difference(given, own)
        raise refuse(
            "detail.repository-name", read.repository_arn, f"{accepted} {own.account} ({named})"
        )


def _check_own(field: str, given: object, own: str, whose: str) -> None:
    if given != own:
        raise refuse(field, given, f"{own}, {whose}")


def _name_difference(given: Registry, own: Registry) -> str:
    parts = (
        ("partition", given.partition, own.partition),
        ("Region", given.region, own.region),
        ("account", given.account, own.account),
    )
    different = [name for name, value, expected in parts if value != expected]
    return f"another {' and '.join(different)} than this stack's"


def _read_detail(detail: ScanDetail, scanned_at: str) -> ScanRequest:
    name = detail.get("repository-name", MISSING)
    arn = match("detail.repository-name", name, _REPOSITORY_ARN, "the ARN of an ECR repository")
    partition, region, account, repository = arn.groups()
    digest = detail.get("image-digest", MISSING)
    status = detail.get("scan-status")
    return ScanRequest(
        registry=Registry(account=account, region=region, partition=partition),
        repository=repository,
        digest=match("detail.image-digest", digest, _DIGEST, _A_DIGEST).string,
        tags=_read_tags(detail.get("image-tags")),
        scanned_at=scanned_at,
        status=status if isinstance(status, str) else None,
        announced=read_counts(detail.get("finding-severity-counts")),
    )


def _read_tags(tags: object) -> tuple[str, ...]:
    """Tags are labels: an odd tag must not prevent the brief."""
    return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def _read_by_hand(request: Untrusted[ByHandKey], registry: Registry) -> ScanRequest:
    given = request.get("repository", MISSING)
    repository = match("repository", given, REPOSITORY, A_REPOSITORY).string
    tag, digest = request.get("imageTag", MISSING), request.get("imageDigest", MISSING)
    if (tag is MISSING) == (digest is MISSING):
        raise refuse("imageTag, imageDigest", request, "exactly one of the two")
    if digest is MISSING:
        tag = match("imageTag", tag, TAG, "an image tag of 1 to 128 characters").string
        return ScanRequest(registry=registry, repository=repository, by_hand=True, tag=tag)
    digest = match("imageDigest", digest, _DIGEST, _A_DIGEST).string
    watchdog = read_watchdog(request.get("watchdog", MISSING))
    return ScanRequest(
        registry=registry,
        repository=repository,
        by_hand=True,
        digest=digest,
        tags=(watchdog["imageTag"],) if watchdog and watchdog["imageTag"] else (),
        watchdog=watchdog,
        urgent=read_urgent(request.get("urgent", MISSING)),
    )

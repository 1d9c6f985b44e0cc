"""Pure: reads a request, which is a scan event or a few words by hand, and refuses anything else by
field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scan_brief.scan.errors import InvalidRequest
from scan_brief.text import cut
from scan_brief_common.limits import REPOSITORY_NAME_CHARACTERS
from scan_brief_common.patterns import EXISTING_REPOSITORY_NAME

Json = Mapping[str, Any]

_REPOSITORY = (
    rf"(?=.{{{REPOSITORY_NAME_CHARACTERS.least},{REPOSITORY_NAME_CHARACTERS.most}}}\Z)"
    rf"{EXISTING_REPOSITORY_NAME}"
)
_REPOSITORY_ARN = (
    r"arn:(?P<partition>aws[a-z-]*):ecr:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):repository/"
    rf"(?P<name>{_REPOSITORY})"
)
_DIGEST = r"sha256:[0-9a-f]{64}"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}"
_TIME = r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"

_EVENT_SAID = ("CRITICAL", "HIGH", "MEDIUM", "TOTAL")
_BY_HAND = ("repository", "imageTag", "imageDigest")
_A_REQUEST = 'an "Inspector2 Scan" event, or {"repository": …, "imageTag" or "imageDigest": …}'
_A_REPOSITORY = "the name of an ECR repository, such as sample-app or team/sample-app"
_A_DIGEST = "sha256: and 64 hexadecimal digits in lower case"
_NOTHING = object()


@dataclass(frozen=True, kw_only=True)
class Registry:
    """Where images are: `account` (12 digits), `region` and `partition` ("aws", "aws-cn", …)."""

    account: str
    region: str
    partition: str

    @classmethod
    def of_function(cls, function_arn: str) -> Registry:
        """The registry beside a function: arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME."""
        _, partition, _, region, account, *_ = function_arn.split(":")
        return cls(account=account, region=region, partition=partition)


@dataclass(frozen=True, kw_only=True)
class ScanRequest:
    """One image whose findings are wanted.

    digest is None until a tag is resolved. scanned_at (ISO 8601, UTC), status and announced
    (severity or TOTAL to count) are what the scan event says; a request by hand has none of them
    yet.
    """

    registry: Registry
    repository: str
    by_hand: bool = False
    digest: str | None = None
    tag: str | None = None
    tags: tuple[str, ...] = ()
    scanned_at: str | None = None
    status: str | None = None
    announced: Mapping[str, int] | None = None

    @property
    def repository_arn(self) -> str:
        """As in the event's resources."""
        place = self.registry
        return (
            f"arn:{place.partition}:ecr:{place.region}:{place.account}:repository/{self.repository}"
        )


def read_request(request: object, beside: Registry) -> ScanRequest:
    """A scan event as EventBridge delivers it, or {"repository": name, "imageTag" | "imageDigest":
    …}.

    `beside` is the registry that a request by hand means. Raises InvalidRequest, which names the
    field, what was given and what is accepted. Event shape: Amazon Inspector user guide, "Amazon
    EventBridge event schema for Amazon Inspector events".
    """
    if not isinstance(request, Mapping):
        raise _refusal("request", request, _A_REQUEST)
    if any(key in request for key in ("detail", "detail-type", "source")):
        return _read_event(request)
    return _read_by_hand(request, beside)


def _read_event(event: Json) -> ScanRequest:
    _match(event, "source", r"aws\.inspector2", "aws.inspector2")
    _match(event, "detail-type", "Inspector2 Scan", "Inspector2 Scan")
    _match(event, "account", r"\d{12}", "12 digits")
    _match(event, "region", r"[a-z0-9-]+", "a region such as eu-central-1")
    scanned_at = _read_time(event)
    detail = event.get("detail")
    if not isinstance(detail, Mapping):
        raise _refusal("detail", event.get("detail", _NOTHING), "the object of a scan event")
    arn = _match(
        detail, "repository-name", _REPOSITORY_ARN, "the ARN of an ECR repository", "detail."
    )
    digest = _match(detail, "image-digest", _DIGEST, _A_DIGEST, "detail.").string
    status = detail.get("scan-status")
    return ScanRequest(
        registry=Registry(account=arn["account"], region=arn["region"], partition=arn["partition"]),
        repository=arn["name"],
        digest=digest,
        tags=_read_tags(detail.get("image-tags")),
        scanned_at=scanned_at,
        status=status if isinstance(status, str) else None,
        announced=_read_counts(detail.get("finding-severity-counts")),
    )


def _read_time(event: Json) -> str:
    accepted = "a UTC time such as 2026-01-31T09:30:00Z"
    time = _match(event, "time", _TIME, accepted).string
    try:
        datetime.fromisoformat(time)
    except ValueError:
        raise _refusal("time", time, accepted) from None
    return time


def _read_tags(tags: object) -> tuple[str, ...]:
    """Tags are labels: an odd one is no reason to lose a brief."""
    return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def _read_counts(counts: object) -> dict[str, int] | None:
    """A severity without findings may be absent from the event (ECR user guide): zero then. TOTAL
    may not.
    """
    if not isinstance(counts, Mapping):
        return None
    said = {name: counts[name] for name in _EVENT_SAID if _is_count(counts.get(name))}
    return {"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, **said} if said else None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _read_by_hand(request: Json, beside: Registry) -> ScanRequest:
    for key in request:
        if key not in _BY_HAND:
            raise _refusal(str(key), request[key], f"only {', '.join(_BY_HAND)}")
    repository = _match(request, "repository", _REPOSITORY, _A_REPOSITORY).string
    if ("imageTag" in request) == ("imageDigest" in request):
        raise _refusal("imageTag, imageDigest", request, "exactly one of the two")
    if "imageTag" in request:
        tag = _match(request, "imageTag", _TAG, "an image tag of 1 to 128 characters").string
        return ScanRequest(registry=beside, repository=repository, by_hand=True, tag=tag)
    digest = _match(request, "imageDigest", _DIGEST, _A_DIGEST).string
    return ScanRequest(registry=beside, repository=repository, by_hand=True, digest=digest)


def _match(holder: Json, key: str, pattern: str, accepted: str, prefix: str = "") -> re.Match[str]:
    value = holder.get(key)
    matched = re.fullmatch(pattern, value, re.ASCII) if isinstance(value, str) else None
    if matched is None:
        raise _refusal(prefix + key, holder.get(key, _NOTHING), accepted)
    return matched


def _refusal(field: str, given: object, accepted: str) -> InvalidRequest:
    shown = (
        "nothing"
        if given is _NOTHING
        else cut(json.dumps(given, ensure_ascii=False, default=str), 200)
    )
    return InvalidRequest(f"{field}: given {shown}; accepted: {accepted}")

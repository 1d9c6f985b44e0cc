"""Pure: reads an "Inspector2 Finding" event, and refuses anything else by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.scan.errors import InvalidRequest, UnreadableEvent
from scan_brief.scan.event_time import read_event_time
from scan_brief.scan.refusal import match, refuse
from scan_brief.scan.request import Registry, ScanRequest, read_request
from scan_brief.scan.watchdog import TAG, read_time
from scan_brief.untrusted import MISSING, read_object, read_objects

if TYPE_CHECKING:
    from scan_brief.model import (
        ByHandKey,
        EcrImageDetails,
        EventKey,
        Finding,
        FindingEventDetail,
        FindingEventResource,
        ResourceDetails,
        ScanEvent,
    )

_DETAIL_TYPE = "Inspector2 Finding"
_IMAGE = "AWS_ECR_CONTAINER_IMAGE"
_FINDING_ARN = r"arn:aws[a-z-]*:inspector2:[a-z0-9-]+:\d{12}:finding/[A-Za-z0-9-]{1,64}"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What decides whether a finding is urgent. status: "" if there is none. in_use: how many tasks
    and pods run the image. None: not stated.
    """

    status: str
    first_observed: datetime | None
    pushed: datetime | None
    in_use: int | None
    last_in_use: datetime | None

    @property
    def are_enough(self) -> bool:
        """Whether nothing has to be asked."""
        return self.tell_use and self.first_observed is not None

    @property
    def tell_use(self) -> bool:
        """Whether it is stated if the image is in use."""
        return self.in_use is not None or self.last_in_use is not None


@dataclass(frozen=True, kw_only=True)
class SeenFinding:
    """A finding of an image. at: when its event happened."""

    request: ScanRequest
    finding: Finding
    arn: str
    at: datetime
    facts: Facts

    def complete(self, finding: Finding) -> SeenFinding:
        """With what the API says of the finding now."""
        images: list[FindingEventResource] = read_objects(finding.get("resources"))
        facts = _read_facts(read_object(finding), images[0] if images else None)
        return replace(self, finding=finding, facts=facts)


def read_finding_event(event: object, registry: Registry) -> SeenFinding | None:
    """None for a finding of anything but an ECR image. Raises UnreadableEvent, which names the
    field, what was given and what is accepted.
    """
    try:
        if not isinstance(event, Mapping):
            raise refuse("event", event, f'an "{_DETAIL_TYPE}" event')
        return _read(event, registry)
    except InvalidRequest as error:
        raise UnreadableEvent(str(error)) from error


def _read(event: ScanEvent, registry: Registry) -> SeenFinding | None:
    fixed: tuple[tuple[EventKey, str], ...] = (
        ("source", "aws.inspector2"),
        ("detail-type", _DETAIL_TYPE),
        ("account", registry.account),
        ("region", registry.region),
    )
    for field, accepted in fixed:
        match(field, event.get(field, MISSING), re.escape(accepted), accepted)
    at = datetime.fromisoformat(read_time(event.get("time", MISSING)))
    detail: FindingEventDetail = read_object(event.get("detail"))
    if not isinstance(event.get("detail"), Mapping):
        raise refuse("detail", event.get("detail", MISSING), "a finding")
    arn = match(
        "detail.findingArn", detail.get("findingArn", MISSING), _FINDING_ARN, "a finding's ARN"
    ).string
    image = _find_image(detail)
    if image is None:
        return None
    return SeenFinding(
        request=_read_image(image, registry),
        finding=read_object(event.get("detail")),
        arn=arn,
        at=at,
        facts=_read_facts(detail, image),
    )


def _find_image(detail: FindingEventDetail) -> FindingEventResource | None:
    """Raises InvalidRequest if there is no list of resources."""
    given = detail.get("resources", MISSING)
    resources: list[FindingEventResource] = read_objects(given)
    if not resources:
        raise refuse("detail.resources", given, "a list of resources")
    return next((each for each in resources if each.get("type") == _IMAGE), None)


def _read_image(resource: FindingEventResource, registry: Registry) -> ScanRequest:
    own = registry.repository_arn("")
    accepted = f"{own}NAME/sha256:…"
    found = match(
        "detail.resources.id",
        resource.get("id", MISSING),
        rf"{re.escape(own)}([^:]+)/(sha256:[0-9a-f]{{64}})",
        accepted,
    )
    named: Mapping[ByHandKey, object] = {"repository": found[1], "imageDigest": found[2]}
    return replace(read_request(named, registry), tags=tuple(_read_tags(_read_details(resource))))


def _read_details(resource: FindingEventResource | None) -> EcrImageDetails:
    details: ResourceDetails = read_object(resource.get("details") if resource else None)
    return read_object(details.get("awsEcrContainerImage"))


def _read_tags(image: EcrImageDetails) -> list[str]:
    tags = image.get("imageTags")
    given = tags if isinstance(tags, list) else []
    return [tag for tag in given if isinstance(tag, str) and re.fullmatch(TAG, tag, re.ASCII)]


def _read_facts(detail: FindingEventDetail, resource: FindingEventResource | None) -> Facts:
    image, status = _read_details(resource), detail.get("status")
    running = image.get("inUseCount")
    return Facts(
        status=status if isinstance(status, str) else "",
        first_observed=read_event_time(detail.get("firstObservedAt")),
        pushed=read_event_time(image.get("pushedAt")),
        in_use=running if type(running) is int and running >= 0 else None,
        last_in_use=read_event_time(image.get("lastInUseAt")),
    )

"""The events that the rules match: scans, pushes, and changes of Inspector's coverage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_events as events

from scan_brief_cdk.route import Route


@dataclass(frozen=True, kw_only=True)
class EventSource:
    """One kind of event. name: of its rules. match: the pattern for repositories."""

    name: str
    description: str
    match: Callable[[Sequence[Route]], events.EventPattern]


def list_sources(repositories: str) -> tuple[EventSource, ...]:
    """All of them. repositories: the beginning of every ARN, `arn:…:repository/`."""
    return (
        EventSource(
            name="Rule",
            description="Completed Inspector scans of the watched repositories start Scan Brief",
            match=lambda routes: _match_scans(routes, repositories),
        ),
        EventSource(
            name="PushRule",
            description="Pushes to the watched repositories start Scan Brief's watchdog",
            match=_match_pushes,
        ),
        EventSource(
            name="CoverageRule",
            description="Images that Inspector cannot scan any more start Scan Brief's watchdog",
            match=lambda routes: _match_coverage(routes, repositories),
        ),
    )


def finding_source(repositories: str) -> EventSource:
    """Findings of images that may run, which only the urgent path looks at."""
    return EventSource(
        name="FindingRule",
        description="New Inspector findings of the watched repositories reach the urgent path",
        match=lambda routes: _match_findings(routes, repositories),
    )


def _match_scans(routes: Sequence[Route], repositories: str) -> events.EventPattern:
    return events.EventPattern(
        source=["aws.inspector2"],
        detail_type=["Inspector2 Scan"],
        # The value of repository-name is the ARN. Scans of EC2 instances, Lambda functions and AMIs
        # do not have this field.
        detail={"repository-name": [route.match_arn(repositories) for route in routes]},
    )


def _match_pushes(routes: Sequence[Route]) -> events.EventPattern:
    return events.EventPattern(
        source=["aws.ecr"],
        detail_type=["ECR Image Action"],
        detail={
            "action-type": ["PUSH"],
            "result": ["SUCCESS"],
            # Here the value is the bare name.
            "repository-name": [_match_name(route) for route in routes],
        },
    )


def _match_coverage(routes: Sequence[Route], repositories: str) -> events.EventPattern:
    # The Inspector user guide shows no event of an image. ListCoverage calls an image
    # REPOSITORY_ARN/DIGEST, and the event lists the ids of its resources.
    return events.EventPattern(
        source=["aws.inspector2"],
        detail_type=["Inspector2 Coverage"],
        resources=_match_images(routes, repositories),
        detail={"scanStatus": {"statusCodeValue": ["INACTIVE"]}},
    )


def _match_findings(routes: Sequence[Route], repositories: str) -> events.EventPattern:
    # The event does not say whether the vulnerability is known to be exploited, and its time is no
    # number, so neither its severity nor its age decides here. An older event has no inUseCount.
    running = [{"exists": False}, {"anything-but": 0}]
    return events.EventPattern(
        source=["aws.inspector2"],
        detail_type=["Inspector2 Finding"],
        resources=_match_images(routes, repositories),
        detail={
            "status": ["ACTIVE"],
            "resources": {
                "type": ["AWS_ECR_CONTAINER_IMAGE"],
                "details": {"awsEcrContainerImage": {"inUseCount": running}},
            },
        },
    )


def _match_images(routes: Sequence[Route], repositories: str) -> list[str]:
    prefixes = [events.Match.prefix(f"{repositories}{_begin(route)}") for route in routes]
    return events.Match.any_of(*prefixes)


def _begin(route: Route) -> str:
    return f"{route.name}/sha256:" if route.prefix is None else route.prefix


def _match_name(route: Route) -> str | dict[str, Any]:
    if route.prefix is None:
        return route.name
    return {"prefix": route.prefix} if route.prefix else {"exists": True}

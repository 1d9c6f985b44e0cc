"""The topics that receive a copy of each brief, by route. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from scan_brief_common.limits import COPY_TOPICS

if TYPE_CHECKING:
    from scan_brief_cdk.route import Route

# How the names of the regions of other partitions begin.
_PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "eusc-": "aws-eusc",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
}


def list_topics(routes: Iterable[Route]) -> list[str]:
    """The ARNs of all topics that receive copies, each once."""
    return list(dict.fromkeys(arn for route in routes for arn in route.topic_arns))


def write_copy_topics(routes: Iterable[Route]) -> str:
    """Which briefs are copied where, as JSON, for the machine that sends copies.

    Shape: [{"patterns": names of routes, "topicArns": where their briefs go too}].
    """
    patterns: dict[tuple[str, ...], list[str]] = {}
    for route in routes:
        if route.topic_arns:
            patterns.setdefault(tuple(route.topic_arns), []).append(route.name)
    return json.dumps(
        [{"patterns": names, "topicArns": [*arns]} for arns, names in patterns.items()],
        separators=(",", ":"),
    )


def find_topic_limit(routes: Sequence[Route]) -> str | None:
    """The limit that the topics exceed, in words; None if they exceed none."""
    topics = list_topics(routes)
    if len(topics) > COPY_TOPICS:
        return f"at most {COPY_TOPICS} topics of all topicArns together"
    places = {(arn.split(":")[1], arn.split(":")[3]) for arn in topics}
    if len(places) > 1 or any(partition != partition_of(region) for partition, region in places):
        return "topicArns in one Region, that of the stack, and in its partition"
    return None


def partition_of(region: str) -> str:
    """AWS General Reference, "Service endpoints": regions by partition."""
    return next((name for begin, name in _PARTITIONS.items() if region.startswith(begin)), "aws")

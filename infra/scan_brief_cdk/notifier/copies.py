"""What the machine that sends copies may do."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from scan_brief_cdk.grants import allow
from scan_brief_cdk.notifier.definition import EVENT_DETAIL_TYPE, EVENT_SOURCE


def allow_copies(role: iam.Role, topics: Sequence[str], *, publish_events: bool) -> None:
    """topics: their ARNs. The policy of a topic of another account, and the policy of a topic's
    key, must allow the role too: docs/subscribe.md.
    """
    if topics:
        allow(
            role,
            actions=["sns:Publish"],
            resources=topics,
            because="publishes a copy of each brief to the topics of its routes",
        )
    if publish_events:
        bus = Stack.of(role).format_arn(
            service="events", resource="event-bus", resource_name="default"
        )
        allow(
            role,
            actions=["events:PutEvents"],
            resources=[bus],
            because="puts each report on the account's event bus, and no other event",
            conditions={
                "StringEquals": {
                    "events:source": [EVENT_SOURCE],
                    "events:detail-type": [EVENT_DETAIL_TYPE],
                }
            },
        )

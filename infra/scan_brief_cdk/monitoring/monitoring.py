"""The alarms, the topic that they notify (the stack's own or a given one), and the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_sns as sns
from constructs import Construct

from scan_brief_cdk.monitoring.alarms import Alarms
from scan_brief_cdk.monitoring.dashboard import Dashboard
from scan_brief_cdk.monitoring.operations_topic import OperationsTopic
from scan_brief_cdk.monitoring.urgent_alarms import UrgentAlarms
from scan_brief_cdk.monitoring.watched import Watched


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """topic: that the alarms notify. dashboard: its name."""

    topic: sns.ITopic
    dashboard: str


def create_monitoring(
    scope: Construct, *, topic: sns.ITopic | None, addresses: Sequence[str], watched: Watched
) -> Monitoring:
    """Create the alarms and the dashboard.

    topic: a given one. addresses: subscribers of the topic that is created if there is none.
    """
    own = None
    if topic is None:
        own = OperationsTopic(scope, "OperationsTopic", addresses=addresses)
        topic = own.topic
    alarms = Alarms(scope, "Alarms", watched=watched, topic=topic)
    every = list(alarms.alarms)
    if watched.urgent:
        every += UrgentAlarms(scope, "UrgentAlarms", watched=watched.urgent, topic=topic).alarms
    if own:
        own.allow_publish_by(every)
    dashboard = Dashboard(scope, "Dashboard", watched=watched, alarms=every)
    return Monitoring(topic=topic, dashboard=dashboard.name)

"""The alarms, and the topic that they notify: the stack's own or a given one."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_sns as sns
from constructs import Construct

from scan_brief_cdk.monitoring.alarms import Alarms, Watched
from scan_brief_cdk.monitoring.operations_topic import OperationsTopic


def create_monitoring(
    scope: Construct, *, topic: sns.ITopic | None, addresses: Sequence[str], watched: Watched
) -> sns.ITopic:
    """Create the alarms. Returns the topic that they notify.

    topic: a given one. addresses: subscribers of the topic that is created if there is none.
    """
    own = None
    if topic is None:
        own = OperationsTopic(scope, "OperationsTopic", addresses=addresses)
        topic = own.topic
    alarms = Alarms(scope, "Alarms", watched=watched, topic=topic)
    if own:
        own.allow_publish_by(alarms.alarms)
    return topic

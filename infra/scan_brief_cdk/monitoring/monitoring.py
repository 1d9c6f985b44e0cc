"""The alarms, and the topic that they notify: the stack's own or a given one."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from scan_brief_cdk.monitoring.alarms import Alarms
from scan_brief_cdk.monitoring.operations_topic import OperationsTopic


def create_monitoring(
    scope: Construct,
    *,
    topic: sns.ITopic | None,
    addresses: Sequence[str],
    brief: sfn.StateMachine,
    fallback: sfn.StateMachine,
    rules: Sequence[events.Rule],
    dead_letter_queue: sqs.Queue,
) -> sns.ITopic:
    """Create the alarms. Returns the topic that they notify.

    topic: a given one. addresses: subscribers of the topic that is created if there is none.
    """
    own = None
    if topic is None:
        own = OperationsTopic(scope, "OperationsTopic", addresses=addresses)
        topic = own.topic
    alarms = Alarms(
        scope,
        "Alarms",
        brief=brief,
        fallback=fallback,
        rules=rules,
        dead_letter_queue=dead_letter_queue,
        topic=topic,
    )
    if own:
        own.allow_publish_by(alarms.alarms)
    return topic

"""Queues that keep what waits, and what could not be delivered, for 14 days."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from scan_brief_cdk.grants import TLS_ONLY, explain

_KEPT = Duration.days(14)  # Amazon SQS keeps no message for longer


def create_queue(
    scope: Construct,
    construct_id: str,
    *,
    visibility: Duration | None = None,
    dead_letters: sqs.DeadLetterQueue | None = None,
) -> sqs.Queue:
    """An encrypted queue that accepts requests over TLS only.

    visibility: how long a received message is hidden; None: 30 seconds.
    """
    queue = sqs.Queue(
        scope,
        construct_id,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=_KEPT,
        visibility_timeout=visibility,
        dead_letter_queue=dead_letters,
    )
    explain(
        queue,
        effect="Deny",
        actions=["sqs:*"],
        conditions=[TLS_ONLY],
        because="nobody uses the queue in clear text",
    )
    return queue


def create_dead_letter_queue(
    scope: Construct, construct_id: str, of: str, *, visibility: Duration | None = None
) -> sqs.Queue:
    """of: whose, for the rule that asks each queue for a dead-letter queue."""
    queue = create_queue(scope, construct_id, visibility=visibility)
    Validations.of(queue).acknowledge(
        Acknowledgment(id="AwsSolutions-SQS3", reason=f"It is a dead-letter queue itself, of {of}")
    )
    return queue

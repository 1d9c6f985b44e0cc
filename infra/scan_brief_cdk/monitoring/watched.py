"""What the alarms and the dashboard watch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn


@dataclass(frozen=True, kw_only=True)
class WatchedQueue:
    """The urgent path's queue, the rules that fill it, and what could not be decided."""

    queue: sqs.Queue
    dead_letter_queue: sqs.Queue
    rules: Sequence[events.Rule]


@dataclass(frozen=True, kw_only=True)
class Watched:
    """machines: by the beginning of the alarms' names, as in meanings.MACHINES.

    functions, and their logs: by name. watch_minutes: how long a push is waited for. briefs: the
    topic of the briefs. unstarted_digests: what the schedules could not start. urgent: None
    without the urgent path.
    """

    machines: Mapping[str, sfn.StateMachine]
    functions: Mapping[str, lambda_.Function]
    logs: Mapping[str, logs.LogGroup]
    rules: Sequence[events.Rule]
    dead_letter_queue: sqs.Queue
    unstarted_digests: sqs.Queue
    watch_minutes: int
    briefs: sns.Topic
    urgent: WatchedQueue | None = None

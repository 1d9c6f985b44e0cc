"""The alarms for urgent findings that nobody decided about."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_sns as sns
from constructs import Construct

from scan_brief_cdk.monitoring.alarm_group import PERIOD, AlarmGroup
from scan_brief_cdk.monitoring.failed_invocations import measure_failed_invocations
from scan_brief_cdk.monitoring.watched import WatchedQueue

WAITING = Duration.hours(1)


class UrgentAlarms(AlarmGroup):
    """One alarm for each way to leave a finding event undecided."""

    def __init__(
        self, scope: Construct, construct_id: str, *, watched: WatchedQueue, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, construct_id, topic=topic)
        self._add(
            "UrgentDeadLetters",
            watched.dead_letter_queue.metric_approximate_number_of_messages_visible(
                period=PERIOD, statistic="Maximum"
            ),
            "a finding event could not be decided and is in the urgent path's dead-letter queue",
            "correct what FindUrgent's log says, then move the messages back to the queue",
        )
        self._add(
            "UrgentWaiting",
            watched.queue.metric_approximate_age_of_oldest_message(
                period=PERIOD, statistic="Maximum"
            ),
            "a finding event has waited for an hour to be decided",
            "read FindUrgent's log, and whether Amazon Inspector and the memory are available",
            threshold=int(WAITING.to_seconds()),
        )
        for number, rule in enumerate(watched.rules, start=1):
            self._add(
                f"UrgentFailedInvocations{number}",
                measure_failed_invocations(rule, period=PERIOD),
                "a rule could not send finding events to the urgent path's queue",
                "correct the rule's target or the queue's policy, then move the messages from the"
                " dead-letter queue",
            )

"""The alarms for urgent findings that nobody decided about."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from scan_brief_cdk.monitoring.alarms import PERIOD, describe_alarm
from scan_brief_cdk.monitoring.failed_invocations import measure_failed_invocations
from scan_brief_cdk.monitoring.watched import WatchedQueue

WAITING = Duration.hours(1)


class UrgentAlarms(Construct):
    """topic: where the alarms go. alarms: those that notify it."""

    def __init__(
        self, scope: Construct, construct_id: str, *, watched: WatchedQueue, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, construct_id)
        self.alarms: list[cloudwatch.AlarmBase] = []
        self._action = actions.SnsAction(topic)
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

    def _add(
        self,
        construct_id: str,
        metric: cloudwatch.IMetric,
        meaning: str,
        remedy: str,
        threshold: int = 1,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            construct_id,
            metric=metric,
            alarm_description=describe_alarm(meaning, remedy),
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._action)
        self.alarms.append(alarm)

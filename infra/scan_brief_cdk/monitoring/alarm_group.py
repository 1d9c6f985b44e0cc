"""Alarms that notify one topic."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

PERIOD = Duration.minutes(5)


class AlarmGroup(Construct):
    """topic: where the alarms go. alarms: those that notify it."""

    def __init__(self, scope: Construct, construct_id: str, *, topic: sns.ITopic) -> None:
        super().__init__(scope, construct_id)
        self.alarms: list[cloudwatch.AlarmBase] = []
        self._action = actions.SnsAction(topic)

    def _add(
        self,
        construct_id: str,
        metric: cloudwatch.IMetric,
        meaning: str,
        remedy: str,
        *,
        periods: int = 1,
        threshold: int = 1,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            construct_id,
            metric=metric,
            alarm_description=describe_alarm(meaning, remedy),
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            # Without a scan there is no metric: missing data is the usual state.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._action)
        self.alarms.append(alarm)


def describe_alarm(meaning: str, remedy: str) -> str:
    """The description of an alarm."""
    return f"Scan Brief: {meaning}. What to do: {remedy} (docs/runbook.md, An alarm rang)"

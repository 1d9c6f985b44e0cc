"""The alarms for briefs that did not arrive."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

PERIOD = Duration.minutes(5)


class Alarms(Construct):
    """One alarm for each way to lose a brief.

    topic: where the alarms go.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        brief: sfn.StateMachine,
        fallback: sfn.StateMachine,
        rules: Sequence[events.Rule],
        dead_letter_queue: sqs.Queue,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self.alarms: list[cloudwatch.Alarm] = []
        self._topic = topic
        self._add(
            "ExecutionsFailed",
            brief.metric_failed(period=PERIOD),
            "Scan Brief: an execution failed. A brief has no findings or was not sent, or a request"
            " was refused",
        )
        self._add(
            "ExecutionsTimedOut",
            brief.metric_timed_out(period=PERIOD),
            "Scan Brief: an execution timed out before it sent its brief",
        )
        self._add(
            "FallbackFailed",
            fallback.metric_failed(period=PERIOD),
            "Scan Brief: a fallback brief was not sent: a scan ended without any message",
        )
        self._add(
            "FallbackTimedOut",
            fallback.metric_timed_out(period=PERIOD),
            "Scan Brief: a fallback brief took too long and was not sent",
        )
        self._add(
            "DeadLetters",
            dead_letter_queue.metric_approximate_number_of_messages_visible(
                period=PERIOD,
                statistic="Maximum",
            ),
            "Scan Brief: a scan event could not start the workflow and is in the dead-letter queue",
        )
        for number, rule in enumerate(rules, start=1):
            self._add(
                f"FailedInvocations{number}",
                _failed_invocations(rule),
                "Scan Brief: a rule could not start the workflow",
            )

    def _add(self, construct_id: str, metric: cloudwatch.Metric, description: str) -> None:
        alarm = cloudwatch.Alarm(
            self,
            construct_id,
            metric=metric,
            alarm_description=description,
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            # Without a scan there is no metric: missing data is the usual state.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self._topic))
        self.alarms.append(alarm)


def _failed_invocations(rule: events.Rule) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/Events",
        metric_name="FailedInvocations",
        dimensions_map={"RuleName": rule.rule_name},
        statistic="Sum",
        period=PERIOD,
    )

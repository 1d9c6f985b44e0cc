"""The alarms for briefs that did not arrive."""

from __future__ import annotations

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from scan_brief_cdk.monitoring.alarm_group import PERIOD, AlarmGroup, describe_alarm
from scan_brief_cdk.monitoring.failed_invocations import measure_failed_invocations
from scan_brief_cdk.monitoring.log_metrics import measure_lines
from scan_brief_cdk.monitoring.meanings import MACHINES
from scan_brief_cdk.monitoring.watched import Watched

_DAY = Duration.days(1)
_WEEK = 7  # days, the longest that CloudWatch evaluates
_LASTING = 3  # periods: a function's error is retried, and one that passes is nobody's work
_LATE_SECONDS = 3_600  # after the time to wait: all retries of FindUnscanned
_ASKED = "IgnoreVulnerability"


class Alarms(AlarmGroup):
    """One alarm for each way to lose a brief."""

    def __init__(
        self, scope: Construct, construct_id: str, *, watched: Watched, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, construct_id, topic=topic)
        for name, machine in watched.machines.items():
            self._watch_machine(name, machine)
        for name, function in watched.functions.items():
            self._watch_function(name, function)
        self._add(
            "DeadLetters",
            watched.dead_letter_queue.metric_approximate_number_of_messages_visible(
                period=PERIOD, statistic="Maximum"
            ),
            "an event could not start the door and is in the dead-letter queue",
            "correct what the rule could not do, then run scan-brief replay-dlq",
        )
        self._add(
            "UnstartedDigests",
            watched.unstarted_digests.metric_approximate_number_of_messages_visible(
                period=PERIOD, statistic="Maximum"
            ),
            "a schedule could not start a digest",
            "correct the schedules' role or the digest machine, then start it with the message",
        )
        for number, rule in enumerate(watched.rules, start=1):
            self._add(
                f"FailedInvocations{number}",
                measure_failed_invocations(rule, period=PERIOD),
                "a rule could not start the door",
                "correct the rule's role or target, then run scan-brief replay-dlq",
            )
        self._watch_pushes(watched)

    def _watch_machine(self, name: str, machine: sfn.StateMachine) -> None:
        meaning, remedy = MACHINES[name]
        for end, metric in (
            ("Failed", machine.metric_failed(period=PERIOD)),
            ("TimedOut", machine.metric_timed_out(period=PERIOD)),
            ("Aborted", machine.metric_aborted(period=PERIOD)),
        ):
            self._add(f"{name}{end}", metric, meaning, remedy)

    def _watch_function(self, name: str, function: lambda_.Function) -> None:
        if name == _ASKED:
            self._watch_asked(function)
            return
        self._add(
            f"{name}Errors",
            function.metric_errors(period=PERIOD),
            f"{name} has failed for 15 minutes; its tasks are retried",
            "read the function's log, and whether Amazon Inspector is available",
            periods=_LASTING,
        )
        self._add(
            f"{name}Throttles",
            function.metric_throttles(period=PERIOD),
            f"AWS Lambda has throttled {name} for 15 minutes; its tasks are retried",
            "raise the account's concurrency in Service Quotas, or free some of it",
            periods=_LASTING,
        )

    def _watch_asked(self, function: lambda_.Function) -> None:
        """Of a function that a person calls, which nobody retries."""
        meaning = "what a person asked to ignore from a chat was not kept, and is counted"
        for end, metric, remedy in (
            ("Errors", function.metric_errors(period=PERIOD), "read the function's log"),
            ("Throttles", function.metric_throttles(period=PERIOD), "free some concurrency"),
        ):
            self._add(f"{_ASKED}{end}", metric, meaning, f"{remedy}, then press the button again")

    def _watch_pushes(self, watched: Watched) -> None:
        log = watched.logs["FindUnscanned"]
        age = measure_lines(
            self,
            "PushAge",
            log,
            pattern="{ $.pushAgeSeconds > 0 }",
            value="$.pushAgeSeconds",
        )
        self._add(
            "OldestPush",
            age.metric(period=PERIOD, statistic="Maximum"),
            "a push was answered more than an hour late",
            "look for executions of the watchdog that still run, and what they wait for",
            threshold=watched.watch_minutes * 60 + _LATE_SECONDS,
        )
        pushes = measure_lines(
            self,
            "ImagesPushed",
            watched.logs["FindUnscanned"],
            pattern="{ $.image IS TRUE }",
            value="1",
        )
        silence = self._evaluate_week(
            "NoBrief",
            # Not the messages of the topic, which has digests too.
            watched.machines["Executions"].metric_succeeded(period=_DAY, statistic="Sum"),
            cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            days=_WEEK,
            missing=cloudwatch.TreatMissingData.BREACHING,
        )
        pushed = self._evaluate_week(
            "Pushed",
            pushes.metric(period=_DAY, statistic="Sum"),
            cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            days=1,
            missing=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm = cloudwatch.CompositeAlarm(
            self,
            "NoBriefForAWeek",
            # CDK's own name has no stack name, so two stacks would have the same.
            composite_alarm_name=f"{Aws.STACK_NAME}-{self.node.addr[-8:]}-NoBriefForAWeek",
            alarm_description=describe_alarm(
                "images were pushed within a week, and no brief was sent",
                "run scan-brief doctor",
            ),
            alarm_rule=cloudwatch.AlarmRule.all_of(
                cloudwatch.AlarmRule.from_alarm(silence, cloudwatch.AlarmState.ALARM),
                cloudwatch.AlarmRule.from_alarm(pushed, cloudwatch.AlarmState.ALARM),
            ),
        )
        alarm.add_alarm_action(self._action)
        self.alarms.append(alarm)

    def _evaluate_week(
        self,
        construct_id: str,
        metric: cloudwatch.Metric,
        operator: cloudwatch.ComparisonOperator,
        *,
        days: int,
        missing: cloudwatch.TreatMissingData,
    ) -> cloudwatch.Alarm:
        """A part of the alarm for a week, which notifies nobody itself."""
        return cloudwatch.Alarm(
            self,
            construct_id,
            metric=metric,
            alarm_description="Scan Brief: a part of the alarm NoBriefForAWeek",
            threshold=1,
            evaluation_periods=_WEEK,
            datapoints_to_alarm=days,
            comparison_operator=operator,
            treat_missing_data=missing,
        )

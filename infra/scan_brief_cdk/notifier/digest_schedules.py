"""The schedules of the digests: one for each audience starts the digest machine."""

from __future__ import annotations

import json
from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from scan_brief_cdk.audience import Audience
from scan_brief_cdk.grants import allow, create_service_role
from scan_brief_cdk.notifier.dependencies import depend_on_policy_only
from scan_brief_cdk.notifier.queues import create_dead_letter_queue
from scan_brief_cdk.settings.digest import Digests

# EventBridge Scheduler accepts up to 24 hours and 185 attempts; the next digest makes up for one.
RETRY_HOURS = 2
RETRY_ATTEMPTS = 60


class DigestSchedules(Construct):
    """One schedule for each audience; none if digests are off.

    dead_letter_queue: what Scheduler could not start in RETRY_HOURS, for 14 days. The machine gets
    {"audience": its id, "scheduledAt": the time of the run, not of the delivery}.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        audiences: Sequence[Audience],
        digests: Digests,
        state_machine: sfn.StateMachine,
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead_letter_queue = create_dead_letter_queue(self, "DeadLetterQueue", "the schedules")
        self._role = self._create_role(state_machine)
        if digests.period != "off":
            for audience in audiences:
                self._create(audience, digests, state_machine)

    def _create_role(self, state_machine: sfn.StateMachine) -> iam.Role:
        role = create_service_role(
            self,
            "Role",
            service="scheduler.amazonaws.com",
            because="EventBridge Scheduler starts digests with this role",
        )
        allow(
            role,
            actions=["states:StartExecution"],
            resources=[state_machine.state_machine_arn],
            because="a schedule starts the digest machine",
        )
        allow(
            role,
            actions=["sqs:SendMessage"],
            resources=[self.dead_letter_queue.queue_arn],
            because="keeps what Scheduler could not start",
        )
        return role

    def _create(
        self, audience: Audience, digests: Digests, state_machine: sfn.StateMachine
    ) -> None:
        schedule = scheduler.CfnSchedule(
            self,
            f"Audience{audience.id}",
            description="Scan Brief's digest of what is new in the watched repositories",
            schedule_expression=write_expression(digests),
            schedule_expression_timezone=digests.time_zone or audience.time_zone,
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=state_machine.state_machine_arn,
                role_arn=self._role.role_arn,
                input=json.dumps(
                    {"audience": audience.id, "scheduledAt": "<aws.scheduler.scheduled-time>"}
                ),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=RETRY_HOURS * 3_600,
                    maximum_retry_attempts=RETRY_ATTEMPTS,
                ),
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                    arn=self.dead_letter_queue.queue_arn
                ),
            ),
        )
        depend_on_policy_only(schedule, self._role)


def write_expression(digests: Digests) -> str:
    """EventBridge Scheduler's cron, which is read in the schedule's time zone."""
    days = "* * ?" if digests.period == "daily" else f"? * {digests.day}"
    return f"cron(0 {digests.hour} {days} *)"

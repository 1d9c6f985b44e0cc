"""The EventBridge rules: a scan of a watched repository starts the workflow."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from scan_brief_cdk.route import Route, group_for_rules

# A day is the service's own limit (with 185 attempts). After two hours a person should know.
RETRY_HOURS = 2
RETRY_ATTEMPTS = 60


class ScanRules(Construct):
    """Hand every "Inspector2 Scan" event of the watched repositories, as it is, to the state
    machine.

    One rule, or as many as the patterns need. repository_arn_prefix: `arn:…:repository/`. What
    cannot be delivered ends in dead_letter_queue, for 14 days.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        routes: Sequence[Route],
        repository_arn_prefix: str,
        state_machine: sfn.IStateMachine,
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead_letter_queue = sqs.Queue(
            self,
            "DeadLetterQueue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )
        # One statement for all rules, where CDK would add one for each: SQS takes 20, and 8,192
        # bytes of them.
        self._target_queue = sqs.Queue.from_queue_arn(
            self, "TargetQueue", self.dead_letter_queue.queue_arn
        )
        self.rules = [
            self._create_rule(
                number, [one.match_arn(repository_arn_prefix) for one in group], state_machine
            )
            for number, group in enumerate(group_for_rules(routes), start=1)
        ]
        self.dead_letter_queue.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AllowTheRules",
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[self.dead_letter_queue.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": [rule.rule_arn for rule in self.rules]}},
            )
        )

    def _create_rule(
        self,
        number: int,
        repository_arns: list[str | dict[str, str]],
        state_machine: sfn.IStateMachine,
    ) -> events.Rule:
        rule = events.Rule(
            self,
            f"Rule{number}",
            description=(
                "Completed Inspector scans of the watched repositories start the Scan Brief"
                " workflow"
            ),
            event_pattern=events.EventPattern(
                source=["aws.inspector2"],
                detail_type=["Inspector2 Scan"],
                # A name by name, the ARN by value. The scans of EC2, Lambda and AMIs have none.
                detail={"repository-name": repository_arns},
            ),
        )
        rule.add_target(
            # No input is chosen, so the whole event goes over.
            targets.SfnStateMachine(
                state_machine,
                dead_letter_queue=self._target_queue,
                max_event_age=Duration.hours(RETRY_HOURS),
                retry_attempts=RETRY_ATTEMPTS,
            )
        )
        return rule

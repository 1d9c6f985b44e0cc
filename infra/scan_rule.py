"""The EventBridge rule: a scan of this repository starts the workflow."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

# A day is the service's own limit (with 185 attempts). After two hours a person should know.
RETRY_HOURS = 2
RETRY_ATTEMPTS = 60


class ScanRule(Construct):
    """Hands every "Inspector2 Scan" event of one repository, as it is, to the state machine.

    What cannot be delivered ends in dead_letter_queue, for 14 days.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        repository_arn: str,
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
        self.rule = events.Rule(
            self,
            "Rule",
            description="Completed Inspector scans of the repository start the Scan Brief workflow",
            event_pattern=events.EventPattern(
                source=["aws.inspector2"],
                detail_type=["Inspector2 Scan"],
                # A name by name, the ARN by value. The scans of EC2, Lambda and AMIs have none.
                detail={"repository-name": [repository_arn]},
            ),
        )
        self.rule.add_target(
            # No input is chosen, so the whole event goes over.
            targets.SfnStateMachine(
                state_machine,
                dead_letter_queue=self.dead_letter_queue,
                max_event_age=Duration.hours(RETRY_HOURS),
                retry_attempts=RETRY_ATTEMPTS,
            )
        )

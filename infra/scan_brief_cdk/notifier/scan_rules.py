"""The EventBridge rules: scans and pushes of watched repositories reach the door."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from scan_brief_cdk.grants import add_to_policy, explain, explain_trust
from scan_brief_cdk.notifier.event_sources import EventSource, list_sources
from scan_brief_cdk.notifier.queues import create_dead_letter_queue
from scan_brief_cdk.route import Route, group_for_rules

# EventBridge accepts up to 24 hours and 185 attempts. A failure is reported after two hours.
RETRY_HOURS = 2
RETRY_ATTEMPTS = 60


class ScanRules(Construct):
    """Start the state machine with each event of event_sources of the watched repositories.

    There are as many rules for each source as the patterns need. repository_arn_prefix:
    `arn:…:repository/`. dead_letter_queue keeps events that cannot be delivered for 14 days.
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
        self.dead_letter_queue = create_dead_letter_queue(
            self, "DeadLetterQueue", "an EventBridge target, which the rule does not look at"
        )
        # An imported queue, because CDK would add a statement for each rule to the policy of its
        # own queue, and SQS accepts only 20 statements and 8,192 bytes.
        self._target_queue = sqs.Queue.from_queue_arn(
            self, "TargetQueue", self.dead_letter_queue.queue_arn
        )
        self.rules = [
            self._create_rule(f"{source.name}{number}", source, group, state_machine)
            for source in list_sources(repository_arn_prefix)
            for number, group in enumerate(group_for_rules(routes), start=1)
        ]
        self._explain_target_role(state_machine)
        add_to_policy(
            self.dead_letter_queue,
            iam.PolicyStatement(
                sid="AllowTheRules",
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[self.dead_letter_queue.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": [rule.rule_arn for rule in self.rules]}},
            ),
            because="keeps the events that this stack's rules could not deliver",
        )

    def _explain_target_role(self, state_machine: sfn.IStateMachine) -> None:
        """CDK creates one role for all rules with this target."""
        role = state_machine.node.find_child("EventsRole")
        explain_trust(role, because="EventBridge delivers events with this role")
        explain(role, actions=["states:StartExecution"], because="a scan or a push starts the door")

    def _create_rule(
        self,
        construct_id: str,
        source: EventSource,
        routes: Sequence[Route],
        state_machine: sfn.IStateMachine,
    ) -> events.Rule:
        rule = events.Rule(
            self, construct_id, description=source.description, event_pattern=source.match(routes)
        )
        rule.add_target(
            # Without an input, the target receives the whole event.
            targets.SfnStateMachine(
                state_machine,
                dead_letter_queue=self._target_queue,
                max_event_age=Duration.hours(RETRY_HOURS),
                retry_attempts=RETRY_ATTEMPTS,
            )
        )
        return rule

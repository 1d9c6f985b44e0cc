"""The urgent path: finding events of the watched repositories wait in a queue for a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from scan_brief_cdk.grants import NO_RESOURCE, add_to_policy, allow
from scan_brief_cdk.memory.table import MemoryTable
from scan_brief_cdk.monitoring.watched import WatchedQueue
from scan_brief_cdk.notifier.dependencies import depend_on_policy_only
from scan_brief_cdk.notifier.event_sources import finding_source
from scan_brief_cdk.notifier.functions import ScanFunction
from scan_brief_cdk.notifier.queues import create_dead_letter_queue, create_queue
from scan_brief_cdk.route import Route, group_for_rules
from scan_brief_cdk.settings.urgent import Urgent

if TYPE_CHECKING:
    from scan_brief_cdk.notifier.scan_notifier import ScanNotifier

TIMEOUT_SECONDS = 120
# AWS Lambda Developer Guide, "Using Lambda with Amazon SQS": six times the function's timeout, and
# the time to gather a batch.
GATHER_SECONDS = 15
VISIBLE_AFTER_SECONDS = 6 * TIMEOUT_SECONDS + GATHER_SECONDS
DELIVERIES = 10  # in about two hours
BATCH = 100  # events, of which one call of Inspector looks up 10
CONCURRENCY = 2  # the least that a mapping accepts: Inspector throttles more


class UrgentPath(Construct):
    """Its rules, queue, and the grants of its function, which starts briefs.

    chats_ignore: whether chats can ignore findings. dead_letter_queue: events that could not be
    delivered or decided, for 14 days.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        routes: Sequence[Route],
        repository_arn_prefix: str,
        function: ScanFunction,
        memory: MemoryTable,
        state_machine: sfn.StateMachine,
        chats_ignore: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        self.function = function
        visibility = Duration.seconds(VISIBLE_AFTER_SECONDS)
        self.dead_letter_queue = create_dead_letter_queue(
            self, "DeadLetterQueue", "the queue", visibility=visibility
        )
        self.queue = create_queue(
            self,
            "Queue",
            visibility=visibility,
            dead_letters=sqs.DeadLetterQueue(
                max_receive_count=DELIVERIES, queue=self.dead_letter_queue
            ),
        )
        source = finding_source(repository_arn_prefix)
        self.rules = [
            self._create_rule(f"{source.name}{number}", source.description, source.match(group))
            for number, group in enumerate(group_for_rules(routes), start=1)
        ]
        arns = [rule.rule_arn for rule in self.rules]
        self._let_rules_send(self.queue, arns, "finding events wait in the queue")
        self._let_rules_send(
            self.dead_letter_queue, arns, "keeps the events that could not be delivered to it"
        )
        self._connect()
        self._allow(state_machine)
        memory.allow_hold_by(function.role, chats_ignore=chats_ignore)

    @property
    def watched(self) -> WatchedQueue:
        """What the alarms watch."""
        return WatchedQueue(
            queue=self.queue, dead_letter_queue=self.dead_letter_queue, rules=self.rules
        )

    @property
    def outputs(self) -> dict[str, str]:
        """Values for the outputs of a stack, by name."""
        return {
            "FindUrgentFunctionName": self.function.function.function_name,
            "UrgentQueueUrl": self.queue.queue_url,
            "UrgentDeadLetterQueueUrl": self.dead_letter_queue.queue_url,
        }

    def _create_rule(
        self, construct_id: str, description: str, pattern: events.EventPattern
    ) -> events.Rule:
        # Imported queues: CDK would add a statement for each rule to the policies of its own.
        queue, dead_letters = (
            sqs.Queue.from_queue_arn(self, f"{construct_id}{name}", of.queue_arn)
            for name, of in (("Target", self.queue), ("DeadLetters", self.dead_letter_queue))
        )
        rule = events.Rule(self, construct_id, description=description, event_pattern=pattern)
        rule.add_target(targets.SqsQueue(queue, dead_letter_queue=dead_letters))
        return rule

    def _let_rules_send(self, queue: sqs.Queue, rules: Sequence[str], because: str) -> None:
        add_to_policy(
            queue,
            iam.PolicyStatement(
                sid="AllowTheRules",
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[queue.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": list(rules)}},
            ),
            because=because,
        )

    def _connect(self) -> None:
        role = self.function.role
        allow(
            role,
            actions=["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
            resources=[self.queue.queue_arn],
            because="Lambda takes finding events from the queue for the function",
        )
        mapping = lambda_.EventSourceMapping(
            self,
            "Mapping",
            target=self.function.function,
            event_source_arn=self.queue.queue_arn,
            batch_size=BATCH,
            max_batching_window=Duration.seconds(GATHER_SECONDS),
            max_concurrency=CONCURRENCY,
            report_batch_item_failures=True,
        )
        depend_on_policy_only(mapping, role)

    def _allow(self, state_machine: sfn.StateMachine) -> None:
        role = self.function.role
        allow(
            role,
            actions=["inspector2:BatchGetFindingDetails", "inspector2:ListFindings"],
            resources=["*"],
            because=(
                "asks whether new findings are known to be exploited, and whether their images run"
            ),
            wildcard_because=NO_RESOURCE,
        )
        allow(
            role,
            actions=["states:ListExecutions", "states:StartExecution"],
            resources=[state_machine.state_machine_arn],
            because=(
                "starts the brief of an image with an urgent finding, and counts these briefs if"
                " the memory is lost"
            ),
        )


def create_urgent_path(
    notifier: ScanNotifier,
    create: Callable[[str, int, Mapping[str, object]], ScanFunction],
    urgent: Urgent,
    routes: Sequence[Route],
    environment: Mapping[str, object],
) -> UrgentPath | None:
    """None if the settings do not ask for it. create: makes a function of the notifier's.

    environment: of the function, without what is its own.
    """
    if not urgent.enabled:
        return None
    brief = notifier.brief.state_machine
    own = {"URGENT_PER_HOUR": urgent.per_hour, "STATE_MACHINE_ARN": brief.state_machine_arn}
    return UrgentPath(
        notifier,
        "UrgentPath",
        routes=routes,
        repository_arn_prefix=notifier.repositories,
        function=create("FindUrgent", TIMEOUT_SECONDS, {**own, **environment}),
        memory=notifier.memory,
        state_machine=brief,
        chats_ignore=bool(environment["CHAT_BUTTONS"]),
    )

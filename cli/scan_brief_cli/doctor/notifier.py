"""Edge: asks about the deployed stack: its rules, dead-letter queues, state machines and topics."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from scan_brief.scan.request import Registry
from scan_brief_cli.doctor import notifier_checks as checks
from scan_brief_cli.doctor.calls import Account
from scan_brief_cli.doctor.check import Check, warning
from scan_brief_cli.doctor.faults import Unanswered
from scan_brief_cli.doctor.stack import (
    QUEUE,
    REPOSITORY,
    RULE,
    STATE_MACHINE,
    TOPIC,
    RuleName,
    Stack,
    parse_rule_name,
    read_watched,
)
from scan_brief_cli.doctor.step import run

_COUNTS = [
    *("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"),
    "ApproximateNumberOfMessagesDelayed",
]
_LookAt = Callable[[str], Check | Sequence[Check]]
_ALIKE = "*"  # no repository's own name holds it
_ENDED_BADLY = ("FAILED", "TIMED_OUT", "ABORTED")


class Notifier:
    """The notifier that a stack is."""

    def __init__(self, account: Account, registry: Registry, stack: Stack) -> None:
        self._account = account
        self._registry = registry
        self._stack = stack
        self._rules = [parse_rule_name(one) for one in self._resources(RULE)]

    def list_watched(self) -> list[str]:
        """The repositories that the rules name, or else those of the stack."""
        named = [one for one in self._read_rules() if not one.endswith(_ALIKE)]
        return list(dict.fromkeys(named or self._resources(REPOSITORY)))

    def list_described(self) -> list[str]:
        """What the rules' other repositories are called, such as team/*."""
        return [one for one in self._read_rules() if one.endswith(_ALIKE)]

    def _read_rules(self) -> list[str]:
        return [one for rule in self._rules for one in read_watched(self._read_pattern(rule))]

    def check(self, repositories: Sequence[str]) -> list[Check]:
        """In the order of an event's way."""
        return [
            *self._check_each(
                checks.RULE, "rule", RULE, lambda one: self._check_rule(parse_rule_name(one))
            ),
            *_run_each(checks.WATCHED, repositories, self._check_watched),
            *self._check_each(checks.QUEUE, "dead-letter queue", QUEUE, self._check_queue),
            *self._check_each(
                checks.WORKFLOW, "state machine", STATE_MACHINE, self._check_workflow
            ),
            *self._check_each(checks.TOPIC, "topic", TOPIC, self._check_topic),
        ]

    def _check_each(self, name: str, what: str, kind: str, look: _LookAt) -> list[Check]:
        found = self._resources(kind)
        if not found:
            return [checks.check_missing(name, what, self._stack)]
        return _run_each(name, found, look)

    def _resources(self, kind: str) -> Sequence[str]:
        return self._stack.resources.get(kind, ())

    def _describe(self, rule: RuleName) -> dict[str, Any]:
        return self._account.ask("events:DescribeRule", Name=rule.name, EventBusName=rule.bus)

    def _read_pattern(self, rule: RuleName) -> str | None:
        try:
            return self._describe(rule).get("EventPattern")
        except Unanswered:
            return None  # the rule's own line says why

    def _check_rule(self, rule: RuleName) -> Check:
        targets = self._account.ask_all(
            "events:ListTargetsByRule", "Targets", Rule=rule.name, EventBusName=rule.bus
        )
        return checks.check_rule(
            rule, self._describe(rule), targets, self._resources(STATE_MACHINE)
        )

    def _check_watched(self, repository: str) -> Check:
        """EventBridge itself says what a pattern takes."""
        event = json.dumps(checks.describe_scan(self._registry, repository))
        patterns = {rule.name: self._describe(rule).get("EventPattern") for rule in self._rules}
        taking = [
            name
            for name, pattern in patterns.items()
            if pattern
            and self._account.ask("events:TestEventPattern", EventPattern=pattern, Event=event)[
                "Result"
            ]
        ]
        return checks.check_watched(repository, taking)

    def _check_queue(self, url: str) -> Check:
        answer = self._account.ask("sqs:GetQueueAttributes", QueueUrl=url, AttributeNames=_COUNTS)
        return checks.check_queue(url, answer["Attributes"])

    def _check_workflow(self, arn: str) -> list[Check]:
        executions = self._account.ask("states:ListExecutions", stateMachineArn=arn, maxResults=1)[
            "executions"
        ]
        if not executions or executions[0]["status"] not in _ENDED_BADLY:
            return [checks.check_execution(arn, next(iter(executions), None), {})]
        try:
            described = self._account.ask(
                "states:DescribeExecution", executionArn=executions[0]["executionArn"]
            )
        except Unanswered as fault:  # that it failed is known all the same
            failed = checks.check_execution(arn, executions[0], {})
            return [warning(checks.WORKFLOW, fault.said, fault.advice), failed]
        return [checks.check_execution(arn, executions[0], described)]

    def _check_topic(self, arn: str) -> list[Check]:
        subscriptions = self._account.ask_all(
            "sns:ListSubscriptionsByTopic", "Subscriptions", TopicArn=arn
        )
        made = {
            key: one for key, one in self._stack.subscriptions.items() if one.startswith(f"{arn}:")
        }
        return checks.check_topic(arn, subscriptions, made)


def _run_each(name: str, things: Sequence[str], look: _LookAt) -> list[Check]:
    return [check for one in things for check in run(name, partial(look, one))]

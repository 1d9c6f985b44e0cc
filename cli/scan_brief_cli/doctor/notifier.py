"""Checks the deployed stack: its rules, dead-letter queues, state machines and topics."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from scan_brief.scan.request import Registry
from scan_brief_cli.doctor import notifier_checks as checks
from scan_brief_cli.doctor import topic_checks
from scan_brief_cli.doctor.calls import Account
from scan_brief_cli.doctor.check import Check, unmade
from scan_brief_cli.doctor.concurrency import CONCURRENCY, check_concurrency
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
_CheckOne = Callable[[str], Check | Sequence[Check]]
_WILDCARD = "*"  # a repository's name cannot have it
_ENDED_BADLY = ("FAILED", "TIMED_OUT", "ABORTED")


class Notifier:
    """The notifier in a stack."""

    def __init__(self, account: Account, registry: Registry, stack: Stack) -> None:
        self._account = account
        self._registry = registry
        self._stack = stack
        self._idle = {
            stack.fallback: "the fallback, was never needed",
            stack.summary: "which sends summaries, was never needed",
            stack.digest: "which sends digests, was not yet started by its schedule",
        }
        self._rules = [parse_rule_name(rule) for rule in self._resources(RULE)]

    def list_watched(self) -> list[str]:
        """The repositories that the rules name; without any, those of the stack."""
        named = [name for name in self._read_rules() if not name.endswith(_WILDCARD)]
        return list(dict.fromkeys(named or self._resources(REPOSITORY)))

    def list_described(self) -> list[str]:
        """The rules' patterns for other repositories, such as team/*."""
        return [name for name in self._read_rules() if name.endswith(_WILDCARD)]

    def _read_rules(self) -> list[str]:
        return [name for rule in self._rules for name in read_watched(self._read_pattern(rule))]

    def check(self, repositories: Sequence[str]) -> list[Check]:
        """All checks, in the order from the event to the topic."""
        return [
            *self._check_each(
                checks.RULE, "rule", RULE, lambda rule: self._check_rule(parse_rule_name(rule))
            ),
            *_run_each(checks.WATCHED, repositories, self._check_watched),
            *self._check_each(checks.QUEUE, "dead-letter queue", QUEUE, self._check_queue),
            *self._check_each(
                checks.WORKFLOW, "state machine", STATE_MACHINE, self._check_workflow
            ),
            *(run(CONCURRENCY, self._check_concurrency) if self._stack.fetch else []),
            *self._check_each(topic_checks.TOPIC, "topic", TOPIC, self._check_topic),
            *_run_each(topic_checks.TOPIC, self._list_given_topics(), self._check_topic),
        ]

    def _check_each(self, name: str, what: str, kind: str, look: _CheckOne) -> list[Check]:
        found = self._resources(kind)
        if not found:
            return [checks.check_missing(name, what, self._stack)]
        return _run_each(name, found, look)

    def _resources(self, kind: str) -> Sequence[str]:
        found = self._stack.resources.get(kind, ())
        # Messages in the urgent path's own queue are no dead letters.
        return [name for name in found if name != self._stack.urgent_queue]

    def _describe(self, rule: RuleName) -> dict[str, Any]:
        return self._account.ask("events:DescribeRule", Name=rule.name, EventBusName=rule.bus)

    def _read_pattern(self, rule: RuleName) -> str | None:
        try:
            return self._describe(rule).get("EventPattern")
        except Unanswered:
            return None  # the check of the rule says why

    def _check_rule(self, rule: RuleName) -> Check:
        targets = self._account.ask_all(
            "events:ListTargetsByRule", "Targets", Rule=rule.name, EventBusName=rule.bus
        )
        return checks.check_rule(rule, self._describe(rule), targets, self._list_destinations())

    def _list_destinations(self) -> list[str]:
        """The ARNs of what the rules may reach."""
        url, registry = self._stack.urgent_queue, self._registry
        place = f"{registry.partition}:sqs:{registry.region}:{self._stack.account}"
        queue = [f"arn:{place}:{url.rpartition('/')[2]}"] if url else []
        return [*self._resources(STATE_MACHINE), *queue]

    def _check_watched(self, repository: str) -> Check:
        """EventBridge itself evaluates the patterns."""
        event = json.dumps(checks.describe_scan(self._registry, repository))
        patterns = {rule.name: self._describe(rule).get("EventPattern") for rule in self._rules}
        matching = [
            name
            for name, pattern in patterns.items()
            if pattern
            and self._account.ask("events:TestEventPattern", EventPattern=pattern, Event=event)[
                "Result"
            ]
        ]
        return checks.check_watched(repository, matching)

    def _check_queue(self, url: str) -> Check:
        answer = self._account.ask("sqs:GetQueueAttributes", QueueUrl=url, AttributeNames=_COUNTS)
        return checks.check_queue(
            url, answer["Attributes"], replayed=self._stack.dead_letters in ("", url)
        )

    def _check_workflow(self, arn: str) -> list[Check]:
        executions = self._account.ask("states:ListExecutions", stateMachineArn=arn, maxResults=1)[
            "executions"
        ]
        if not executions and arn in self._idle:
            return [checks.note_unused(arn, self._idle[arn])]
        if not executions or executions[0]["status"] not in _ENDED_BADLY:
            return [checks.check_execution(arn, next(iter(executions), None), {})]
        try:
            described = self._account.ask(
                "states:DescribeExecution", executionArn=executions[0]["executionArn"]
            )
        except Unanswered as fault:  # it is still known that it failed
            failed = checks.check_execution(arn, executions[0], {})
            return [unmade(checks.WORKFLOW, fault.text, fault.advice), failed]
        return [checks.check_execution(arn, executions[0], described)]

    def _check_concurrency(self) -> Check:
        name = self._stack.fetch
        reserved = self._account.ask("lambda:GetFunctionConcurrency", FunctionName=name)
        return check_concurrency(reserved, self._account.ask("lambda:GetAccountSettings"))

    def _list_given_topics(self) -> list[str]:
        """The topic of the alarms, if it is another's in this account and region."""
        topic, place = self._stack.operations, [self._registry.region, self._stack.account]
        own = topic in self._resources(TOPIC)
        return [topic] if topic.split(":")[3:5] == place and not own else []

    def _check_topic(self, arn: str) -> list[Check]:
        subscriptions = self._account.ask_all(
            "sns:ListSubscriptionsByTopic", "Subscriptions", TopicArn=arn
        )
        made = {
            logical_id: subscription
            for logical_id, subscription in self._stack.subscriptions.items()
            if subscription.startswith(f"{arn}:")
        }
        operations = arn == self._stack.operations
        words = topic_checks.OPERATIONS if operations else topic_checks.BRIEFS
        return topic_checks.check_topic(arn, subscriptions, made, words)


def _run_each(name: str, things: Sequence[str], look: _CheckOne) -> list[Check]:
    return [check for thing in things for check in run(name, partial(look, thing))]

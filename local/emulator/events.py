"""Delivers an event of an AWS service to the emulator's rules, with EventBridge's public API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Connect = Callable[[str], Any]  # a boto3 client, by boto3's name of the service


class UnknownTarget(RuntimeError):
    """A rule's target is no state machine and no queue, or has its own input."""


def deliver_event(connect: Connect, event: Mapping[str, Any]) -> None:
    """Start, or fill, each target of each matching rule of the default bus. Raises UnknownTarget.

    PutEvents cannot do this: it rejects a source that begins with "aws.", as in AWS.
    """
    states, text = connect("stepfunctions"), json.dumps(event)
    for target in list(_match_targets(connect("events"), text)):
        if _service(target) == "states":
            states.start_execution(stateMachineArn=target["Arn"], input=text)
        else:
            queues = connect("sqs")
            url = queues.get_queue_url(QueueName=target["Arn"].rpartition(":")[2])["QueueUrl"]
            queues.send_message(QueueUrl=url, MessageBody=text)


def _match_targets(events: Any, event: str) -> Iterator[dict[str, Any]]:
    rules = [
        rule for page in events.get_paginator("list_rules").paginate() for rule in page["Rules"]
    ]
    for rule in rules:
        pattern = rule.get("EventPattern")
        if (
            rule["State"] == "ENABLED"
            and pattern
            and events.test_event_pattern(EventPattern=pattern, Event=event)["Result"]
        ):
            for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]:
                yield _check_target(rule["Name"], target)


def _check_target(rule: str, target: dict[str, Any]) -> dict[str, Any]:
    known = _service(target) in ("states", "sqs")
    if not known or {"Input", "InputPath", "InputTransformer"} & target.keys():
        raise UnknownTarget(f"rule {rule}: cannot deliver to the target {target}")
    return target


def _service(target: Mapping[str, Any]) -> str:
    return str(target["Arn"].split(":")[2])

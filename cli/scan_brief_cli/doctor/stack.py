"""The deployed stack: its resources, its rules, and the repositories that the rules watch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scan_brief_cli.aws.stack_name import is_missing
from scan_brief_cli.doctor.calls import Account
from scan_brief_cli.doctor.faults import Refused

RULE = "AWS::Events::Rule"
STATE_MACHINE = "AWS::StepFunctions::StateMachine"
TOPIC = "AWS::SNS::Topic"
QUEUE = "AWS::SQS::Queue"
REPOSITORY = "AWS::ECR::Repository"
_SUBSCRIPTION = "AWS::SNS::Subscription"


@dataclass(frozen=True)
class Stack:
    """A stack that exists.

    status: of CloudFormation. resources: resource type to physical ids. subscriptions: the SNS
    subscriptions that it has, logical id to physical id. fallback: the ARN of the fallback's state
    machine, "" in a stack of version 0.1. operations: the ARN of the topic of the alarms, "" in a
    stack of version 0.2 and before. fetch: the name of the function FetchFindings. summary, digest:
    the ARNs of their state machines. dead_letters: the URL of the queue that replay-dlq reads.
    urgent_queue: the URL of the urgent path's queue, which has no dead letters. "" without one.
    """

    name: str
    account: str
    status: str
    resources: Mapping[str, Sequence[str]]
    subscriptions: Mapping[str, str]
    fallback: str = ""
    operations: str = ""
    fetch: str = ""
    summary: str = ""
    digest: str = ""
    dead_letters: str = ""
    urgent_queue: str = ""


@dataclass(frozen=True)
class RuleName:
    """A rule as EventBridge's API names it."""

    name: str
    bus: str


def read_stack(account: Account, name: str) -> Stack | None:
    """The stack, None if there is none. Raises Unanswered."""
    try:
        (found,) = account.ask("cloudformation:DescribeStacks", StackName=name)["Stacks"]
    except Refused as fault:
        if is_missing(fault.text):
            return None
        raise
    listed = account.ask_all(
        "cloudformation:ListStackResources", "StackResourceSummaries", StackName=name
    )
    resources: dict[str, list[str]] = {}
    for resource in listed:
        if resource.get("PhysicalResourceId"):
            resources.setdefault(resource["ResourceType"], []).append(
                resource["PhysicalResourceId"]
            )
    owner = str(found["StackId"]).split(":")[4]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", ())}
    return Stack(
        name,
        owner,
        found["StackStatus"],
        resources,
        read_subscriptions(listed),
        fallback=outputs.get("FallbackStateMachineArn", ""),
        operations=outputs.get("OperationsTopicArn", ""),
        fetch=outputs.get("FetchFindingsFunctionName", ""),
        summary=outputs.get("SummaryStateMachineArn", ""),
        digest=outputs.get("DigestStateMachineArn", ""),
        dead_letters=outputs.get("DeadLetterQueueUrl", ""),
        urgent_queue=outputs.get("UrgentQueueUrl", ""),
    )


def read_subscriptions(listed: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The SNS subscriptions in ListStackResources, logical id to physical id."""
    return {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in listed
        if resource["ResourceType"] == _SUBSCRIPTION
        and resource.get("PhysicalResourceId")
        and resource.get("ResourceStatus") != "DELETE_COMPLETE"
    }


def parse_rule_name(physical_id: str) -> RuleName:
    """The physical id of a rule is its name; on another bus than the default, BUS|NAME."""
    bus, _, name = physical_id.rpartition("|")
    return RuleName(name, bus or "default")


def read_watched(pattern: str | None) -> list[str]:
    """The repositories that an event pattern matches by ARN in detail.repository-name.

    Names, and prefixes with a * at the end ("*" is every repository). Other matchers are left out.
    """
    try:
        detail = _object(_object(json.loads(pattern or "{}")).get("detail"))
    except ValueError:
        return []
    listed = detail.get("repository-name")
    wanted = [_read_matcher(matcher) for matcher in listed] if isinstance(listed, list) else []
    return [name for arn in wanted if (name := arn.partition(":repository/")[2])]


def _read_matcher(matcher: Any) -> str:
    prefix = _object(matcher).get("prefix")
    return f"{prefix}*" if isinstance(prefix, str) else matcher if isinstance(matcher, str) else ""


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}

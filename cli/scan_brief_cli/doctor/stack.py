"""What is deployed: the stack's resources, its rules, and the repositories that these watch."""

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
    """A stack that exists: `status` is CloudFormation's, `resources` are physical ids by resource
    type.

    `subscriptions`: of SNS, those that it made and did not delete again, physical ids by logical
    ids.
    """

    name: str
    account: str
    status: str
    resources: Mapping[str, Sequence[str]]
    subscriptions: Mapping[str, str]


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
        if is_missing(fault.said):
            return None
        raise
    listed = account.ask_all(
        "cloudformation:ListStackResources", "StackResourceSummaries", StackName=name
    )
    resources: dict[str, list[str]] = {}
    for one in listed:
        if one.get("PhysicalResourceId"):
            resources.setdefault(one["ResourceType"], []).append(one["PhysicalResourceId"])
    owner = str(found["StackId"]).split(":")[4]
    return Stack(name, owner, found["StackStatus"], resources, read_subscriptions(listed))


def read_subscriptions(listed: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Of ListStackResources: physical ids of SNS's subscriptions by logical ids."""
    return {
        one["LogicalResourceId"]: one["PhysicalResourceId"]
        for one in listed
        if one["ResourceType"] == _SUBSCRIPTION
        and one.get("PhysicalResourceId")
        and one.get("ResourceStatus") != "DELETE_COMPLETE"
    }


def parse_rule_name(physical_id: str) -> RuleName:
    """CloudFormation's id of a rule is its name, and on a bus other than the default BUS|NAME."""
    bus, _, name = physical_id.rpartition("|")
    return RuleName(name, bus or "default")


def read_watched(pattern: str | None) -> list[str]:
    """The repositories that an event pattern takes by their ARNs in detail.repository-name: names,
    and what names begin with, with a * behind it ("*" is every repository). What is described in
    another way is left out."""
    try:
        detail = _object(_object(json.loads(pattern or "{}")).get("detail"))
    except ValueError:
        return []
    listed = detail.get("repository-name")
    wanted = [_read_matcher(one) for one in listed] if isinstance(listed, list) else []
    return [name for one in wanted if (name := one.partition(":repository/")[2])]


def _read_matcher(matcher: Any) -> str:
    prefix = _object(matcher).get("prefix")
    return f"{prefix}*" if isinstance(prefix, str) else matcher if isinstance(matcher, str) else ""


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}

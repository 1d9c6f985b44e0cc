"""Plants faults in a template whose permissions docs/permissions.md describes."""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Callable
from typing import Any

from scan_brief_cdk.permissions.assembly import StackPermissions
from scan_brief_cdk.permissions.reason import Reason

Resources = dict[str, dict[str, Any]]
Fault = Callable[[Resources], None]
STRANGER = {"AWS": "arn:aws:iam::444455556666:root"}
DOCUMENT = {
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]
}
ROLE, POLICY, QUEUE_POLICY = "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::SQS::QueuePolicy"
LIST = ("FetchFindings", "inspector2:ListFindings")
LOG = ("FormatMessage", "logs:PutLogEvents")
FETCH_LOG = ("FetchFindings", "logs:PutLogEvents")
PUBLISH = ("BriefMachineRole", "sns:Publish")


def find(resources: Resources, kind: str, name: str = "") -> dict[str, Any]:
    """The properties of the only resource of this type with this name in its logical id."""
    found: dict[str, Any]
    (found,) = (
        resource["Properties"]
        for logical_id, resource in resources.items()
        if resource["Type"] == kind and name in logical_id
    )
    return found


def statements(resources: Resources, role: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = find(resources, POLICY, role)["PolicyDocument"]["Statement"]
    return found


def statement(resources: Resources, role: str, action: str) -> dict[str, Any]:
    (found,) = (part for part in statements(resources, role) if action in part["Action"])
    return found


def add(kind: str, **properties: Any) -> Fault:
    """A new resource."""
    return lambda resources: resources.update({"New": {"Type": kind, "Properties": properties}})


def edit(kind: str, name: str, **properties: Any) -> Fault:
    """Other properties of a resource."""
    return lambda resources: find(resources, kind, name).update(properties)


def edit_grant(grant: tuple[str, str], **parts: Any) -> Fault:
    """Other parts of the statement with this action in the role's policy."""
    return lambda resources: statement(resources, *grant).update(parts)


def edit_queue(**parts: Any) -> Fault:
    """Other parts of the statement that lets EventBridge write to the queue."""
    return lambda resources: find(resources, QUEUE_POLICY, "ScanRules")["PolicyDocument"][
        "Statement"
    ][1].update(parts)


def edit_operations_key(**parts: Any) -> Fault:
    """Other parts of the statement that lets CloudWatch use the key of the operations topic."""
    return lambda resources: find(resources, "AWS::KMS::Key", "Operations")["KeyPolicy"][
        "Statement"
    ][1].update(parts)


def edit_trust(**parts: Any) -> Fault:
    """Other parts of the statement by which Lambda assumes FetchFindings' role."""

    def edit_statement(resources: Resources) -> None:
        document = find(resources, ROLE, "FetchFindings")["AssumeRolePolicyDocument"]
        document["Statement"][0].update(parts)

    return edit_statement


def grant_more(resources: Resources) -> None:
    more = {"Effect": "Allow", "Action": "sns:Subscribe", "Resource": "*"}
    statements(resources, "BriefMachineRole").append(more)


def remove_traces(resources: Resources) -> None:
    found = statement(resources, "BriefMachineRole", "xray:PutTraceSegments")
    found["Action"] = [action for action in found["Action"] if not action.startswith("xray:")]


def misspell_operator(resources: Resources) -> None:
    policy = find(resources, "AWS::ECR::Repository")["RepositoryPolicyText"]
    conditions = policy["Statement"][0]["Condition"]
    conditions["StringNotEquals"] |= conditions.pop("ForAllValues:StringNotEquals")


def rename_action(resources: Resources) -> None:
    found = statement(resources, *LIST)
    found["NotAction"] = found.pop("Action")


def plant(stack: StackPermissions, fault: Fault) -> StackPermissions:
    """A copy of the stack with the fault in its template."""
    template: dict[str, Any] = copy.deepcopy(dict(stack.template))
    fault(template["Resources"])
    return dataclasses.replace(stack, template=template)


def give(stack: StackPermissions, owner: str, reason: Reason) -> StackPermissions:
    """With the reason for a permission of this role, in place of that for the same actions."""
    (found,) = (
        logical_id
        for logical_id in stack.reasons
        if re.search(rf"{owner}[0-9A-F]{{8}}$", logical_id)
    )
    others = [
        other
        for other in stack.reasons[found]
        if (other.actions, other.trust) != (reason.actions, reason.trust)
    ]
    return dataclasses.replace(stack, reasons={**stack.reasons, found: [*others, reason]})

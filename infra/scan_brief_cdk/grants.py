"""Adds permissions together with their reasons, from which docs/permissions.md is generated."""

# A test fails for a permission in the template without a reason, and for a reason without one.
# `explain` gives the reason for what CDK adds, next to the construct that makes CDK add it.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IConstruct

from scan_brief_cdk.permissions.reason import METADATA, Reason, list_conditions

TLS_ONLY = "Bool aws:SecureTransport"  # the condition that enforce_ssl adds
NO_RESOURCE = "the actions accept no resource but `*`"
_LOG_DELIVERY = (
    *("logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups"),
    *("logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries"),
    *("logs:PutResourcePolicy", "logs:UpdateLogDelivery"),
)
_TRACES = (
    *("xray:GetSamplingRules", "xray:GetSamplingTargets"),
    *("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
)


def create_service_role(
    scope: Construct, construct_id: str, *, service: str, because: str
) -> iam.Role:
    """A role that only this AWS service may assume."""
    role = iam.Role(scope, construct_id, assumed_by=iam.ServicePrincipal(service))
    explain_trust(role, because=because)
    return role


def allow(
    role: iam.Role,
    *,
    actions: Sequence[str],
    resources: Sequence[str],
    because: str,
    wildcard_because: str = "",
    conditions: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
) -> None:
    """Let the role call the actions on the resources.

    Raises ValueError for a pattern (`*`) without wildcard_because.
    """
    patterns = [text for text in (*actions, *resources) if "*" in text]
    if patterns and not wildcard_because:
        raise ValueError(f"{role.node.path}: {', '.join(patterns)} needs wildcard_because")
    role.add_to_policy(
        iam.PolicyStatement(
            actions=list(actions), resources=list(resources), conditions=conditions or {}
        )
    )
    explain(
        role,
        actions=actions,
        because=because,
        wildcard_because=wildcard_because,
        conditions=list_conditions(conditions or {}),
    )
    for resource in resources:
        if "*" in resource and resource != "*":
            rule = f"AwsSolutions-IAM5[Resource::{_flatten(Stack.of(role).resolve(resource))}]"
            Validations.of(role).acknowledge(Acknowledgment(id=rule, reason=wildcard_because))


def _flatten(value: Any) -> str:
    """A resolved text as cdk-nag names it: `<LogicalId>` and `<LogicalId.Attribute>`."""
    if isinstance(value, str):
        return value
    ((function, given),) = value.items()
    if function == "Fn::Join":
        return str(given[0]).join(map(_flatten, given[1]))
    return f"<{given}>" if function == "Ref" else f"<{'.'.join(given)}>"


def add_to_policy(
    resource: ecr.Repository | kms.Key | sns.Topic | sqs.Queue,
    statement: iam.PolicyStatement,
    *,
    because: str,
    exempts: Mapping[str, str] | None = None,
    wildcard_because: str = "",
) -> None:
    """Add the statement to the resource's own policy. exempts: see Reason."""
    resource.add_to_resource_policy(statement)
    explain(
        resource,
        actions=statement.actions,
        because=because,
        effect="Deny" if statement.effect == iam.Effect.DENY else "Allow",
        conditions=list_conditions(statement.conditions),
        exempts=exempts,
        wildcard_because=wildcard_because,
    )


def explain(
    owner: IConstruct,
    *,
    actions: Sequence[str],
    because: str,
    effect: str = "Allow",
    trust: bool = False,
    conditions: Sequence[str] = (),
    exempts: Mapping[str, str] | None = None,
    wildcard_because: str = "",
) -> None:
    """Give the reason for a statement that is added elsewhere. For the properties see Reason.

    owner: the role, or the resource that has the policy.
    """
    reason = Reason(
        because=because,
        actions=tuple(actions),
        effect=effect,
        trust=trust,
        conditions=tuple(conditions),
        exempts=exempts or {},
        wildcard_because=wildcard_because,
    )
    owner.node.add_metadata(METADATA, reason.to_metadata())
    if wildcard_because and isinstance(owner, iam.Role):
        rule = "AwsSolutions-IAM5[Resource::*]"
        Validations.of(owner).acknowledge(Acknowledgment(id=rule, reason=wildcard_because))


def explain_trust(role: IConstruct, *, because: str) -> None:
    """Give the reason why a service may assume the role."""
    explain(role, actions=["sts:AssumeRole"], because=because, trust=True)


def explain_key(key: kms.Key) -> None:
    """Give the reason for the statement that CDK adds to the policy of each key."""
    explain(
        key,
        actions=["kms:*"],
        because=(
            "lets the account's IAM decide who may use and manage the key; without it nobody could"
        ),
        wildcard_because="in a key policy the resource `*` is the key itself",
    )


def explain_state_machine(role: iam.Role) -> None:
    """Give the reasons for what CDK lets a state machine's role do for its log and its traces."""
    explain(
        role,
        actions=_LOG_DELIVERY,
        because="Step Functions sets up the delivery of the state machine's log",
        wildcard_because=(
            f"{NO_RESOURCE}, because log delivery belongs to the account. So"
            " `logs:PutResourcePolicy` covers every resource policy of CloudWatch Logs in the"
            " account and region"
        ),
    )
    explain(
        role,
        actions=_TRACES,
        because="Step Functions writes the state machine's traces",
        wildcard_because=NO_RESOURCE,
    )

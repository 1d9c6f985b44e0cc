"""Dependencies as CloudFormation needs them: CDK also writes out those that a reference implies."""

from __future__ import annotations

from typing import cast

from aws_cdk import CfnResource
from aws_cdk import aws_iam as iam
from constructs import Construct


def depend_on_policy_only(construct: Construct, role: iam.Role) -> None:
    """Let the resource depend on the role's policy; its reference to the role implies the rest.

    The role must have a policy already. Without this, cfn-lint warns (W3005).
    """
    resource = cast(CfnResource, construct.node.default_child or construct)
    policy = cast(CfnResource, role.node.find_child("DefaultPolicy").node.default_child)
    resource.add_override("DependsOn", [policy.logical_id])

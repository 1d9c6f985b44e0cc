"""A log group with a retention in days, which is deleted with the stack."""

from __future__ import annotations

from typing import cast

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct


def create_log_group(
    scope: Construct,
    construct_id: str,
    *,
    retention_days: int,
    name: str | None = None,
) -> logs.LogGroup:
    """Create the log group. retention_days: one of limits.LOG_RETENTION_DAYS.

    name: CloudFormation generates one if there is none.
    """
    group = logs.LogGroup(
        scope, construct_id, log_group_name=name, removal_policy=RemovalPolicy.DESTROY
    )
    # CDK's own argument is an enumeration by words; the resource accepts the number.
    cast(logs.CfnLogGroup, group.node.default_child).retention_in_days = retention_days
    return group

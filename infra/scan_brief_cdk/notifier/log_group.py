"""A log group with a retention in days, which goes when the stack goes."""

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
    """Create it under scope. retention_days: one of settings.LOG_RETENTION_DAYS. name: else
    generated.
    """
    group = logs.LogGroup(
        scope, construct_id, log_group_name=name, removal_policy=RemovalPolicy.DESTROY
    )
    # CDK's own argument takes an enumeration of words, the resource takes the number.
    cast(logs.CfnLogGroup, group.node.default_child).retention_in_days = retention_days
    return group

"""The metric of a rule's failures, which CDK does not have."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events


def measure_failed_invocations(
    rule: events.Rule, *, period: Duration, label: str | None = None
) -> cloudwatch.Metric:
    """How many events the rule could not deliver to its target."""
    return cloudwatch.Metric(
        namespace="AWS/Events",
        metric_name="FailedInvocations",
        dimensions_map={"RuleName": rule.rule_name},
        statistic="Sum",
        period=period,
        label=label,
    )

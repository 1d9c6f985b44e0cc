"""A metric of a function's JSON log lines, in a namespace of the stack's own."""

from __future__ import annotations

from aws_cdk import Aws
from aws_cdk import aws_logs as logs
from constructs import Construct


def measure_lines(
    scope: Construct, name: str, log: logs.LogGroup, *, pattern: str, value: str
) -> logs.MetricFilter:
    """pattern: which lines. value: a member of theirs, such as `$.secondsFromScan`, or a number."""
    return logs.MetricFilter(
        scope,
        name,
        log_group=log,
        filter_pattern=logs.FilterPattern.literal(pattern),
        metric_namespace=f"ScanBrief/{Aws.STACK_NAME}",
        metric_name=name,
        metric_value=value,
    )

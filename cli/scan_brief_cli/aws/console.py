"""Pure: links into the AWS console."""

from __future__ import annotations

from scan_brief_common.console import console_host


def link_execution(execution_arn: str) -> str:
    """The execution's page in the Step Functions console of its partition and region."""
    _, partition, _, region, *_ = execution_arn.split(":")
    home = f"https://{console_host(region, partition)}/states/home?region={region}"
    return f"{home}#/v2/executions/details/{execution_arn}"

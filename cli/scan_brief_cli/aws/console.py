"""Links to the AWS console. Pure."""

from __future__ import annotations

from scan_brief_common.console import console_host


def link_execution(execution_arn: str) -> str | None:
    """The execution's page in the Step Functions console; None in an unknown partition."""
    _, partition, _, region, *_ = execution_arn.split(":")
    host = console_host(region, partition)
    if host is None:
        return None
    home = f"https://{host}/states/home?region={region}"
    return f"{home}#/v2/executions/details/{execution_arn}"


def locate_execution(execution_arn: str) -> str:
    """The link to the execution, or its ARN where there is no link."""
    return link_execution(execution_arn) or execution_arn

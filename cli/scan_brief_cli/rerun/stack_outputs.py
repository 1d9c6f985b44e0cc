"""Reads an output of the deployed stack in the caller's account and region."""

from __future__ import annotations

from typing import Any

import boto3

from scan_brief_cli.aws.stack_name import is_missing
from scan_brief_cli.bad_input import BadInput
from scan_brief_cli.rerun.calls import AwsFault, connect, permitted


def read_output(session: boto3.Session, stack_name: str, name: str) -> str:
    """An output that every stack of Scan Brief has. Raises BadInput without it or the stack."""
    with connect(session, "cloudformation") as stacks:
        stack = _describe(stacks, stack_name)
    outputs = {
        output["OutputKey"]: str(output["OutputValue"]) for output in stack.get("Outputs", ())
    }
    if name not in outputs:
        raise BadInput(
            f'--stack-name: given "{stack_name}"; accepted: a stack of Scan Brief; this one has no'
            f" output {name}"
        )
    return outputs[name]


def _describe(stacks: Any, stack_name: str) -> dict[str, Any]:
    region = stacks.meta.region_name
    try:
        with permitted("cloudformation:DescribeStacks", f"the stack {stack_name} in {region}"):
            answer = stacks.describe_stacks(StackName=stack_name)
    except AwsFault as fault:
        if is_missing(str(fault)):
            raise BadInput(
                f'--stack-name: given "{stack_name}"; accepted: a stack of this account in'
                f" {region}; there is none of this name. Is the region right (AWS_REGION)?"
            ) from fault
        raise
    (described,) = answer["Stacks"]
    return dict(described)

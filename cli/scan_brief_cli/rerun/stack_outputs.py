"""Edge: the outputs of the deployed CloudFormation stack, in the caller's account and region."""

from __future__ import annotations

from typing import Any

import boto3

from scan_brief_cli.aws.stack_name import is_missing
from scan_brief_cli.bad_input import BadInput
from scan_brief_cli.rerun.calls import AwsFault, connect, permitted


def read_output(session: boto3.Session, stack_name: str, name: str) -> str:
    """One output, which every deployed Scan Brief has. Raises BadInput, in one line, where there is
    none.
    """
    with connect(session, "cloudformation") as stacks:
        stack = _describe(stacks, stack_name)
    outputs = {one["OutputKey"]: str(one["OutputValue"]) for one in stack.get("Outputs", ())}
    if name not in outputs:
        raise BadInput(
            f'--stack-name: given "{stack_name}"; accepted: a deployed Scan Brief, and this stack'
            f" has no output {name}"
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
                f" {region}, and there is none of this name; is the region right (AWS_REGION)?"
            ) from fault
        raise
    (described,) = answer["Stacks"]
    return dict(described)

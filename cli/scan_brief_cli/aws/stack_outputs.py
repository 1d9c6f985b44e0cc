"""Reads the outputs of the deployed stack in the caller's account and region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import boto3

from scan_brief_cli.aws.calling import AwsFault, Permitted, connect
from scan_brief_cli.aws.stack_name import is_missing
from scan_brief_cli.bad_input import BadInput


def read_outputs(
    session: boto3.Session, stack_name: str, needed: Sequence[str], permitted: Permitted
) -> dict[str, str]:
    """The stack's outputs by name.

    Raises BadInput without the stack, or for one that lacks an output of `needed`: it is of
    something else.
    """
    with connect(session, "cloudformation") as stacks:
        stack = _describe(stacks, stack_name, permitted)
    outputs = {
        output["OutputKey"]: str(output["OutputValue"]) for output in stack.get("Outputs", ())
    }
    for name in needed:
        if name not in outputs:
            raise BadInput(
                f'--stack-name: given "{stack_name}"; accepted: a stack of Scan Brief; this one has'
                f" no output {name}"
            )
    return outputs


def _describe(stacks: Any, stack_name: str, permitted: Permitted) -> dict[str, Any]:
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

"""Reads an output of the deployed stack in the caller's account and region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import boto3

from scan_brief_cli.aws.stack_name import is_missing
from scan_brief_cli.bad_input import BadInput
from scan_brief_cli.rerun.calls import AwsFault, connect, permitted

_BRIEF, _FALLBACK = "StateMachineArn", "FallbackStateMachineArn"


@dataclass(frozen=True)
class Machines:
    """ARNs of state machines. fallback: "" in a stack of version 0.1."""

    brief: str
    fallback: str


def read_machines(session: boto3.Session, stack_name: str) -> Machines:
    """The stack's state machines. Raises BadInput without the stack, or one of something else."""
    with connect(session, "cloudformation") as stacks:
        stack = _describe(stacks, stack_name)
    outputs = {
        output["OutputKey"]: str(output["OutputValue"]) for output in stack.get("Outputs", ())
    }
    if _BRIEF not in outputs:
        raise BadInput(
            f'--stack-name: given "{stack_name}"; accepted: a stack of Scan Brief; this one has no'
            f" output {_BRIEF}"
        )
    return Machines(outputs[_BRIEF], outputs.get(_FALLBACK, ""))


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

"""Edge: the outputs of the deployed CloudFormation stack, in the caller's account and region."""

from __future__ import annotations

import json
import re
from typing import Any

from local.caller import AwsFault, connect, permitted
from local.scan_files import BadInput
from scan_brief.text import cut

_NAME = r"[A-Za-z][A-Za-z0-9-]{0,127}"  # what the setting stackName accepts


def read_outputs(stack_name: str) -> dict[str, str]:
    """The outputs by name; those of a stack that is not (or not fully) there raise BadInput, in one line."""
    if not re.fullmatch(_NAME, stack_name, re.ASCII):
        given = cut(json.dumps(stack_name, ensure_ascii=False), 200)
        raise BadInput(f"--stack-name: given {given}; accepted: a letter, then up to 127 letters, digits, -")
    with connect("cloudformation") as stacks:
        stack = _describe(stacks, stack_name)
    return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", ())}


def read_output(stack_name: str, name: str) -> str:
    """One output, which every deployed Scan Brief has."""
    outputs = read_outputs(stack_name)
    if name not in outputs:
        raise BadInput(
            f"--stack-name: given {json.dumps(stack_name)}; accepted: a deployed Scan Brief, and this stack has no "
            f"output {name}"
        )
    return outputs[name]


def _describe(stacks: Any, stack_name: str) -> dict[str, Any]:
    region = stacks.meta.region_name
    try:
        with permitted("cloudformation:DescribeStacks", f"the stack {stack_name} in {region}"):
            (stack,) = stacks.describe_stacks(StackName=stack_name)["Stacks"]
    except AwsFault as fault:
        if "does not exist" in str(fault):  # a ValidationError, like many others
            raise BadInput(
                f"--stack-name: given {json.dumps(stack_name)}; accepted: a stack of this account in {region}, and "
                "there is none of this name; is the region right (AWS_REGION)?"
            ) from fault
        raise
    described: dict[str, Any] = stack
    return described

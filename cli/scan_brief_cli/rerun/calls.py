"""The permissions of a rerun, and the state machines that it starts and follows."""

from __future__ import annotations

from dataclasses import dataclass

import boto3

from scan_brief_cli.aws.calling import Permitted
from scan_brief_cli.aws.stack_outputs import read_outputs

# The IAM actions that a rerun needs; the last two only with --wait. docs/runbook.md lists them.
PERMISSIONS = (
    "cloudformation:DescribeStacks",
    "states:StartExecution",
    "states:DescribeExecution",
    "states:GetExecutionHistory",
)
permitted = Permitted(PERMISSIONS)
_BRIEF, _FALLBACK = "StateMachineArn", "FallbackStateMachineArn"


@dataclass(frozen=True)
class Machines:
    """ARNs of state machines. fallback: "" in a stack of version 0.1."""

    brief: str
    fallback: str


def read_machines(session: boto3.Session, stack_name: str) -> Machines:
    """The stack's state machines. Raises BadInput without the stack, or one of something else."""
    outputs = read_outputs(session, stack_name, (_BRIEF,), permitted)
    return Machines(outputs[_BRIEF], outputs.get(_FALLBACK, ""))

"""The clients and permissions of a rerun, and its faults, each in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import boto3

from scan_brief.aws.faults import FAULTS, PASSING, Kind, classify
from scan_brief_cli.aws.session import open_client
from scan_brief_cli.bad_input import BadInput

# The IAM actions that a rerun needs; the last two only with --wait. docs/runbook.md lists them.
PERMISSIONS = (
    "cloudformation:DescribeStacks",
    "states:StartExecution",
    "states:DescribeExecution",
    "states:GetExecutionHistory",
)


class AwsFault(BadInput):
    """A call failed. The text, one line, says why and what to do."""


class NotPermitted(AwsFault):
    """The caller lacks a permission, which the text names."""


class NotAnswered(AwsFault):
    """Throttled, failed or without a response at every attempt. AWS may have done it or not."""


@contextmanager
def connect(session: boto3.Session, service: str) -> Iterator[Any]:
    """A boto3 client. Raises AwsFault."""
    try:
        client = open_client(session, service)
    except FAULTS as fault:
        raise AwsFault(f"{service}: {classify(fault).said}") from fault
    with closing(client):
        yield client


@contextmanager
def permitted(action: str, resource: str) -> Iterator[None]:
    """For a call that needs an action of PERMISSIONS on the resource. Raises AwsFault."""
    if action not in PERMISSIONS:
        raise RuntimeError(f"{action} is not among the documented permissions")
    try:
        yield
    except FAULTS as fault:
        raise _explain(fault, action, resource) from fault


def _explain(fault: Exception, action: str, resource: str) -> AwsFault:
    found = classify(fault)
    if found.kind is Kind.DENIED:
        return NotPermitted(
            f"the permission {action} on {resource} is missing; AWS says: {found.said}"
        )
    if found.kind is Kind.CREDENTIALS:
        return AwsFault(f"{action}: {found.said}; sign in again")
    return (NotAnswered if found.kind in PASSING else AwsFault)(f"{action}: {found.said}")

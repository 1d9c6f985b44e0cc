"""Edge: the clients and the permissions of a rerun, and what a call may come to, in one line each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import boto3

from scan_brief.aws.faults import FAULTS, PASSING, Kind, classify
from scan_brief_cli.aws.session import open_client
from scan_brief_cli.bad_input import BadInput

# All that a rerun asks for, by IAM's names; the last two only with --wait. docs/runbook.md has them
# as a list.
PERMISSIONS = (
    "cloudformation:DescribeStacks",
    "states:StartExecution",
    "states:DescribeExecution",
    "states:GetExecutionHistory",
)


class AwsFault(BadInput):
    """AWS cannot be asked or refuses; the text, one line, says why and what to do."""


class NotPermitted(AwsFault):
    """The caller lacks a permission, which the text names."""


class NotAnswered(AwsFault):
    """Throttled, failed or no answer, at every try. Whether AWS did what it was asked for is not
    known.
    """


@contextmanager
def connect(session: boto3.Session, service: str) -> Iterator[Any]:
    """A client of a service, by boto3's name."""
    try:
        client = open_client(session, service)
    except FAULTS as fault:
        raise AwsFault(f"{service}: {classify(fault).said}") from fault
    with closing(client):
        yield client


@contextmanager
def permitted(action: str, resource: str) -> Iterator[None]:
    """Around a call that needs an action of PERMISSIONS on the resource: raises AwsFault in place
    of botocore's.
    """
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

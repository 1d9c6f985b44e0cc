"""Clients and permissions of a command that calls AWS, and its faults, each in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import boto3

from scan_brief.aws.faults import FAULTS, PASSING, Kind, classify
from scan_brief_cli.aws.session import open_client
from scan_brief_cli.bad_input import BadInput


class AwsFault(BadInput):
    """A call failed. The text, one line, says why and what to do."""


class NotPermitted(AwsFault):
    """The caller lacks a permission, which the text names."""


class NotAnswered(AwsFault):
    """Throttled, failed or without a response at every attempt. AWS may have done it or not."""


class NotAccepted(AwsFault):
    """AWS refused this call, but not the caller: another call may succeed."""


@contextmanager
def connect(session: boto3.Session, service: str) -> Iterator[Any]:
    """A boto3 client. Raises AwsFault."""
    try:
        client = open_client(session, service)
    except FAULTS as fault:
        raise AwsFault(f"{service}: {classify(fault).said}") from fault
    with closing(client):
        yield client


@dataclass(frozen=True)
class Permitted:
    """The IAM actions that a command needs, as its documentation lists them."""

    permissions: tuple[str, ...]

    @contextmanager
    def __call__(self, action: str, resource: str) -> Iterator[None]:
        """For a call that needs one of them on the resource. Raises AwsFault."""
        if action not in self.permissions:
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
    kind = NotAccepted if found.kind is Kind.REFUSED else AwsFault
    return (NotAnswered if found.kind in PASSING else kind)(f"{action}: {found.said}")

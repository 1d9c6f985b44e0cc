"""Starts an execution in the caller's account, follows it with --wait, and reports its outcome."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, takewhile
from time import sleep
from typing import Any

from scan_brief.scan.errors import InvalidRequest
from scan_brief.scan.request import Registry, read_request
from scan_brief_cli.aws.calling import AwsFault, NotAnswered, connect
from scan_brief_cli.aws.console import link_execution, locate_execution
from scan_brief_cli.aws.session import open_session
from scan_brief_cli.aws.stack_name import check_stack_name
from scan_brief_cli.bad_input import BadInput
from scan_brief_cli.rerun.calls import permitted, read_machines
from scan_brief_cli.rerun.history import GOING_ON, History, explain_fallback, explain_outcome

Say = Callable[[str], None]

_POLL_SECONDS = 2
_MOST_UNANSWERED = 30  # polls in a row, each with several attempts
_OPTIONS = {"repository": "--repository", "imageTag": "--tag", "imageDigest": "--digest"}


class NotSeen(RuntimeError):
    """The execution was or may have been started, and its end is unknown. The text has its link."""


@dataclass(frozen=True)
class Outcome:
    """What to print, and whether the command succeeded: a brief sent, or an execution started."""

    text: str
    good: bool


def check_request(repository: str | None, tag: str | None, digest: str | None) -> dict[str, str]:
    """The execution's input. Raises BadInput."""
    given = {"repository": repository, "imageTag": tag, "imageDigest": digest}
    request = {name: value for name, value in given.items() if value is not None}
    try:
        read_request(request, Registry(account="", region="", partition=""))
    except InvalidRequest as fault:
        fields, colon, rest = str(fault).partition(": ")
        options = ", ".join(_OPTIONS.get(name, name) for name in fields.split(", "))
        raise BadInput(f"{options}{colon}{rest}") from fault
    return request


def rerun(request: Mapping[str, str], *, stack_name: str, wait: bool, say: Say) -> Outcome:
    """Start the stack's state machine with a checked request; with `wait`, follow it to its end.

    Raises BadInput if nothing was started, NotSeen if that or the end is unknown.
    """
    check_stack_name(stack_name)
    session = open_session()
    machines = read_machines(session, stack_name)
    arn = new_execution_arn(machines.brief)
    with connect(session, "stepfunctions") as states:
        if wait:
            _check_that_it_can_be_followed(states, arn)
        _start(states, machines.brief, arn, request, say)
        if not wait:
            return Outcome(_add_link(arn, arn), good=True)
        execution, history = _follow(states, arn, say)
        text = explain_outcome(execution)
        if history.fallback_started:
            text = f"{text}\n{_follow_fallback(states, machines.fallback, arn)}"
        return Outcome(_add_link(text, arn), good=execution["status"] == "SUCCEEDED")


def new_execution_arn(machine_arn: str) -> str:
    """The ARN of a new execution.

    StartExecution with a name can be retried after a lost response and never starts a second
    execution. The name also distinguishes reruns from scans in the console.
    """
    name = f"rerun-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    return f"{machine_arn.replace(':stateMachine:', ':execution:', 1)}:{name}"


def _check_that_it_can_be_followed(states: Any, arn: str) -> None:
    """Check the permission before anything is started: IAM decides before Step Functions looks for
    the execution.
    """
    with permitted("states:DescribeExecution", arn):
        try:
            states.describe_execution(executionArn=arn)
        except states.exceptions.ExecutionDoesNotExist:
            return


def _start(states: Any, machine: str, arn: str, request: Mapping[str, str], say: Say) -> None:
    try:
        with permitted("states:StartExecution", machine):
            _start_once(states, machine, arn.rpartition(":")[2], json.dumps(request))
    except NotAnswered as fault:
        raise NotSeen(
            f"{fault}; it may have been started, so check first: {locate_execution(arn)}"
        ) from fault
    except KeyboardInterrupt:
        say(f"interrupted; it may have been started: {locate_execution(arn)}")
        raise


def _start_once(states: Any, machine: str, name: str, request: str) -> None:
    try:
        states.start_execution(stateMachineArn=machine, name=name, input=request)
    except states.exceptions.ExecutionAlreadyExists:
        # The name is unique, so an earlier attempt started it, and it has ended since.
        return


def _follow(states: Any, arn: str, say: Say) -> tuple[dict[str, Any], History]:
    """The execution once it has ended, of DescribeExecution, and its history."""
    history = History()
    report = _Reporter(states, arn, history, say)
    try:
        say(f"started {arn}")
        execution = _poll_until_ended(states, arn, report)
    except KeyboardInterrupt:
        say(f"stopped following; the execution continues: {locate_execution(arn)}")
        raise
    except AwsFault as fault:
        raise NotSeen(
            f"{fault}; stopped following; the execution continues: {locate_execution(arn)}"
        ) from fault
    return execution, history


def _follow_fallback(states: Any, machine: str, arn: str) -> str:
    """How the fallback of this execution ended; its execution has the same name."""
    name = arn.rpartition(":")[2]
    fallback = f"{machine.replace(':stateMachine:', ':execution:', 1)}:{name}"
    try:
        return explain_fallback(_poll_until_ended(states, fallback, lambda: None))
    except AwsFault as fault:
        return f"A fallback brief was started, but {fault}; {locate_execution(fallback)}"


def _add_link(text: str, arn: str) -> str:
    """The text, and the execution's link on its own line if there is one."""
    return "\n".join(filter(None, (text, link_execution(arn))))


class _Reporter:
    """Reports what is new in the history, as long as the caller may read it."""

    def __init__(self, states: Any, arn: str, history: History, say: Say) -> None:
        self._states, self._arn, self._history, self._say = states, arn, history, say
        self._may_read = True

    def __call__(self) -> None:
        if self._may_read:
            try:
                self._report()
            except NotAnswered:
                raise
            except AwsFault as fault:
                self._may_read = False
                self._say(f"{fault}. Its states are not shown")

    def _report(self) -> None:
        with permitted("states:GetExecutionHistory", self._arn):
            new = list(self._read_new())
        for line in self._history.describe(reversed(new)):
            self._say(line)

    def _read_new(self) -> Iterator[dict[str, Any]]:
        """Newest first, so that a long history is not read from its beginning each time."""
        pages = self._states.get_paginator("get_execution_history").paginate(
            executionArn=self._arn, reverseOrder=True, includeExecutionData=False
        )
        events = chain.from_iterable(page["events"] for page in pages)
        return takewhile(lambda event: event["id"] > self._history.last_id, events)


def _poll_until_ended(states: Any, arn: str, report: Callable[[], None]) -> dict[str, Any]:
    unanswered = 0
    while True:
        try:
            execution = _describe(states, arn)
            report()  # after the status: if that is an end, the history is complete
        except NotAnswered:
            unanswered += 1
            if unanswered > _MOST_UNANSWERED:
                raise
        else:
            unanswered = 0
            if execution["status"] not in GOING_ON:
                return execution
        sleep(_POLL_SECONDS)


def _describe(states: Any, arn: str) -> dict[str, Any]:
    with permitted("states:DescribeExecution", arn):
        try:
            described: dict[str, Any] = states.describe_execution(executionArn=arn)
        except states.exceptions.ExecutionDoesNotExist as fault:  # reads are eventually consistent
            raise NotAnswered(f"states:DescribeExecution: {arn} is not known yet") from fault
    return described

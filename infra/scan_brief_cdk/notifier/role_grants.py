"""What the state machines may call, and what the functions may read of Inspector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aws_cdk import Arn, ArnComponents, ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn

from scan_brief_cdk.grants import NO_RESOURCE, allow

if TYPE_CHECKING:
    from scan_brief_cdk.notifier.scan_notifier import ScanNotifier


def grant_all(notifier: ScanNotifier) -> None:
    """Let each machine and each function do what it needs for its part."""
    functions = [
        part.function
        for part in (notifier.fetch, notifier.format, notifier.gather_brief, notifier.remember)
    ]
    brief, fallback = notifier.brief.state_machine, notifier.fallback.state_machine
    watchdog = notifier.watchdog.state_machine
    _allow_calls(notifier.brief.role, functions)
    _allow_calls(notifier.watchdog.role, [notifier.find_unscanned.function])
    gather, remember = notifier.gather_digest, notifier.remember_digest
    _allow_calls(
        notifier.digest.role, [gather.function, notifier.format.function, remember.function]
    )
    _allow_calls(notifier.summary.role, [notifier.gather_summary.function])
    if notifier.copies:
        copies = notifier.copies.state_machine
        because = "starts the fallback after a failure, and the copies of a brief"
        _allow_starting(notifier.brief.role, [fallback, copies], because)
        _allow_starting(notifier.fallback.role, [copies], "starts the copies of a fallback brief")
    else:
        _allow_starting(notifier.brief.role, [fallback], "starts the fallback after a failure")
    _allow_starting(notifier.summary.role, [fallback], "starts the fallback after a failure")
    _allow_starting(
        notifier.gather_brief.role,
        [notifier.summary.state_machine],
        "starts the summary of a window",
    )
    _allow_starting(
        notifier.watchdog.role, [brief, fallback], "starts a brief that is missing, or the fallback"
    )
    _allow_starting(
        notifier.door.role,
        [brief, watchdog, fallback],
        "starts the brief of a scan, the watchdog of a push, or the fallback",
    )
    _allow_describing(notifier.door.role, [brief, watchdog])
    _allow_reading(notifier.fetch.role)
    _allow_asking(notifier.find_unscanned.role)
    _allow_gathering(gather.role)
    notifier.memory.allow_gather_by(gather.role, chats_ignore=notifier.buttons is not None)
    notifier.memory.allow_tell_by(remember.role)
    notifier.briefs.allow_publish_by(
        notifier.brief.role,
        notifier.summary.role,
        notifier.fallback.role,
        notifier.digest.role,
    )
    notifier.memory.allow_compare_by(notifier.fetch.role, chats_ignore=notifier.buttons is not None)
    notifier.memory.allow_move_by(notifier.remember.role)
    notifier.memory.allow_count_by(notifier.gather_brief.role)
    notifier.memory.allow_sum_up_by(notifier.gather_summary.role)
    if notifier.buttons:
        notifier.memory.allow_ignore_by(notifier.buttons.ignore.role)


def _allow_reading(role: iam.Role) -> None:
    """Let FetchFindings read from Inspector."""
    allow(
        role,
        actions=[
            "inspector2:BatchGetFindingDetails",
            "inspector2:GetClustersForImage",
            "inspector2:ListCoverage",
            "inspector2:ListFindingAggregations",
            "inspector2:ListFindings",
        ],
        resources=["*"],
        because=(
            "reads the findings of an image, what is known of their exploitation, which other"
            " repositories share its layers, the clusters where it runs, its digest and its"
            " tags, and whether it was scanned"
        ),
        wildcard_because=(
            f"{NO_RESOURCE}, so the findings of every image of the account and region can be read"
        ),
    )


def _allow_asking(role: iam.Role) -> None:
    """Let FindUnscanned ask whether an image was scanned."""
    allow(
        role,
        actions=["inspector2:BatchGetAccountStatus", "inspector2:ListCoverage"],
        resources=["*"],
        because="asks whether Inspector scanned a pushed image, and if not, why",
        wildcard_because=NO_RESOURCE,
    )
    allow(
        role,
        actions=["ecr:GetRegistryScanningConfiguration"],
        resources=["*"],
        because="asks whether enhanced scanning covers the repository",
        wildcard_because=NO_RESOURCE,
    )


def _allow_gathering(role: iam.Role) -> None:
    """Let GatherDigest read from Inspector."""
    allow(
        role,
        actions=[
            "inspector2:BatchGetFindingDetails",
            "inspector2:ListCoverage",
            "inspector2:ListFindings",
        ],
        resources=["*"],
        because=(
            "reads which findings are new, what is known of their exploitation, and which images"
            " are not scanned"
        ),
        wildcard_because=(
            f"{NO_RESOURCE}, so the findings of every image of the account and region can be read"
        ),
    )


def _allow_calls(role: iam.Role, functions: Sequence[lambda_.Function]) -> None:
    """Let the state machine call its functions."""
    allow(
        role,
        actions=["lambda:InvokeFunction"],
        resources=[function.function_arn for function in functions],
        because="its tasks call the functions",
    )


def _allow_starting(role: iam.Role, machines: Sequence[sfn.StateMachine], because: str) -> None:
    """Let a state machine start these others."""
    allow(
        role,
        actions=["states:StartExecution"],
        resources=[machine.state_machine_arn for machine in machines],
        because=because,
    )


def _allow_describing(role: iam.Role, machines: Sequence[sfn.StateMachine]) -> None:
    """Let the door find when an execution was started."""
    allow(
        role,
        actions=["states:DescribeExecution"],
        resources=[
            Arn.format(
                ArnComponents(
                    service="states",
                    resource="execution",
                    resource_name=f"{machine.state_machine_name}:*",
                    arn_format=ArnFormat.COLON_RESOURCE_NAME,
                ),
                Stack.of(machine),
            )
            for machine in machines
        ],
        because="finds when the execution that has the same name was started",
        wildcard_because="an execution's name is known only when it starts",
    )

"""What the state machines may call, and what the functions may read of Inspector."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Arn, ArnComponents, ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn

from scan_brief_cdk.grants import NO_RESOURCE, allow


def allow_reading(role: iam.Role) -> None:
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


def allow_asking(role: iam.Role) -> None:
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


def allow_calls(role: iam.Role, functions: Sequence[lambda_.Function]) -> None:
    """Let the state machine call its functions."""
    allow(
        role,
        actions=["lambda:InvokeFunction"],
        resources=[function.function_arn for function in functions],
        because="its tasks call the functions",
    )


def allow_starting(role: iam.Role, machines: Sequence[sfn.StateMachine], because: str) -> None:
    """Let a state machine start these others."""
    allow(
        role,
        actions=["states:StartExecution"],
        resources=[machine.state_machine_arn for machine in machines],
        because=because,
    )


def allow_describing(role: iam.Role, machines: Sequence[sfn.StateMachine]) -> None:
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

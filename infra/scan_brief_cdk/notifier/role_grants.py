"""What the brief's state machine may call, and what FetchFindings may read of Inspector."""

from __future__ import annotations

from collections.abc import Sequence

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


def allow_calls(
    role: iam.Role, *, functions: Sequence[lambda_.Function], fallback: sfn.StateMachine
) -> None:
    """Let the state machine call its functions and start the fallback."""
    allow(
        role,
        actions=["lambda:InvokeFunction"],
        resources=[function.function_arn for function in functions],
        because="its tasks call the three functions",
    )
    allow(
        role,
        actions=["states:StartExecution"],
        resources=[fallback.state_machine_arn],
        because="starts the fallback after a failure",
    )

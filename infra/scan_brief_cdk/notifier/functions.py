"""One Lambda function of the workflow, with its log group and a role that may only write to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from scan_brief_cdk.notifier.log_group import create_log_group

RUNTIME = lambda_.Runtime.PYTHON_3_14
MEMORY_MB = 512


class ScanFunction(Construct):
    """A function from the bundle. handler: the module under scan_brief.handlers, whose `handle` is
    called.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bundle: Path,
        handler: str,
        description: str,
        timeout_seconds: int,
        environment: Mapping[str, str],
        log_retention_days: int,
    ) -> None:
        super().__init__(scope, construct_id)
        self.log_group = create_log_group(self, "LogGroup", retention_days=log_retention_days)
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[self.log_group.log_group_arn],
            )
        )
        self.function = lambda_.Function(
            self,
            "Function",
            description=description,
            # A run of the code in place leaves caches behind, and the asset's hash must not depend
            # on that.
            code=lambda_.Code.from_asset(str(bundle), exclude=["**/__pycache__"]),
            handler=f"scan_brief.handlers.{handler}.handle",
            runtime=RUNTIME,
            architecture=lambda_.Architecture.ARM_64,
            memory_size=MEMORY_MB,
            timeout=Duration.seconds(timeout_seconds),
            environment=dict(environment),
            log_group=self.log_group,
            role=self.role,
        )

"""One Lambda function of the workflow, with a log group and a role that may only write to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from scan_brief_cdk.grants import allow, create_service_role
from scan_brief_cdk.notifier.dependencies import depend_on_policy_only
from scan_brief_cdk.notifier.log_group import create_log_group

RUNTIME = lambda_.Runtime.PYTHON_3_14
MEMORY_MB = 512
DESCRIPTIONS = {
    "FetchFindings": "Reads what Amazon Inspector found in one image and makes a report of it",
    "FindUrgent": "Decides which new findings are briefed at once, and starts their briefs",
    "FindUnscanned": "Asks Amazon Inspector whether a pushed image was scanned",
    "FormatMessage": "Writes the brief of a report; it may do nothing in the account",
    "GatherBrief": "Decides whether a brief is sent by itself or becomes part of a summary",
    "GatherDigest": "Reads what is new since the last digest and makes a digest of it",
    "GatherSummary": "Ends a window, and writes one summary of the briefs that it gathered",
    "IgnoreVulnerability": "Ignores a vulnerability for some days, as a person asked from a chat",
    "RememberBrief": "Remembers which brief was sent, so that the next one says what changed",
    "RememberDigest": "Remembers where a digest ended, so that the next one begins there",
}


class ScanFunction(Construct):
    """A function from the bundle.

    construct_id: one of DESCRIPTIONS; the module of its handler has the same name in snake case.
    reserved_concurrency: how many can run at once, which nothing else in the account can use; None:
    as many as are free.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bundle: Path,
        timeout_seconds: int,
        environment: Mapping[str, str],
        log_retention_days: int,
        reserved_concurrency: int | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.log_group = create_log_group(self, "LogGroup", retention_days=log_retention_days)
        self.role = create_service_role(
            self,
            "Role",
            service="lambda.amazonaws.com",
            because=f"Lambda runs {construct_id} with this role",
        )
        allow(
            self.role,
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[self.log_group.log_group_arn],
            because="the function writes its log",
        )
        self.function = lambda_.Function(
            self,
            "Function",
            description=DESCRIPTIONS[construct_id],
            # Running the code in place leaves caches, on which the asset's hash must not depend.
            code=lambda_.Code.from_asset(str(bundle), exclude=["**/__pycache__"]),
            handler=f"scan_brief.handlers.{_to_snake_case(construct_id)}.handle",
            runtime=RUNTIME,
            architecture=lambda_.Architecture.ARM_64,
            memory_size=MEMORY_MB,
            timeout=Duration.seconds(timeout_seconds),
            reserved_concurrent_executions=reserved_concurrency,
            environment=dict(environment),
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            role=self.role,
        )
        depend_on_policy_only(self.function, self.role)


class FunctionFactory:
    """Creates the functions of a notifier in its scope, all from one bundle."""

    def __init__(self, scope: Construct, bundle: Path, log_retention_days: int) -> None:
        self._scope = scope
        self._bundle = bundle
        self._log_retention_days = log_retention_days

    def create(
        self,
        construct_id: str,
        timeout_seconds: int,
        environment: Mapping[str, object],
        reserved_concurrency: int | None = None,
    ) -> ScanFunction:
        """A function; see ScanFunction for the arguments."""
        return ScanFunction(
            self._scope,
            construct_id,
            bundle=self._bundle,
            timeout_seconds=timeout_seconds,
            environment={name: str(value) for name, value in environment.items()},
            log_retention_days=self._log_retention_days,
            reserved_concurrency=reserved_concurrency,
        )


def _to_snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()

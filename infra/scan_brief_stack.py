"""The stack: composes the constructs and grants each what it may do."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import Acknowledgment, Aws, CfnOutput, Stack, Validations
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.alarms import Alarms
from infra.console import Console
from infra.definition import shorten_name
from infra.functions import ScanFunction
from infra.repository_policy import deployment_role_arn, inspector_role_arn
from infra.restricted_repository import RestrictedRepository
from infra.scan_rule import ScanRule
from infra.settings import Settings
from infra.topic import BriefTopic
from infra.workflow import Workflow

# Both are shorter than their task's TimeoutSeconds in the definition: the function's own error is to be seen.
FETCH_TIMEOUT_SECONDS = 300
FORMAT_TIMEOUT_SECONDS = 30


class ScanBriefStack(Stack):
    """Everything of one Scan Brief, for any account and region of the partitions in infra.console.

    bundle: the folder with the functions' code. workflow_folder: workflow/.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        bundle: Path,
        workflow_folder: Path,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            stack_name=settings.stack_name,
            description="Scan Brief: one readable brief after every image scan of a restricted repository",
        )
        self._settings = settings
        self._bundle = bundle
        self.console = Console(self, "Console")
        self.restricted = self._create_repository()
        self.briefs = BriefTopic(self, "BriefTopic", emails=settings.emails)
        self.fetch = self._create_fetch()
        self.format = self._create_format()
        self.workflow = self._create_workflow(workflow_folder)
        self.scan_rule = ScanRule(
            self,
            "ScanRule",
            repository_arn=self.restricted.repository.repository_arn,
            state_machine=self.workflow.state_machine,
        )
        Alarms(
            self,
            "Alarms",
            state_machine=self.workflow.state_machine,
            rule=self.scan_rule.rule,
            dead_letter_queue=self.scan_rule.dead_letter_queue,
            topic_arn=settings.alarm_topic_arn,
        )
        self._grant()
        self._acknowledge()
        self._add_outputs()

    def _create_repository(self) -> RestrictedRepository:
        settings = self._settings
        own = {"partition": Aws.PARTITION, "account": Aws.ACCOUNT_ID}
        return RestrictedRepository(
            self,
            "RestrictedRepository",
            name=settings.repository_name,
            tag_mutability=settings.image_tag_mutability,
            untagged_image_expiry_days=settings.untagged_image_expiry_days,
            max_image_count=settings.max_image_count,
            vpc_endpoint_ids=[settings.ecr_api_vpc_endpoint_id, settings.ecr_dkr_vpc_endpoint_id],
            allowed_cidrs=settings.allowed_cidrs,
            exempt_principal_arns=[
                inspector_role_arn(**own),
                deployment_role_arn(**own, region=Aws.REGION, qualifier=settings.bootstrap_qualifier),
                *settings.exempt_principal_arns,
            ],
        )

    def _create_fetch(self) -> ScanFunction:
        settings = self._settings
        return ScanFunction(
            self,
            "FetchFindings",
            bundle=self._bundle,
            handler="fetch_findings",
            description="Reads what Amazon Inspector found in one image and makes a report of it",
            timeout_seconds=FETCH_TIMEOUT_SECONDS,
            environment={
                "TOP_FINDINGS": str(settings.top_findings),
                "SETTLE_ATTEMPTS": str(settings.settle_attempts),
                "SETTLE_WAIT_SECONDS": str(settings.settle_wait_seconds),
            },
            log_retention_days=settings.log_retention_days,
        )

    def _create_format(self) -> ScanFunction:
        settings = self._settings
        return ScanFunction(
            self,
            "FormatMessage",
            bundle=self._bundle,
            handler="format_message",
            description="Writes the brief of a report; it may do nothing in the account",
            timeout_seconds=FORMAT_TIMEOUT_SECONDS,
            environment={"LANGUAGE": settings.language, "TIME_ZONE": settings.time_zone},
            log_retention_days=settings.log_retention_days,
        )

    def _create_workflow(self, folder: Path) -> Workflow:
        repositories = f"arn:{Aws.PARTITION}:ecr:{Aws.REGION}:{Aws.ACCOUNT_ID}:repository/"
        return Workflow(
            self,
            "Workflow",
            folder=folder,
            language=self._settings.language,
            substitutions={
                "FetchFindingsFunctionArn": self.fetch.function.function_arn,
                "FormatMessageFunctionArn": self.format.function.function_arn,
                "TopicArn": self.briefs.topic.topic_arn,
                "RepositoryName": self._settings.repository_name,
                "RepositoryShortName": shorten_name(self._settings.repository_name),
                "RepositoryArnPrefix": repositories,
                "ExecutionConsoleUrlPrefix": self.console.execution_url_prefix,
            },
            # Log delivery keeps its permission for each group in a policy of limited size, but for names that
            # begin like this. One of the few physical names; the stack's name makes it unique.
            log_group_name=f"/aws/vendedlogs/states/{self._settings.stack_name}",
            log_retention_days=self._settings.log_retention_days,
        )

    def _grant(self) -> None:
        self.fetch.role.add_to_policy(
            iam.PolicyStatement(
                actions=["inspector2:ListCoverage", "inspector2:ListFindings"],
                resources=["*"],
            )
        )
        self.workflow.role.add_to_policy(
            iam.PolicyStatement(
                actions=["lambda:InvokeFunction"],
                resources=[self.fetch.function.function_arn, self.format.function.function_arn],
            )
        )
        self.briefs.allow_publish_by(self.workflow.role)

    def _acknowledge(self) -> None:
        _acknowledge(
            self.fetch.role,
            "AwsSolutions-IAM5[Resource::*]",
            "inspector2:ListFindings and ListCoverage take no resource (Service Authorization Reference)",
        )
        _acknowledge(
            self.workflow.role,
            "AwsSolutions-IAM5[Resource::*]",
            "Log delivery (logs:*LogDelivery and the like) and X-Ray's actions take no resource",
        )
        _acknowledge(
            self.scan_rule.dead_letter_queue,
            "AwsSolutions-SQS3",
            "It is a dead-letter queue itself, of an EventBridge target, which the rule does not look at",
        )

    def _add_outputs(self) -> None:
        arn = self.workflow.state_machine.state_machine_arn
        outputs = {
            "TopicArn": self.briefs.topic.topic_arn,
            "StateMachineArn": arn,
            "StateMachineConsoleUrl": self.console.state_machine_url(arn),
            "RepositoryUri": self.restricted.repository.repository_uri,
            "DeadLetterQueueUrl": self.scan_rule.dead_letter_queue.queue_url,
            "FetchFindingsFunctionName": self.fetch.function.function_name,
            "FormatMessageFunctionName": self.format.function.function_name,
        }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)


def _acknowledge(construct: Construct, rule: str, reason: str) -> None:
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))

"""The stacks: a notifier, with a repository or without, and a repository alone."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TypedDict, Unpack

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_sns as sns
from constructs import Construct

from scan_brief_cdk.notifier.scan_notifier import ScanNotifier
from scan_brief_cdk.repository.registry_scanning import RegistryScanning
from scan_brief_cdk.repository.restricted_repository import RestrictedRepository
from scan_brief_cdk.settings import RepositorySettings, Settings
from scan_brief_common.limits import STACK_NAME_CHARACTERS


class ScanBriefProperties(TypedDict):
    """What the stack is made from.

    bundle: the folder with the functions' code. workflow_folder: the folder with the definitions.
    """

    settings: Settings
    bundle: Path
    workflow_folder: Path


class ScanBriefStack(Stack):
    """The notifier and, in the all-in-one deployment, the repository."""

    def __init__(
        self, scope: Construct, construct_id: str, **properties: Unpack[ScanBriefProperties]
    ) -> None:
        settings = properties["settings"]
        super().__init__(
            scope,
            construct_id,
            stack_name=settings.stack_name,
            description="Scan Brief: one readable brief after every image scan",
        )
        if settings.registry_scan_frequency:
            RegistryScanning(
                self, "RegistryScanning", scan_frequency=settings.registry_scan_frequency
            )
        if settings.repository:
            restricted = create_repository(self, settings.repository, settings.bootstrap_qualifier)
            CfnOutput(self, "RepositoryUri", value=restricted.repository.repository_uri)
        alarms = settings.alarm_topic_arn
        self.notifier = ScanNotifier(
            self,
            "Notifier",
            routes=settings.routes,
            language=settings.language,
            top_findings=settings.top_findings,
            time_zone=settings.time_zone,
            settle_attempts=settings.settle_attempts,
            settle_wait_seconds=settings.settle_wait_seconds,
            detail_calls=settings.detail_calls,
            fetch_concurrency=settings.fetch_concurrency,
            watch_minutes=settings.watch_minutes,
            gathering=settings.gathering,
            ignore_file=Path(settings.ignore_file) if settings.ignore_file else None,
            layer_owners=settings.layer_owners,
            chat_buttons=settings.chat_buttons,
            log_retention_days=settings.log_retention_days,
            digests=settings.digests,
            urgent=settings.urgent,
            publish_events=settings.publish_events,
            operations_emails=settings.operations_emails,
            alarm_topic=sns.Topic.from_topic_arn(self, "AlarmTopic", alarms) if alarms else None,
            bundle=properties["bundle"],
            workflow_folder=properties["workflow_folder"],
        )
        for name, value in self.notifier.outputs.items():
            CfnOutput(self, name, value=value)


class RepositoryStack(Stack):
    """One of several restricted repositories. The notifier does not depend on it."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: RepositorySettings,
        bootstrap_qualifier: str,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            stack_name=construct_id,
            description=(
                "Scan Brief: a repository that only its VPC endpoints and networks may reach"
            ),
        )
        restricted = create_repository(self, settings, bootstrap_qualifier)
        CfnOutput(self, "RepositoryUri", value=restricted.repository.repository_uri)


def create_repository(
    scope: Construct, settings: RepositorySettings, qualifier: str
) -> RestrictedRepository:
    """The restricted repository that the settings describe."""
    return RestrictedRepository(
        scope,
        "RestrictedRepository",
        repository_name=settings.repository_name,
        vpc_endpoint_ids=[settings.ecr_api_vpc_endpoint_id, settings.ecr_dkr_vpc_endpoint_id],
        allowed_cidrs=settings.allowed_cidrs,
        exempt_principal_arns=settings.exempt_principal_arns,
        bootstrap_qualifier=qualifier,
        image_tag_mutability=ecr.TagMutability[settings.image_tag_mutability],
        untagged_image_expiry_days=settings.untagged_image_expiry_days,
        max_image_count=settings.max_image_count,
    )


def repository_stack_name(notifier: str, repository: str) -> str:
    """The stack's name, such as `ScanBrief-sample-app`.

    If a stack's name cannot contain the repository's, a hash makes it unique.
    """
    plain = re.sub(r"[^a-z0-9-]+", "-", repository)
    name = f"{notifier}-{plain}"
    if plain == repository and len(name) <= STACK_NAME_CHARACTERS:
        return name
    suffix = f"-{hashlib.sha256(repository.encode()).hexdigest()[:8]}"
    return f"{name[: STACK_NAME_CHARACTERS - len(suffix)]}{suffix}"

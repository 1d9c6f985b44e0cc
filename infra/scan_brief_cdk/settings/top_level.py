"""The context of cdk.json: each setting with its meaning, type and default. Pure."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from scan_brief_cdk.settings.chat_buttons import ChatButtonSettings
from scan_brief_cdk.settings.digest import DigestContext
from scan_brief_cdk.settings.entries import CDK_KEY, ExistingRepository, NewRepository
from scan_brief_cdk.settings.errors import Refused
from scan_brief_cdk.settings.events import EventContext
from scan_brief_cdk.settings.gathering import GatheringSettings
from scan_brief_cdk.settings.lists import split_text
from scan_brief_cdk.settings.names import EndpointId, Qualifier, RepositoryName, StackName, TopicArn
from scan_brief_cdk.settings.networks import AllowedNetworks
from scan_brief_cdk.settings.owners import LayerOwner
from scan_brief_cdk.settings.switch import Switch
from scan_brief_cdk.settings.time_zones import TimeZone
from scan_brief_cdk.settings.types import (
    DetailCalls,
    Emails,
    FetchConcurrency,
    IgnoreFile,
    Language,
    LogRetentionDays,
    MaxImageCount,
    MinimumSeverity,
    Mutability,
    PrincipalArns,
    ScanFrequency,
    SettleAttempts,
    SettleWaitSeconds,
    TopFindings,
    TopicArns,
    UntaggedImageExpiryDays,
    WatchMinutes,
)
from scan_brief_cdk.settings.urgent import UrgentContext
from scan_brief_cdk.settings.values import Accepted, ForEntries, OrEmptyText
from scan_brief_common import limits


def _name_as_entry(given: object) -> object:
    return {"repositoryName": given} if isinstance(given, str) else given


def _read_entries(given: object) -> list[object]:
    if isinstance(given, str):
        return [name for name in split_text(given) if name]
    if not isinstance(given, list):
        raise Refused(given, "a list of names, or of objects with a repositoryName")
    return given


def _read_owners(given: object) -> list[object]:
    if given == "":
        return []
    if not isinstance(given, list):
        raise Refused(given, f"a list of {_AN_OWNER}")
    if len(given) not in limits.LAYER_OWNERS:
        raise Refused(given, f"at most {limits.LAYER_OWNERS.most:,} entries")
    return given


_AN_OWNER = "objects with an owner, and a repository or a layer"
_Owner = Annotated[dict[str, object], Accepted(_AN_OWNER)]
_Owners = Annotated[
    tuple[_Owner, ...],
    BeforeValidator(_read_owners, json_schema_input_type=list[LayerOwner] | Literal[""]),
]
_Entry = Annotated[
    dict[str, object],
    BeforeValidator(_name_as_entry),
    Accepted("a repository's name, or an object with a repositoryName"),
]
_NewEntries = Annotated[
    tuple[_Entry, ...],
    BeforeValidator(_read_entries, json_schema_input_type=list[NewRepository | str] | str),
]
_ExistingEntries = Annotated[
    tuple[_Entry, ...],
    BeforeValidator(_read_entries, json_schema_input_type=list[ExistingRepository | str] | str),
]


def _of_entries(name: str) -> Any:
    """The field of NewRepository, for every entry that does not have its own."""
    entry = NewRepository.model_fields[name]
    shown = {} if entry.is_required() else {"default": entry.get_default()}
    return Field(default=None, description=entry.description, json_schema_extra=shown)


class Context(ChatButtonSettings, DigestContext, UrgentContext, EventContext, GatheringSettings):
    """The settings under `context`."""

    model_config = ConfigDict(json_schema_extra={"patternProperties": {CDK_KEY.pattern: {}}})

    repository_name: OrEmptyText[RepositoryName] = Field(
        default=None,
        description="The one ECR repository to create, in the same stack as the notifier.",
    )
    repositories: _NewEntries = Field(
        default=(), description="Many repositories to create, each in its own stack."
    )
    existing_repositories: _ExistingEntries = Field(
        default=(),
        description="Repositories that exist: by name, by prefix (`team-a/*`) or all (`*`).",
    )
    ecr_api_vpc_endpoint_id: ForEntries[EndpointId] = _of_entries("ecr_api_vpc_endpoint_id")
    ecr_dkr_vpc_endpoint_id: ForEntries[EndpointId] = _of_entries("ecr_dkr_vpc_endpoint_id")
    allowed_cidrs: ForEntries[AllowedNetworks] = _of_entries("allowed_cidrs")
    exempt_principal_arns: ForEntries[PrincipalArns] = _of_entries("exempt_principal_arns")
    image_tag_mutability: ForEntries[Mutability] = _of_entries("image_tag_mutability")
    untagged_image_expiry_days: ForEntries[UntaggedImageExpiryDays] = _of_entries(
        "untagged_image_expiry_days"
    )
    max_image_count: ForEntries[MaxImageCount] = _of_entries("max_image_count")
    emails: ForEntries[Emails] = _of_entries("emails")
    minimum_severity: ForEntries[MinimumSeverity] = _of_entries("minimum_severity")
    known_exploited_only: ForEntries[Switch] = _of_entries("known_exploited_only")
    topic_arns: ForEntries[TopicArns] = _of_entries("topic_arns")
    language: Language = Field(
        default="en", description=ExistingRepository.model_fields["language"].description
    )
    top_findings: TopFindings = Field(
        default=10, description=ExistingRepository.model_fields["top_findings"].description
    )
    time_zone: TimeZone = Field(
        default="UTC", description=ExistingRepository.model_fields["time_zone"].description
    )
    settle_attempts: SettleAttempts = Field(
        default=4,
        description="How often Inspector is asked, at most, until it lists all findings.",
    )
    settle_wait_seconds: SettleWaitSeconds = Field(
        default=30, description="The pause between two of these attempts, in seconds."
    )
    detail_calls: DetailCalls = Field(
        default=200,
        description=(
            "How many calls of BatchGetFindingDetails a scan may take, each for 10 vulnerabilities;"
            " 0 ranks by the list of findings alone."
        ),
    )
    fetch_concurrency: OrEmptyText[FetchConcurrency] = Field(
        default=None,
        description=(
            "Concurrent executions of AWS Lambda to reserve for FetchFindings, so that thousands of"
            " scans at once are read in nearly the least possible time; 5 is enough. The account"
            " must have 100 more unreserved, or the deployment fails: `scan-brief doctor` says so"
            " before. Without it, none are reserved."
        ),
    )
    watch_minutes: WatchMinutes = Field(
        default=30,
        description=(
            "How long after a push, in minutes, an image that is not scanned is reported"
            " ([architecture.md](architecture.md#what-happens-after-a-push))."
        ),
    )
    ignore_file: OrEmptyText[IgnoreFile] = Field(
        default=None,
        description=(
            "The file of findings to ignore in every repository, from the folder of `cdk.json`"
            " ([ignore.md](ignore.md))."
        ),
    )
    layer_owners: _Owners = Field(
        default=(),
        description=(
            "Who fixes layers that several repositories share, for briefs to name them"
            " ([below](#an-entry-of-layerowners))."
        ),
    )
    log_retention_days: LogRetentionDays = Field(
        default=90, description="How long CloudWatch Logs keeps the log events, in days."
    )
    operations_emails: OrEmptyText[Emails] = Field(
        default=None,
        description=(
            "Addresses that receive the alarms by email, once confirmed. Without it, those of"
            " `emails`, or else of all entries."
        ),
    )
    alarm_topic_arn: OrEmptyText[TopicArn] = Field(
        default=None,
        description=(
            "Your own SNS topic for the alarms, instead of the stack's; CloudWatch must be allowed"
            " to publish to it."
        ),
    )
    registry_scan_frequency: OrEmptyText[ScanFrequency] = Field(
        default=None,
        description=(
            "Sets enhanced scanning for the whole registry of the account and Region, and replaces"
            " its configuration. Without it, the configuration stays as it is."
        ),
    )
    stack_name: StackName = Field(
        default="ScanBrief", description="The name of the stack in CloudFormation."
    )
    bootstrap_qualifier: Qualifier = Field(
        default=limits.BOOTSTRAP_QUALIFIER,
        alias="@aws-cdk/core:bootstrapQualifier",
        description=(
            "CDK's own setting, if you bootstrapped with a qualifier: the repository policy exempts"
            " the deployment role by its name."
        ),
    )

    @field_validator("repositories", "existing_repositories", mode="before")
    @classmethod
    def _stand_alone(cls, given: object, info: ValidationInfo) -> object:
        if not info.data.get("repository_name"):
            return given
        if given not in ("", [], None):
            raise Refused(given, "no list besides repositoryName, which -c repositoryName= removes")
        return given or [] if info.field_name == "repositories" else given

    @field_validator("alarm_topic_arn")
    @classmethod
    def _replace_emails(cls, given: str | None, info: ValidationInfo) -> str | None:
        if given and info.data.get("operations_emails") is not None:
            raise Refused(given, "no topic besides operationsEmails, which subscribes to another")
        return given


QUALIFIER_KEY = str(Context.model_fields["bootstrap_qualifier"].alias)

"""What the context of cdk.json may have: every setting with its meaning, type and default. Pure."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel

from scan_brief_cdk.settings.errors import Refused
from scan_brief_cdk.settings.names import (
    EMAIL_WORDS,
    PRINCIPAL_WORDS,
    Email,
    EndpointId,
    PrincipalArn,
    Qualifier,
    RepositoryName,
    RouteName,
    StackName,
    TopicArn,
)
from scan_brief_cdk.settings.networks import AllowedNetworks
from scan_brief_cdk.settings.time_zones import TimeZone
from scan_brief_cdk.settings.values import (
    Accepted,
    ForEntries,
    OneNumberOf,
    OrEmptyText,
    OrNothing,
    WholeNumber,
    choice_of,
    list_or_text,
    refuse_repeated,
    split_text,
)
from scan_brief_common import limits

# The keys that the CDK and its command line keep in the context.
CDK_KEY = re.compile(r"[@:]|^(?:aws|cdk)|^(?:acknowledged-issue-numbers|cli-telemetry)$")

Emails = Annotated[
    tuple[Email, ...], list_or_text(Email, EMAIL_WORDS), AfterValidator(refuse_repeated)
]
PrincipalArns = Annotated[
    tuple[PrincipalArn, ...],
    list_or_text(PrincipalArn, PRINCIPAL_WORDS),
    AfterValidator(refuse_repeated),
]
Language = Annotated[limits.Language, choice_of(limits.Language)]
TopFindings = Annotated[int, WholeNumber(limits.TOP_FINDINGS)]
SettleAttempts = Annotated[int, WholeNumber(limits.SETTLE_ATTEMPTS)]
SettleWaitSeconds = Annotated[int, WholeNumber(limits.SETTLE_WAIT_SECONDS)]
UntaggedImageExpiryDays = Annotated[int, WholeNumber(limits.UNTAGGED_IMAGE_EXPIRY_DAYS)]
MaxImageCount = Annotated[int, WholeNumber(limits.MAX_IMAGE_COUNT)]
LogRetentionDays = Annotated[int, OneNumberOf(limits.LOG_RETENTION_DAYS)]
_MutabilityWord = Literal["MUTABLE", "IMMUTABLE"]
Mutability = Annotated[_MutabilityWord, choice_of(_MutabilityWord)]
_FrequencyWord = Literal["SCAN_ON_PUSH", "CONTINUOUS_SCAN"]
ScanFrequency = Annotated[_FrequencyWord, choice_of(_FrequencyWord)]


class SettingsModel(BaseModel):
    """A JSON object whose names are in camelCase, and which has no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names as in cdk.json, without those that are CDK's own."""
        aliases = (str(field.alias) for field in cls.model_fields.values())
        return tuple(alias for alias in aliases if not CDK_KEY.search(alias))

    @model_validator(mode="before")
    @classmethod
    def _refuse_missing_as_null(cls, values: dict[str, object]) -> dict[str, object]:
        """So that the error says what is accepted."""
        fields = cls.model_fields.values()
        required = [str(field.alias) for field in fields if field.is_required()]
        return dict.fromkeys(required) | values


class ExistingRepository(SettingsModel):
    """An entry of `existingRepositories`: whose briefs go where, and how they are written."""

    model_config = ConfigDict(json_schema_extra={"required": ["repositoryName"]})

    repository_name: RouteName = Field(
        description="The repository or repositories. The most specific entry decides how a brief is written."
    )
    emails: Emails = Field(
        default=(), description="Addresses that receive each brief by e-mail, once confirmed."
    )
    language: OrNothing[Language] = Field(default=None, description="The language of the briefs.")
    top_findings: OrNothing[TopFindings] = Field(
        default=None, description='How many findings a brief lists under "Fix first".'
    )
    time_zone: OrNothing[TimeZone] = Field(
        default=None, description="The time zone of the times in a brief."
    )


class NewRepository(ExistingRepository):
    """An entry of `repositories`: a repository to create, and its briefs."""

    repository_name: RepositoryName = Field(description="The ECR repository to create.")
    ecr_api_vpc_endpoint_id: EndpointId = Field(
        description="The interface VPC endpoint of the ECR API, com.amazonaws.REGION.ecr.api."
    )
    ecr_dkr_vpc_endpoint_id: EndpointId = Field(
        description="The interface VPC endpoint of the Docker registry, com.amazonaws.REGION.ecr.dkr."
    )
    allowed_cidrs: AllowedNetworks = Field(
        description="Public networks that may reach the repository through the internet, none within another."
    )
    exempt_principal_arns: PrincipalArns = Field(
        default=(),
        description="More roles and users that the repository policy does not deny.",
    )
    image_tag_mutability: Mutability = Field(
        default="MUTABLE", description="Whether a tag can be moved to another image."
    )
    untagged_image_expiry_days: UntaggedImageExpiryDays = Field(
        default=0, description="Untagged images expire after this many days; 0 keeps them."
    )
    max_image_count: MaxImageCount = Field(
        default=0, description="Only this many of the newest images are kept; 0 keeps all."
    )

    @field_validator("ecr_dkr_vpc_endpoint_id")
    @classmethod
    def _differ(cls, given: str, info: ValidationInfo) -> str:
        if given == info.data.get("ecr_api_vpc_endpoint_id"):
            accepted = "another endpoint than for the API: each serves one service"
            raise Refused(given, accepted)
        return given


# What an entry inherits from the top of the context. Language, number of findings and time zone
# apply to all without being repeated in an entry.
INHERITED = tuple(
    name
    for name in NewRepository.names()
    if name not in {"repositoryName", "language", "topFindings", "timeZone"}
)


def _name_as_entry(given: object) -> object:
    return {"repositoryName": given} if isinstance(given, str) else given


def _read_entries(given: object) -> list[object]:
    if isinstance(given, str):
        return [name for name in split_text(given) if name]
    if not isinstance(given, list):
        raise Refused(given, "a list of names, or of objects with a repositoryName")
    return given


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
    return Field(
        default=None,
        description=entry.description,
        json_schema_extra={"default": entry.get_default()},
    )


class Context(SettingsModel):
    """The settings under `context`."""

    repository_name: OrEmptyText[RepositoryName] = Field(
        default=None,
        description="The one ECR repository to create, in the same stack as the notifier.",
    )
    repositories: _NewEntries = Field(
        default=(), description="Many repositories to create, each in its own stack."
    )
    existing_repositories: _ExistingEntries = Field(
        default=(),
        description="Repositories that exist already: by name, by prefix (`team-a/*`), or all (`*`).",
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
        description="How often Inspector is asked, at most, until it lists the findings of the event.",
    )
    settle_wait_seconds: SettleWaitSeconds = Field(
        default=30, description="The pause between two of these attempts, in seconds."
    )
    log_retention_days: LogRetentionDays = Field(
        default=90, description="How long CloudWatch Logs keeps the log events, in days."
    )
    alarm_topic_arn: OrEmptyText[TopicArn] = Field(
        default=None,
        description="The SNS topic that alarms notify; CloudWatch must be allowed to publish to it.",
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
            raise Refused(
                given,
                "nothing beside repositoryName (-c repositoryName= takes it back): one repository,"
                " or many",
            )
        return given or [] if info.field_name == "repositories" else given


QUALIFIER_KEY = str(Context.model_fields["bootstrap_qualifier"].alias)

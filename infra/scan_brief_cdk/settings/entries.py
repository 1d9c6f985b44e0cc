"""An entry of the lists of repositories: each setting with its meaning, type and default. Pure."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic.alias_generators import to_camel

from scan_brief_cdk.settings.errors import Refused
from scan_brief_cdk.settings.names import EndpointId, RepositoryName, RouteName
from scan_brief_cdk.settings.networks import AllowedNetworks
from scan_brief_cdk.settings.switch import Switch
from scan_brief_cdk.settings.time_zones import TimeZone
from scan_brief_cdk.settings.types import (
    Emails,
    IgnoreFile,
    Language,
    MaxImageCount,
    MinimumSeverity,
    Mutability,
    PrincipalArns,
    TopFindings,
    TopicArns,
    UntaggedImageExpiryDays,
)
from scan_brief_cdk.settings.values import OrEmptyText, OrNothing

# The keys that the CDK and its command line keep in the context.
CDK_KEY = re.compile(r"[@:]|^(?:aws|cdk)|^(?:acknowledged-issue-numbers|cli-telemetry)$")


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
        description="The repository or repositories whose briefs the entry is about."
    )
    emails: Emails = Field(
        default=(), description="Addresses that receive each brief by email, once confirmed."
    )
    language: OrNothing[Language] = Field(default=None, description="The language of the briefs.")
    top_findings: OrNothing[TopFindings] = Field(
        default=None, description='How many findings a brief lists under "Fix first".'
    )
    time_zone: OrNothing[TimeZone] = Field(
        default=None, description="The time zone of the times in a brief."
    )
    ignore_file: OrNothing[IgnoreFile] = Field(
        default=None,
        description=(
            "A file of findings to ignore in these repositories, besides that at the top, from the"
            " folder of `cdk.json`."
        ),
    )
    minimum_severity: OrEmptyText[MinimumSeverity] = Field(
        default=None,
        description=(
            "The addresses receive only briefs whose highest severity is this one or higher, and"
            " those that are in doubt ([subscribe.md](subscribe.md#which-briefs-pass-a-filter))."
        ),
    )
    known_exploited_only: Switch = Field(
        default=False,
        description=(
            "Whether the addresses receive only briefs with a finding that is known to be"
            " exploited, and those that are in doubt."
        ),
    )
    topic_arns: TopicArns = Field(
        default=(),
        description=(
            "SNS topics of your own to which each brief is published too, with the same attributes"
            " ([subscribe.md](subscribe.md#how-do-briefs-reach-a-topic-of-my-own))."
        ),
    )


class NewRepository(ExistingRepository):
    """An entry of `repositories`: a repository to create, and its briefs."""

    repository_name: RepositoryName = Field(description="The ECR repository to create.")
    ecr_api_vpc_endpoint_id: EndpointId = Field(
        description="The interface VPC endpoint of the ECR API, com.amazonaws.REGION.ecr.api."
    )
    ecr_dkr_vpc_endpoint_id: EndpointId = Field(
        description="The interface VPC endpoint of the registry, com.amazonaws.REGION.ecr.dkr."
    )
    allowed_cidrs: AllowedNetworks = Field(
        description="Public networks from which the repository can be reached; none within another."
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
            accepted = "a different endpoint from ecrApiVpcEndpointId: each serves one service"
            raise Refused(given, accepted)
        return given


# What an entry inherits from the top of the context. Language, number of findings, time zone and
# ignored findings apply to all without being repeated in an entry.
INHERITED = tuple(
    name
    for name in NewRepository.names()
    if name not in {"repositoryName", "language", "topFindings", "timeZone", "ignoreFile"}
)

"""The stacks' settings: the only reader of the CDK context. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scan_brief_cdk.repository_policy import fits_policy_limit, policy_limit
from scan_brief_cdk.route import Route, find_limit
from scan_brief_cdk.settings import readers
from scan_brief_cdk.settings.networks import allowed_networks
from scan_brief_cdk.settings.taker import Taker
from scan_brief_cdk.settings.value import (
    choice,
    list_of,
    one_of,
    optional,
    other_than,
    time_zone,
    whole_number,
)
from scan_brief_common.limits import LANGUAGES

QUALIFIER_KEY = "@aws-cdk/core:bootstrapQualifier"
# Of a repository, and, at the top, of every one that does not say otherwise.
BRIEF_KEYS = ("emails", "language", "topFindings", "timeZone")
REPOSITORY_KEYS = (
    *("ecrApiVpcEndpointId", "ecrDkrVpcEndpointId", "allowedCidrs", "exemptPrincipalArns"),
    *("imageTagMutability", "untaggedImageExpiryDays", "maxImageCount"),
)
KEYS = (
    *("repositoryName", "repositories", "existingRepositories", *REPOSITORY_KEYS, *BRIEF_KEYS),
    *(
        "settleAttempts",
        "settleWaitSeconds",
        "logRetentionDays",
        "alarmTopicArn",
        "registryScanFrequency",
    ),
    "stackName",
)
# What the CDK command line itself keeps in the context, beside keys with '@' or ':'.
CDK_KEYS = ("acknowledged-issue-numbers", "cli-telemetry")

_MUTABILITY = choice("MUTABLE", "IMMUTABLE")
_EXPIRY_DAYS = whole_number(0, 3650)
_IMAGE_COUNT = whole_number(0, 100_000)


@dataclass(frozen=True, kw_only=True)
class RepositorySettings:
    """One restricted repository, to be created."""

    repository_name: str
    ecr_api_vpc_endpoint_id: str
    ecr_dkr_vpc_endpoint_id: str
    allowed_cidrs: tuple[str, ...]
    exempt_principal_arns: tuple[str, ...]
    image_tag_mutability: str
    untagged_image_expiry_days: int
    max_image_count: int


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a deployment may choose, checked. An empty tuple or None means none.

    repository: of the all-in-one stack; repositories: of stacks of their own. routes: who gets the
    briefs of which repository, those that exist already among them. language, top_findings and
    time_zone hold for every repository that has none of its own.
    """

    repository: RepositorySettings | None
    repositories: tuple[RepositorySettings, ...]
    routes: tuple[Route, ...]
    language: str
    top_findings: int
    time_zone: str
    settle_attempts: int
    settle_wait_seconds: int
    log_retention_days: int
    alarm_topic_arn: str | None
    registry_scan_frequency: str | None
    stack_name: str
    bootstrap_qualifier: str

    @classmethod
    def from_context(cls, context: Mapping[str, object]) -> Settings:
        """Read and check the context of a CDK app; raises SettingsError for the first bad key."""
        take = Taker(
            {key: value for key, value in context.items() if not _belongs_to_cdk(key)}, known=KEYS
        )
        one = _take_one(take)
        created = [one] if one else take.entries("repositories")
        existing = take.entries("existingRepositories")
        if not created + existing:
            raise take.refuse(
                "repositoryName", "a repository's name, or repositories, or existingRepositories"
            )
        repositories = tuple(_take_repository(entry) for entry in created)
        _check_defaults(take)
        return cls(
            repository=repositories[0] if one else None,
            repositories=() if one else repositories,
            routes=_take_routes(take, created, existing),
            language=take("language", choice(*LANGUAGES), default="en"),
            top_findings=take("topFindings", whole_number(1, 50), default=10),
            time_zone=take("timeZone", time_zone, default="UTC"),
            settle_attempts=take("settleAttempts", whole_number(1, 5), default=4),
            settle_wait_seconds=take("settleWaitSeconds", whole_number(1, 300), default=30),
            log_retention_days=take(
                "logRetentionDays", one_of(readers.LOG_RETENTION_DAYS), default=90
            ),
            alarm_topic_arn=take("alarmTopicArn", optional(readers.topic_arn), default=None),
            registry_scan_frequency=take(
                "registryScanFrequency",
                optional(choice("SCAN_ON_PUSH", "CONTINUOUS_SCAN")),
                default=None,
            ),
            stack_name=take("stackName", readers.stack_name, default="ScanBrief"),
            bootstrap_qualifier=Taker(context)(
                QUALIFIER_KEY, readers.qualifier, default="hnb659fds"
            ),
        )


def _take_one(take: Taker) -> Taker | None:
    """The all-in-one stack's repository, whose keys are those at the top."""
    if take("repositoryName", optional(readers.repository_name), default=None) is None:
        return None
    for other in ("repositories", "existingRepositories"):
        if take.has(other):
            accepted = (
                "nothing beside repositoryName (-c repositoryName= takes it back): one repository,"
                " or many"
            )
            raise take.refuse(other, accepted)
    return take


def _take_repository(take: Taker) -> RepositorySettings:
    api = take("ecrApiVpcEndpointId", readers.endpoint_id)
    another = other_than(
        api, readers.endpoint_id, "another endpoint than for the API: each serves one service"
    )
    networks = take("allowedCidrs", allowed_networks)
    principals = take(
        "exemptPrincipalArns", list_of(readers.principal_arn), default=tuple[str, ...]()
    )
    if not fits_policy_limit(allowed_cidrs=networks, exempt_principal_arns=principals):
        longer = (
            "allowedCidrs"
            if len("".join(networks)) > len("".join(principals))
            else "exemptPrincipalArns"
        )
        raise take.refuse(longer, policy_limit("allowedCidrs", "exemptPrincipalArns"))
    return RepositorySettings(
        repository_name=take("repositoryName", readers.repository_name),
        ecr_api_vpc_endpoint_id=api,
        ecr_dkr_vpc_endpoint_id=take("ecrDkrVpcEndpointId", another),
        allowed_cidrs=networks,
        exempt_principal_arns=principals,
        image_tag_mutability=take("imageTagMutability", _MUTABILITY, default="MUTABLE"),
        untagged_image_expiry_days=take("untaggedImageExpiryDays", _EXPIRY_DAYS, default=0),
        max_image_count=take("maxImageCount", _IMAGE_COUNT, default=0),
    )


def _check_defaults(take: Taker) -> None:
    """What stands at the top is checked, though every entry may have its own."""
    for key, read in (
        ("ecrApiVpcEndpointId", readers.endpoint_id),
        ("ecrDkrVpcEndpointId", readers.endpoint_id),
        ("allowedCidrs", allowed_networks),
        ("exemptPrincipalArns", list_of(readers.principal_arn)),
        ("imageTagMutability", _MUTABILITY),
        ("untaggedImageExpiryDays", _EXPIRY_DAYS),
        ("maxImageCount", _IMAGE_COUNT),
        ("emails", list_of(readers.email)),
    ):
        if take.has(key):
            take(key, read)


def _take_routes(take: Taker, created: list[Taker], existing: list[Taker]) -> tuple[Route, ...]:
    routes = [
        *(
            _take_route(entry, readers.repository_name, (*REPOSITORY_KEYS, *BRIEF_KEYS))
            for entry in created
        ),
        *(_take_route(entry, readers.watched_name, BRIEF_KEYS) for entry in existing),
    ]
    names = [one.name for one in routes]
    for place, entry in enumerate(created + existing):
        if names[place] in names[:place]:
            raise entry.refuse("repositoryName", "each repository only once")
    limit = find_limit(routes)
    if limit:
        raise take.refuse(_find_source(limit, take, created), limit)
    return tuple(routes)


def _find_source(limit: str, take: Taker, created: list[Taker]) -> str:
    """The setting of which there is too much: addresses at the top, or else the list with all the
    rest.
    """
    if "e-mail addresses" in limit and take.has("emails"):
        return "emails"
    return "repositories" if created else "existingRepositories"


def _take_route(take: Taker, read_name: Callable[[object], str], known: tuple[str, ...]) -> Route:
    """Who gets what; the notifier's own language and the like, which hold for all, are not said
    again.
    """
    take.refuse_unknown_in_entry(("repositoryName", *known))
    own = take.of_entry()
    return Route(
        name=take("repositoryName", read_name),
        emails=take("emails", list_of(readers.email), default=()),
        language=own("language", choice(*LANGUAGES), default=None),
        top_findings=own("topFindings", whole_number(1, 50), default=None),
        time_zone=own("timeZone", time_zone, default=None),
    )


def _belongs_to_cdk(key: str) -> bool:
    return "@" in key or ":" in key or key.startswith(("aws", "cdk")) or key in CDK_KEYS

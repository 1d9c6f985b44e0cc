"""The stacks' settings: the only reader of the CDK context. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scan_brief_cdk.audience import find_audience_limit, list_audiences
from scan_brief_cdk.repository_policy import fits_policy_limit, policy_limit
from scan_brief_cdk.route import TOO_MANY_ADDRESSES, Route, find_limit
from scan_brief_cdk.settings.digest import Digests
from scan_brief_cdk.settings.entries import (
    CDK_KEY,
    INHERITED,
    ExistingRepository,
    NewRepository,
)
from scan_brief_cdk.settings.gathering import Gathering
from scan_brief_cdk.settings.owners import LayerOwner
from scan_brief_cdk.settings.source import Source
from scan_brief_cdk.settings.top_level import QUALIFIER_KEY, Context
from scan_brief_cdk.settings.urgent import NEEDS_A_DIGEST, Urgent

KEYS = Context.names()


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
    """The settings of a deployment, checked. An empty tuple or None means none.

    repository: that of the all-in-one stack; repositories: each has a stack of its own. routes: who
    receives the briefs of which repository, existing ones included. language, top_findings and
    time_zone apply to every repository that does not have its own. operations_emails: who receives
    the alarms; None: the addresses of all routes.
    """

    repository: RepositorySettings | None
    repositories: tuple[RepositorySettings, ...]
    routes: tuple[Route, ...]
    language: str
    top_findings: int
    time_zone: str
    settle_attempts: int
    settle_wait_seconds: int
    detail_calls: int
    fetch_concurrency: int | None
    watch_minutes: int
    gathering: Gathering
    ignore_file: str | None
    layer_owners: tuple[LayerOwner, ...]
    chat_buttons: bool
    log_retention_days: int
    operations_emails: tuple[str, ...] | None
    alarm_topic_arn: str | None
    registry_scan_frequency: str | None
    stack_name: str
    bootstrap_qualifier: str
    digests: Digests
    urgent: Urgent
    publish_events: bool

    @classmethod
    def from_context(cls, context: Mapping[str, object]) -> Settings:
        """Check the context of a CDK app. Raises SettingsError for the first setting that is not
        accepted: unknown names first, then the settings in their order, then the entries.
        """
        top = Source(
            {
                key: value
                for key, value in context.items()
                if key == QUALIFIER_KEY or not CDK_KEY.search(key)
            }
        )
        chosen = top.check(Context)
        created, existing = _list_entries(top, chosen)
        repositories = tuple(_read_repository(entry) for entry in created)
        routes = _read_routes(top, created, existing)
        return cls(
            repository=repositories[0] if chosen.repository_name else None,
            repositories=() if chosen.repository_name else repositories,
            routes=routes,
            language=chosen.language,
            top_findings=chosen.top_findings,
            time_zone=chosen.time_zone,
            settle_attempts=chosen.settle_attempts,
            settle_wait_seconds=chosen.settle_wait_seconds,
            detail_calls=chosen.detail_calls,
            fetch_concurrency=chosen.fetch_concurrency,
            watch_minutes=chosen.watch_minutes,
            gathering=chosen.gathering,
            ignore_file=chosen.ignore_file,
            layer_owners=_read_owners(chosen),
            chat_buttons=chosen.chat_buttons,
            log_retention_days=chosen.log_retention_days,
            operations_emails=_find_operations_emails(chosen),
            alarm_topic_arn=chosen.alarm_topic_arn,
            registry_scan_frequency=chosen.registry_scan_frequency,
            stack_name=chosen.stack_name,
            bootstrap_qualifier=chosen.bootstrap_qualifier,
            digests=_read_digests(top, chosen, routes),
            urgent=_read_urgent(top, chosen),
            publish_events=chosen.publish_events,
        )


def _find_operations_emails(chosen: Context) -> tuple[str, ...] | None:
    """None for the all-in-one stack too, whose one route has the addresses at the top."""
    if chosen.operations_emails is not None or chosen.alarm_topic_arn or chosen.repository_name:
        return chosen.operations_emails
    return chosen.emails


def _read_digests(top: Source, chosen: Context, routes: Sequence[Route]) -> Digests:
    digests = chosen.read_digests()
    audiences = list_audiences(routes, chosen.language, chosen.time_zone)
    limit = find_audience_limit(audiences) if digests.period != "off" else None
    if limit:
        raise top.refuse("digest", limit)
    return digests


def _read_urgent(top: Source, chosen: Context) -> Urgent:
    urgent = chosen.read_urgent()
    if urgent.enabled and chosen.read_digests().period == "off":
        raise top.refuse("urgent", NEEDS_A_DIGEST)
    return urgent


def _read_owners(chosen: Context) -> tuple[LayerOwner, ...]:
    owners: list[LayerOwner] = []
    for place, entry in enumerate(chosen.layer_owners):
        source = Source(entry, place=f"layerOwners[{place}].")
        owner = source.check(LayerOwner)
        # The first entry decides, so another one would say nothing.
        if any((owner.layer, owner.repository) == (e.layer, e.repository) for e in owners):
            name = "layer" if owner.layer else "repository"
            raise source.refuse(name, f"each {name} only once")
        owners.append(owner)
    return tuple(owners)


def _list_entries(top: Source, chosen: Context) -> tuple[list[Source], list[Source]]:
    """What is to be created, and what exists already."""
    inherited = {name: value for name, value in top.own.items() if name in INHERITED}
    if chosen.repository_name:
        return [Source({"repositoryName": chosen.repository_name}, inherited)], []
    created, existing = (
        [Source(entry, inherited, f"{key}[{place}].") for place, entry in enumerate(entries)]
        for key, entries in (
            ("repositories", chosen.repositories),
            ("existingRepositories", chosen.existing_repositories),
        )
    )
    if not created + existing:
        raise top.refuse(
            "repositoryName", "a repository name, or repositories, or existingRepositories"
        )
    return created, existing


def _read_repository(entry: Source) -> RepositorySettings:
    checked = entry.check(NewRepository)
    networks, principals = checked.allowed_cidrs, checked.exempt_principal_arns
    if not fits_policy_limit(allowed_cidrs=networks, exempt_principal_arns=principals):
        longer = (
            "allowedCidrs"
            if len("".join(networks)) > len("".join(principals))
            else "exemptPrincipalArns"
        )
        raise entry.refuse(longer, policy_limit("allowedCidrs", "exemptPrincipalArns"))
    return RepositorySettings(
        repository_name=checked.repository_name,
        ecr_api_vpc_endpoint_id=checked.ecr_api_vpc_endpoint_id,
        ecr_dkr_vpc_endpoint_id=checked.ecr_dkr_vpc_endpoint_id,
        allowed_cidrs=networks,
        exempt_principal_arns=principals,
        image_tag_mutability=checked.image_tag_mutability,
        untagged_image_expiry_days=checked.untagged_image_expiry_days,
        max_image_count=checked.max_image_count,
    )


def _read_routes(top: Source, created: list[Source], existing: list[Source]) -> tuple[Route, ...]:
    routes = [
        *(_read_route(entry.check(NewRepository)) for entry in created),
        *(_read_route(entry.check(ExistingRepository)) for entry in existing),
    ]
    names = [route.name for route in routes]
    for place, entry in enumerate(created + existing):
        if names[place] in names[:place]:
            raise entry.refuse("repositoryName", "each repository only once")
    limit = find_limit(routes)
    if limit:
        raise top.refuse(_find_source(limit, top, created), limit)
    return tuple(routes)


def _read_route(checked: ExistingRepository) -> Route:
    return Route(
        name=checked.repository_name,
        emails=checked.emails,
        language=checked.language,
        top_findings=checked.top_findings,
        time_zone=checked.time_zone,
        ignore_file=checked.ignore_file,
        minimum_severity=checked.minimum_severity,
        known_exploited_only=checked.known_exploited_only,
        topic_arns=checked.topic_arns,
    )


def _find_source(limit: str, top: Source, created: Sequence[Source]) -> str:
    """The setting that exceeds the limit: addresses at the top, or else the list of all others."""
    if limit == TOO_MANY_ADDRESSES and top.own.get("emails"):
        return "emails"
    if "topicArns" in limit and top.own.get("topicArns"):
        return "topicArns"
    return "repositories" if created else "existingRepositories"

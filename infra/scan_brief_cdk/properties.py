"""Checks the constructs' properties like the settings. A CDK token, without a value, passes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from aws_cdk import Stack, Token
from pydantic import TypeAdapter, ValidationError

from scan_brief_cdk.audience import find_audience_limit, list_audiences
from scan_brief_cdk.copy_topics import partition_of
from scan_brief_cdk.route import Route, find_limit
from scan_brief_cdk.settings.digest import PROPERTIES, Digests
from scan_brief_cdk.settings.errors import find_refusal
from scan_brief_cdk.settings.gathering import GatherAbove, Gathering, GatherMinutes
from scan_brief_cdk.settings.names import Email, RouteName, TopicArn
from scan_brief_cdk.settings.switch import Switch
from scan_brief_cdk.settings.time_zones import TimeZone
from scan_brief_cdk.settings.types import (
    DetailCalls,
    Emails,
    FetchConcurrency,
    IgnoreFile,
    Language,
    LogRetentionDays,
    MinimumSeverity,
    SettleAttempts,
    SettleWaitSeconds,
    TopFindings,
    TopicArns,
    WatchMinutes,
)
from scan_brief_cdk.settings.urgent import NEEDS_A_DIGEST, Urgent
from scan_brief_cdk.settings.urgent import PROPERTIES as URGENT_PROPERTIES


def check(name: str, values: Sequence[object], kind: Any, *, least: int = 1) -> None:
    """Raises ValueError, which names the property, for too few values or an invalid one.

    kind: the annotated type of one value.
    """
    if isinstance(values, str) or len(values) < least:
        raise ValueError(f"{name}: given {values!r}; accepted: a list of at least {least}")
    for value in values:
        if not Token.is_unresolved(value):
            try:
                _adapt(kind).validate_python(value)
            except ValidationError as fault:
                _, refused = find_refusal(fault)
                raise ValueError(
                    f"{name}: given {refused.given!r}; accepted: {refused.accepted}"
                ) from None


# Properties with one value, as the settings check them.
_VALUES: dict[str, Any] = {
    "language": Language,
    "top_findings": TopFindings,
    "time_zone": TimeZone,
    "settle_attempts": SettleAttempts,
    "settle_wait_seconds": SettleWaitSeconds,
    "detail_calls": DetailCalls,
    "fetch_concurrency": FetchConcurrency | None,
    "watch_minutes": WatchMinutes,
    "log_retention_days": LogRetentionDays,
    "chat_buttons": Switch,
    "publish_events": Switch,
}


def check_values(**values: object) -> None:
    """Raises ValueError, which names the property, for the first that is not accepted."""
    for name, value in values.items():
        check(name, [value], _VALUES[name])


def check_routes(routes: Sequence[Route]) -> None:
    """Raises ValueError, which names the property, for an invalid route or too many routes."""
    if not routes:
        raise ValueError("routes: given nothing; accepted: a list of at least 1")
    for place, route in enumerate(routes):
        _check_route(f"routes[{place}]", route)
    _check_names([route.name for route in routes])
    limit = find_limit(routes)
    if limit:
        raise ValueError(f"routes: {limit}")


def check_gathering(gathering: Gathering) -> None:
    """Raises ValueError, which names the property."""
    check("gathering.above", [gathering.above], GatherAbove)
    check("gathering.minutes", [gathering.minutes], GatherMinutes)


def check_operations_emails(emails: Sequence[str] | None, alarm_topic: object) -> None:
    """Raises ValueError, which names the property. An alarm topic has subscribers of its own."""
    if emails is None:
        return
    if alarm_topic is not None:
        raise ValueError(
            f"operations_emails: given {emails!r}; accepted: nothing besides alarm_topic"
        )
    check("operations_emails", emails, Email, least=0)
    if not any(Token.is_unresolved(address) for address in emails):
        check("operations_emails", [list(emails)], Emails)


def check_digests(digests: Digests, routes: Sequence[Route], language: str, time_zone: str) -> None:
    """Raises ValueError, which names the property. language, time_zone: see list_audiences."""
    for name, kind in PROPERTIES:
        check(f"digests.{name}", [getattr(digests, name)], kind)
    limit = find_audience_limit(list_audiences(routes, language, time_zone))
    if limit and digests.period != "off":
        raise ValueError(f"digests: {limit}")


def check_urgent(urgent: Urgent, digests: Digests) -> None:
    """Raises ValueError, which names the property."""
    for name, kind in URGENT_PROPERTIES:
        check(f"urgent.{name}", [getattr(urgent, name)], kind)
    if urgent.enabled and digests.period == "off":
        raise ValueError(f"urgent: {NEEDS_A_DIGEST}")


def check_topics(routes: Sequence[Route], stack: Stack) -> None:
    """Raises ValueError for a topic outside of the stack's Region, if that is known: Step Functions
    calls the SNS of its own Region.
    """
    for place, route in enumerate(routes):
        for arn in route.topic_arns:
            partition, region = arn.split(":")[1], arn.split(":")[3]
            if not Token.is_unresolved(stack.region) and (
                (region, partition) != (stack.region, partition_of(stack.region))
            ):
                raise ValueError(
                    f"routes[{place}].topic_arns: given {arn!r}; accepted: a topic in the stack's"
                    f" Region, {stack.region}"
                )


@cache
def _adapt(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _check_names(names: Sequence[str]) -> None:
    if len(names) > 1 and any(Token.is_unresolved(name) for name in names):
        # Patterns, filters and preferences are built from the names, and a token has no text yet.
        raise ValueError("routes: a route whose name is a token must be the only one")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ValueError(f"routes: given {twice!r} twice; accepted: each name or prefix only once")


def _check_route(place: str, route: Route) -> None:
    check(f"{place}.name", [route.name], RouteName)
    if route.ignore_file and Token.is_unresolved(route.name):
        # The list in the functions' code has the names.
        raise ValueError(
            f"{place}.ignore_file: given {route.ignore_file!r}; accepted: nothing for a name that"
            " is a token; the notifier's ignore_file applies to it too"
        )
    check(f"{place}.emails", route.emails, Email, least=0)
    if not any(Token.is_unresolved(address) for address in route.emails):
        check(f"{place}.emails", [list(route.emails)], Emails)
    check(f"{place}.topic_arns", route.topic_arns, TopicArn, least=0)
    check(f"{place}.topic_arns", [list(route.topic_arns)], TopicArns)
    for name, value, kind in (
        ("language", route.language, Language),
        ("top_findings", route.top_findings, TopFindings),
        ("time_zone", route.time_zone, TimeZone),
        ("ignore_file", route.ignore_file, IgnoreFile),
        ("minimum_severity", route.minimum_severity, MinimumSeverity),
        ("known_exploited_only", route.known_exploited_only, Switch),
    ):
        check(f"{place}.{name}", [] if value is None else [value], kind, least=0)

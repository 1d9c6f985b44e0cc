"""Which repositories a notifier watches, and the preferences and subscribers of each. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scan_brief_cdk.copy_topics import find_topic_limit
from scan_brief_cdk.filter_policy import (
    BriefFilter,
    FilterPolicy,
    count_combinations,
    write_policy,
)
from scan_brief_common.limits import (
    EVENT_PATTERN_CHARACTERS,
    EVENT_PATTERN_MARGIN,
    FILTER_POLICIES,
    FILTER_VALUES,
    FILTER_VALUES_OF_ALL,
    GATHERING_BYTES,
    PREFERENCES_BYTES,
    RULES,
)
from scan_brief_common.patterns import prefix_of

TOO_MANY_ADDRESSES = f"at most {FILTER_POLICIES} email addresses"
# The longest part of a repository's ARN before the name, and the JSON around the longest prefix.
_ARN_LENGTH = len("arn:aws-us-gov:ecr:ap-southeast-99:111122223333:repository/") + len(
    '{"prefix":"/sha256:"},'
)


@dataclass(frozen=True, kw_only=True)
class Route:
    """A repository (its name), those with a prefix (`team-a/*`) or all (`*`); and the subscribers.

    name: can be a CDK token, if it is the name of one repository. emails: addresses that receive
    each brief by email. language, top_findings and time_zone (IANA name): None uses the notifier's;
    limits.LANGUAGES and limits.TOP_FINDINGS are accepted. ignore_file: the path of a file
    of findings to ignore in these repositories, besides the notifier's. minimum_severity and
    known_exploited_only: which briefs the addresses receive, see scan_brief_common.routing.
    topic_arns: SNS topics to which each brief is published too.
    """

    name: str
    emails: Sequence[str] = ()
    language: str | None = None
    top_findings: int | None = None
    time_zone: str | None = None
    ignore_file: str | None = None
    minimum_severity: str | None = None
    known_exploited_only: bool = False
    topic_arns: Sequence[str] = ()

    @property
    def filter(self) -> BriefFilter:
        """Which briefs the addresses receive."""
        return BriefFilter(
            minimum=self.minimum_severity, known_exploited_only=self.known_exploited_only
        )

    @property
    def prefix(self) -> str | None:
        """The prefix of the names, "" for all repositories; None for one repository."""
        return prefix_of(self.name)

    @property
    def specificity(self) -> tuple[bool, int]:
        """Sorts the most specific route first: a name, then the longest prefix."""
        return self.prefix is not None, -len(self.name)

    def match_arn(self, repositories: str) -> str | dict[str, str]:
        """Matches the repositories' ARNs in EventBridge patterns and SNS filter policies.

        repositories: the beginning of every ARN, `arn:…:repository/`.
        """
        return (
            f"{repositories}{self.name}"
            if self.prefix is None
            else {"prefix": f"{repositories}{self.prefix}"}
        )


def write_preferences(routes: Iterable[Route]) -> str:
    """The routes' own preferences as JSON, most specific first, for scan_brief.preferences."""
    chosen = {
        route.name: _preferences(route)
        for route in sorted(routes, key=lambda route: route.specificity)
    }
    return json.dumps(
        {name: preferences for name, preferences in chosen.items() if preferences},
        separators=(",", ":"),
    )


def write_gathering_routes(routes: Sequence[Route]) -> str:
    """Who receives which briefs as JSON, most specific first, for scan_brief.audience. It has no
    address: an address is its place in the list of all, of which it has a hash.
    """
    addresses = [address.casefold() for address in list_subscribers(routes)]
    stated = {
        route.name: {
            "to": sorted({addresses.index(email.casefold()) for email in route.emails}),
            **({"minimumSeverity": route.minimum_severity} if route.minimum_severity else {}),
            **({"knownExploitedOnly": True} if route.known_exploited_only else {}),
        }
        for route in sorted(routes, key=lambda route: route.specificity)
    }
    # CDK numbers its tokens again at each synth.
    known = re.sub(r"\$\{token\[[^]]*\]\}", "?", json.dumps(addresses))
    name = hashlib.sha256(known.encode()).hexdigest()[:16]
    return json.dumps({"addresses": name, "routes": stated}, separators=(",", ":"))


def write_fallback_preferences(routes: Iterable[Route]) -> str:
    """The routes' own languages and time zones as JSON, for the fallback; most specific first.

    Shape: [{"pattern": a route's name, "language": "" or one, "timeZone": "" or an IANA name}].
    """
    own = sorted(
        (route for route in routes if route.language or route.time_zone),
        key=lambda route: route.specificity,
    )
    return json.dumps(
        [
            {
                "pattern": route.name,
                "language": route.language or "",
                "timeZone": route.time_zone or "",
            }
            for route in own
        ],
        separators=(",", ":"),
    )


def group_for_rules(routes: Sequence[Route]) -> list[list[Route]]:
    """One group of routes for each rule. A repository in two groups would start two executions."""
    groups: list[list[Route]] = []
    room = 0
    for route in routes:
        if any(covers(other, route) for other in routes):
            continue
        needed = len(route.name) + _ARN_LENGTH
        if needed > room:
            groups.append([])
            room = EVENT_PATTERN_CHARACTERS - EVENT_PATTERN_MARGIN
        groups[-1].append(route)
        room -= needed
    return groups


def list_subscribers(routes: Sequence[Route]) -> Mapping[str, list[Route]]:
    """The routes of each email address. Spellings that differ only by case are one address."""
    subscribers: dict[str, list[Route]] = {}
    spelled: dict[str, str] = {}
    for route in routes:
        for address in route.emails:
            # Mailboxes do not distinguish case: two subscriptions would send each brief twice.
            first = spelled.setdefault(address.casefold(), address)
            subscribers.setdefault(first, []).append(route)
    return subscribers


def list_filters(routes: Sequence[Route], arn_prefix: str) -> dict[str, FilterPolicy]:
    """The filter policy of each email address. arn_prefix: `arn:…:repository/`."""
    return {
        address: write_policy([(route.match_arn(arn_prefix), route.filter) for route in received])
        for address, received in list_subscribers(routes).items()
    }


def list_operators(chosen: Sequence[str] | None, routes: Sequence[Route]) -> list[str]:
    """Who receives the alarms: those chosen, or else the addresses of all routes."""
    return list(list_subscribers(routes) if chosen is None else chosen)


def find_limit(routes: Sequence[Route]) -> str | None:
    """The limit that the routes exceed, in words; None if they exceed none."""
    if len(write_preferences(routes).encode()) > PREFERENCES_BYTES:
        return f"at most {PREFERENCES_BYTES:,} bytes of settings that differ, as JSON"
    if len(write_gathering_routes(routes).encode()) > GATHERING_BYTES:
        return (
            f"at most {GATHERING_BYTES:,} bytes of names or prefixes, each with the places of its"
            " addresses in a list, as JSON"
        )
    if len(group_for_rules(routes)) > RULES:
        return (
            f"as many names as fit in {RULES} EventBridge rules, about 300 short ones; a prefix"
            " matches any number"
        )
    return find_topic_limit(routes) or _find_filter_limit(list_subscribers(routes))


def _find_filter_limit(subscribers: Mapping[str, Sequence[Route]]) -> str | None:
    if len(subscribers) > FILTER_POLICIES:
        return TOO_MANY_ADDRESSES
    for address, received in subscribers.items():
        policy = write_policy([(route.name, route.filter) for route in received])
        combinations = count_combinations(policy)
        if combinations > FILTER_VALUES and "$or" in policy:
            return (
                f"at most {FILTER_VALUES} combinations of names or prefixes, severities and known"
                f" exploited for {address}; a prefix matches any number"
            )
        if combinations > FILTER_VALUES:
            most = FILTER_VALUES * len(received) // combinations
            return f"at most {most} names or prefixes for {address}; a prefix matches any number"
    if sum(map(len, subscribers.values())) > FILTER_VALUES_OF_ALL:
        return f"at most {FILTER_VALUES_OF_ALL:,} names or prefixes of all addresses together"
    return None


def covers(other: Route, route: Route) -> bool:
    """Whether the other route's prefix matches everything that this route matches."""
    if other.prefix is None or other.name == route.name:
        return False
    return (route.name if route.prefix is None else route.prefix).startswith(other.prefix)


def _preferences(route: Route) -> dict[str, object]:
    own = {
        "language": route.language,
        "topFindings": route.top_findings,
        "timeZone": route.time_zone,
    }
    return {name: value for name, value in own.items() if value is not None}

"""Which repositories a notifier watches, and what is special about each. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scan_brief_common.patterns import prefix_of

# What a request, a report and this text make together stays below a state's 262,144 bytes.
MOST_PREFERENCES = 65_536
# SNS, "Filter policy constraints": at most 150 values in a policy, and 200 policies on a topic.
MOST_FILTER_VALUES = 150
MOST_FILTERS = 200
# A value takes some 350 bytes of the template, of which CloudFormation takes a megabyte.
MOST_FILTER_VALUES_IN_ALL = 1_500
# EventBridge refuses a rule whose pattern is longer than 2,048 characters, the ARNs in full.
MOST_PATTERN = 1_800
# Each has an alarm, and its ARN stands in the dead-letter queue's policy, of which SQS takes 8,192
# bytes.
MOST_RULES = 19
_ARN_LENGTH = len("arn:aws-us-gov:ecr:ap-southeast-99:111122223333:repository/") + len(
    '{"prefix":""},'
)


@dataclass(frozen=True, kw_only=True)
class Route:
    """One repository by name, all whose name begins alike (`team-a/*`) or every one (`*`), and who
    gets their briefs.

    name: may be a CDK token, if it is that of one repository. emails: addresses that get a mail of
    each brief. language ("en" or "ja"), top_findings (1-50) and time_zone (IANA name): None is the
    notifier's own.
    """

    name: str
    emails: Sequence[str] = ()
    language: str | None = None
    top_findings: int | None = None
    time_zone: str | None = None

    @property
    def prefix(self) -> str | None:
        """What the names begin with, "" for every one; None for one repository."""
        return prefix_of(self.name)

    @property
    def specificity(self) -> tuple[bool, int]:
        """Sorts the closest description of a repository first: its name, then the longest prefix."""
        return self.prefix is not None, -len(self.name)

    def match_arn(self, repositories: str) -> str | dict[str, str]:
        """What matches the repositories' ARNs, in EventBridge's patterns as in SNS's filter
        policies.

        repositories: what every ARN begins with, `arn:…:repository/`.
        """
        return (
            f"{repositories}{self.name}"
            if self.prefix is None
            else {"prefix": f"{repositories}{self.prefix}"}
        )


def write_preferences(routes: Iterable[Route]) -> str:
    """What is special about each repository, as the functions read it (scan_brief.preferences), the
    closest first.
    """
    chosen = {
        one.name: _preferences(one) for one in sorted(routes, key=lambda one: one.specificity)
    }
    return json.dumps({name: said for name, said in chosen.items() if said}, separators=(",", ":"))


def write_route_languages(routes: Iterable[Route]) -> str:
    """The languages that routes have of their own, as JSON, the most specific route first.

    Shape: [{"pattern": a route's name, "language": "en" | "ja"}].
    """
    own = sorted((route for route in routes if route.language), key=lambda route: route.specificity)
    return json.dumps([{"pattern": route.name, "language": route.language} for route in own])


def group_for_rules(routes: Sequence[Route]) -> list[list[Route]]:
    """As many groups as rules are needed for their patterns; no repository is in two, which would
    start it twice.
    """
    groups: list[list[Route]] = []
    room = 0
    for one in routes:
        if any(_covers(other, one) for other in routes):
            continue
        needed = len(one.name) + _ARN_LENGTH
        if needed > room:
            groups.append([])
            room = MOST_PATTERN
        groups[-1].append(one)
        room -= needed
    return groups


def list_subscribers(routes: Sequence[Route]) -> Mapping[str, list[Route]]:
    """Each mailbox once, as it is first written, with all that it is to get."""
    subscribers: dict[str, list[Route]] = {}
    spelled: dict[str, str] = {}
    for one in routes:
        for address in one.emails:
            # Another spelling is the same mailbox, which would get a brief twice.
            subscribers.setdefault(spelled.setdefault(address.casefold(), address), []).append(one)
    return subscribers


def find_limit(routes: Sequence[Route]) -> str | None:
    """What is too much for AWS, in words; None if nothing is."""
    if len(write_preferences(routes).encode()) > MOST_PREFERENCES:
        return f"what differs between repositories takes at most {MOST_PREFERENCES:,} bytes as JSON"
    if len(group_for_rules(routes)) > MOST_RULES:
        return (
            f"as many names as {MOST_RULES} EventBridge rules hold, some 300 short ones; a prefix"
            " holds any number"
        )
    return _find_filter_limit(list_subscribers(routes))


def _find_filter_limit(subscribers: Mapping[str, Sequence[Route]]) -> str | None:
    if len(subscribers) > MOST_FILTERS:
        return f"at most {MOST_FILTERS} e-mail addresses"
    for address, ones in subscribers.items():
        if len(ones) > MOST_FILTER_VALUES:
            return (
                f"{address} may have at most {MOST_FILTER_VALUES} names or prefixes; a prefix holds"
                " any number"
            )
    if sum(map(len, subscribers.values())) > MOST_FILTER_VALUES_IN_ALL:
        return f"at most {MOST_FILTER_VALUES_IN_ALL:,} names or prefixes of all addresses together"
    return None


def _covers(other: Route, one: Route) -> bool:
    """Whether the other's prefix also fits all that this one describes."""
    if other.prefix is None or other.name == one.name:
        return False
    return (one.name if one.prefix is None else one.prefix).startswith(other.prefix)


def _preferences(one: Route) -> dict[str, object]:
    said = {"language": one.language, "topFindings": one.top_findings, "timeZone": one.time_zone}
    return {name: value for name, value in said.items() if value is not None}

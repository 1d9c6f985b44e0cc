"""Who receives digests together: routes with the same addresses, language and zone. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scan_brief_cdk.route import Route, covers

_ID_CHARACTERS = 12
_MOST = 100  # each has a schedule, and a stack has at most 500 resources


@dataclass(frozen=True, kw_only=True)
class Audience:
    """A digest's recipients. routes: the names of the routes whose repositories it is about.

    id: the same as long as addresses, language and time zone are. addresses: without case. language
    and time_zone: of the most specific route that has them, or else the notifier's.
    """

    id: str
    routes: tuple[str, ...]
    addresses: tuple[str, ...]
    language: str
    time_zone: str


def list_audiences(routes: Sequence[Route], language: str, time_zone: str) -> list[Audience]:
    """Each route is in one audience. A repository belongs to that of its most specific route.

    language, time_zone: of routes that have none of their own.
    """
    found: dict[tuple[tuple[str, ...], str, str], list[str]] = {}
    for route in routes:
        chain = sorted(
            (other for other in routes if other is route or covers(other, route)),
            key=lambda other: other.specificity,
        )
        key = (
            tuple(sorted({address.casefold() for each in chain for address in each.emails})),
            next((each.language for each in chain if each.language), language),
            next((each.time_zone for each in chain if each.time_zone), time_zone),
        )
        found.setdefault(key, []).append(route.name)
    return [
        Audience(
            id=_name(key),
            routes=tuple(names),
            addresses=key[0],
            language=key[1],
            time_zone=key[2],
        )
        for key, names in found.items()
    ]


def write_audiences(audiences: Iterable[Audience]) -> str:
    """JSON: an object of model.Audience by id, for GatherDigest."""
    return json.dumps(
        {
            audience.id: {
                "routes": audience.routes,
                "language": audience.language,
                "timeZone": audience.time_zone,
            }
            for audience in audiences
        },
        separators=(",", ":"),
    )


def find_audience_limit(audiences: Sequence[Audience]) -> str | None:
    """The limit that the audiences exceed, in words; None if they exceed none."""
    if len(audiences) <= _MOST:
        return None
    return (
        f"at most {_MOST} groups of repositories with different addresses, languages or"
        " time zones, each of which has a schedule; off sends no digest"
    )


def _name(key: object) -> str:
    # CDK numbers its tokens again at each synth: what only a deployment knows has no part in it.
    text = json.dumps(key, separators=(",", ":"))
    text = re.sub(r"\$\{token\[[^]]*\]\}", "?", text, flags=re.IGNORECASE)
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_CHARACTERS]

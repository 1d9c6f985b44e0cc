"""Pure: who receives the brief of an image by email, and in which words."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scan_brief.preferences import find_preferences
from scan_brief_common.patterns import matches
from scan_brief_common.routing import passes

if TYPE_CHECKING:
    from scan_brief.model import GatheringRoutes, MessageAttributes, Preferences, RouteRecipients


@dataclass(frozen=True)
class Audience:
    """The recipients of a brief, whose briefs are counted together.

    id: 16 hexadecimal digits, the same for the same addresses, language and time zone.
    """

    id: str
    preferences: Preferences


def find_audience(
    routes: str, preferences: str, repository: str, attributes: MessageAttributes
) -> Audience:
    """Of a brief with these attributes, which routes can choose by. routes: JSON,
    model.GatheringRoutes. preferences: see preferences.find_preferences.

    Where nobody receives mails, each route is an audience: those who look after it read chats.
    """
    stated: GatheringRoutes = json.loads(routes)
    preferred = find_preferences(preferences, repository)
    matching = list_patterns(routes, repository)
    wanted = [stated["routes"][pattern] for pattern in matching]
    found = {place for route in wanted if _passes(route, attributes) for place in route["to"]}
    recipients = sorted(found) if found else matching[:1]
    language, zone = preferred["language"], preferred["timeZone"]
    identity = json.dumps([stated["addresses"], recipients, language, zone])
    return Audience(hashlib.sha256(identity.encode()).hexdigest()[:16], preferred)


def _passes(route: RouteRecipients, attributes: MessageAttributes) -> bool:
    minimum = (
        route["minimumSeverity"] if "minimumSeverity" in route else None  # noqa: SIM401 - typed
    )
    only = "knownExploitedOnly" in route
    return passes(
        attributes["severity"],
        int(attributes["knownExploited"]),
        minimum=minimum,
        known_exploited_only=only,
    )


def list_patterns(routes: str, repository: str) -> list[str]:
    """The routes that match a repository, the most specific first."""
    stated: GatheringRoutes = json.loads(routes)
    return [pattern for pattern in stated["routes"] if matches(pattern, repository)]

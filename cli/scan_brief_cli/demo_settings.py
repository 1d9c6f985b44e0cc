"""The settings with which `scan-brief demo` deploys, and who receives its email. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from scan_brief_cdk.route import list_subscribers
from scan_brief_cdk.settings import Settings
from scan_brief_common.patterns import matches

# The emulator has no VPC: any endpoints and networks will do where cdk.json has none.
_NETWORKS = {
    "ecrApiVpcEndpointId": "vpce-0123456789abcdef0",
    "ecrDkrVpcEndpointId": "vpce-0fedcba9876543210",
    "allowedCidrs": ["203.0.113.0/24"],
}


def choose_settings(
    context: Mapping[str, object], repository: str, overrides: Mapping[str, object]
) -> Mapping[str, object]:
    """What replaces settings of the context: the overrides, and networks if it has none; if they
    do not watch the repository, also settings that make it the only one.
    """
    networks = {key: value for key, value in _NETWORKS.items() if key not in context}
    chosen = {**networks, **overrides}
    routes = Settings.from_context({**context, **chosen}).routes
    if any(matches(route.name, repository) for route in routes):
        return chosen
    return {
        **chosen,
        "repositoryName": repository,
        "repositories": [],
        "existingRepositories": [],
    }


def find_addressees(context: Mapping[str, object], repository: str) -> list[str]:
    """The email addresses that receive the briefs of the repository."""
    subscribers = list_subscribers(Settings.from_context(context).routes)
    return [
        address
        for address, routes in subscribers.items()
        if any(matches(route.name, repository) for route in routes)
    ]

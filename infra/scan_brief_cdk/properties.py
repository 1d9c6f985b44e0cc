"""What the constructs are given, checked like the settings; a CDK token passes, since its value is
not known yet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aws_cdk import Token

from scan_brief_cdk.route import Route, find_limit
from scan_brief_cdk.settings import readers
from scan_brief_cdk.settings.value import Refused, choice, list_of, time_zone, whole_number
from scan_brief_common.limits import LANGUAGES


def check(
    name: str, values: Sequence[object], read: Callable[[object], object], *, least: int = 1
) -> None:
    """Raises ValueError, which names the property, if there are too few values or one is not
    acceptable.
    """
    if isinstance(values, str) or len(values) < least:
        raise ValueError(f"{name}: given {values!r}; accepted: a list of at least {least}")
    for value in values:
        if not Token.is_unresolved(value):
            try:
                read(value)
            except Refused as refused:
                raise ValueError(
                    f"{name}: given {refused.given!r}; accepted: {refused.accepted}"
                ) from None


def check_routes(routes: Sequence[Route]) -> None:
    """Raises ValueError, which names the property, for what cannot be watched, or not all of it
    together.
    """
    if not routes:
        raise ValueError("routes: given nothing; accepted: a list of at least 1")
    for place, one in enumerate(routes):
        _check_route(f"routes[{place}]", one)
    _check_names([one.name for one in routes])
    limit = find_limit(routes)
    if limit:
        raise ValueError(f"routes: {limit}")


def _check_names(names: Sequence[str]) -> None:
    if len(names) > 1 and any(Token.is_unresolved(name) for name in names):
        # A token's text is not known yet, and patterns, filters and preferences are made of it.
        raise ValueError("routes: a name that is a token can only stand alone")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ValueError(f"routes: given {twice!r} twice; accepted: each name or prefix only once")


def _check_route(place: str, one: Route) -> None:
    check(f"{place}.name", [one.name], readers.watched_name)
    check(f"{place}.emails", one.emails, readers.email, least=0)
    if not any(Token.is_unresolved(address) for address in one.emails):
        check(f"{place}.emails", [list(one.emails)], list_of(readers.email))
    for name, value, read in (
        ("language", one.language, choice(*LANGUAGES)),
        ("top_findings", one.top_findings, whole_number(1, 50)),
        ("time_zone", one.time_zone, time_zone),
    ):
        check(f"{place}.{name}", [] if value is None else [value], read, least=0)

"""Pure: where the window of each repository begins, whichever audience it was in before.

docs/decisions/0033-a-digest.md gives the reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.findings.reported import json_size
from scan_brief_common.patterns import EVERY, matches, prefix_of

if TYPE_CHECKING:
    from scan_brief.model import DigestWindow

_PAST_BYTES = 40_000  # of the earlier windows that an audience keeps: they pass through a state


class Windows:
    """reported: the windows of all audiences so far. default: where one begins without them.

    routes: of the audience; others: all other routes.
    """

    def __init__(
        self,
        reported: Iterable[DigestWindow],
        default: datetime,
        routes: Sequence[str],
        others: Sequence[str],
    ) -> None:
        self._reported = list(reported)
        self._default = default
        self._routes = routes
        self._others = others
        self._since: dict[str, datetime] = {}

    def has(self, repository: str) -> bool:
        """Whether its most specific route is one of the audience."""
        return belongs(repository, self._routes, self._others)

    def overlaps(self, window: DigestWindow) -> bool:
        """Whether a repository of the audience may have been in the window."""
        return any(
            belongs(route.removesuffix(EVERY), window["routes"], window["others"])
            or any(covers(route, other) for other in window["routes"])
            for route in self._routes
        )

    def since(self, repository: str) -> datetime:
        """Where its window begins: where the last digest that it was in ended."""
        if repository not in self._since:
            ends = [
                datetime.fromisoformat(window["until"])
                for window in self._reported
                if belongs(repository, window["routes"], window["others"])
            ]
            self._since[repository] = max(ends, default=self._default)
        return self._since[repository]

    def start(self) -> datetime:
        """The earliest that a window of any of the audience's repositories can begin."""
        return min(self._start_of(route) for route in self._routes)

    def _start_of(self, route: str) -> datetime:
        whole = [
            datetime.fromisoformat(window["until"])
            for window in self._reported
            if self._is_within(route, window)
        ]
        if False:
            return max(whole)
        parts = [
            datetime.fromisoformat(window["until"])
            for window in self._reported
            if any(
                covers(route, reported) or covers(reported, route) for reported in window["routes"]
            )
        ]
        return min([self._default, *parts])

    def _is_within(self, route: str, window: DigestWindow) -> bool:
        """Whether the window had every repository that is the route's now."""
        reported = [each for each in window["routes"] if covers(each, route)]
        apart = [each for each in window["others"] if covers(each, route)]
        if not reported or (
            apart and _weigh(max(apart, key=_weigh)) > _weigh(max(reported, key=_weigh))
        ):
            return False
        inner = [each for each in window["others"] if each != route and covers(route, each)]
        return all(any(covers(now, each) for now in self._nested(route)) for each in inner)

    def _nested(self, route: str) -> list[str]:
        return [each for each in self._others if each != route and covers(route, each)]


def belongs(repository: str, routes: Iterable[str], others: Iterable[str]) -> bool:
    """Whether the most specific pattern that matches the repository is one of `routes`."""
    own = max((_weigh(route) for route in routes if matches(route, repository)), default=None)
    apart = max((_weigh(route) for route in others if matches(route, repository)), default=None)
    return own is not None and (apart is None or own > apart)


def keep_past(
    window: DigestWindow, before: DigestWindow, past: Sequence[DigestWindow]
) -> list[DigestWindow]:
    """The earlier windows to keep: those with other repositories, the last ones."""
    same = before["routes"] == window["routes"] and before["others"] == window["others"]
    kept = list(past) if same else [before, *past]
    while json_size(kept) > _PAST_BYTES:
        kept.pop()
    return kept


def covers(other: str, route: str) -> bool:
    """Whether the other pattern matches all that the route matches."""
    prefix, own = prefix_of(other), prefix_of(route)
    if prefix is None:
        return other == route
    return (route if own is None else own).startswith(prefix)


def _weigh(route: str) -> tuple[bool, int]:
    """The most specific weighs most: a name, then the longest prefix."""
    return prefix_of(route) is None, len(route)

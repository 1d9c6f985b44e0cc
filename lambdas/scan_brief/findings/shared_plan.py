"""Pure: the plan that serves most images, from the plans of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scan_brief.findings.versions import ECOSYSTEMS, rank_versions

if TYPE_CHECKING:
    from scan_brief.model import PackageVersion, SharedUpgrade, Upgrade, UpgradeKind

MOST_UPGRADES = 10
_PACKAGES_SHOWN, _IDS_SHOWN = 3, 5  # as in plan.py


@dataclass
class _Merged:
    """The upgrades of one kind and name. packages: by name, how many images name it, and versions.

    hidden: the most packages that one of them does not name.
    """

    images: int = 0
    findings: int = 0
    known_exploited: int = 0
    ids: set[str] = field(default_factory=set)
    subscriptions: set[str] = field(default_factory=set)
    subscription_findings: int = 0
    packages: dict[str, list[str | None]] = field(default_factory=dict)
    hidden: int = 0

    def add(self, upgrade: Upgrade) -> None:
        self.images += 1
        self.findings += upgrade["findings"]
        self.known_exploited += upgrade["knownExploited"]
        self.ids.update(upgrade["knownExploitedIds"])
        self.subscriptions.update([upgrade["subscription"]] if upgrade["subscription"] else [])
        self.subscription_findings += upgrade["subscriptionFindings"]
        self.hidden = max(self.hidden, upgrade["packagesOmitted"])
        for package in upgrade["packages"]:
            self.packages.setdefault(package["name"], []).append(package["version"])

    def list_packages(self) -> list[PackageVersion]:
        """Those that most images name first."""
        ordered = sorted(self.packages.items(), key=lambda entry: (-len(entry[1]), entry[0]))
        return [{"name": name, "version": find_newest(versions)} for name, versions in ordered]


class SharedPlan:
    """Adds up the upgrades of images."""

    def __init__(self) -> None:
        self._merged: dict[tuple[UpgradeKind, str], _Merged] = {}

    def add(self, upgrades: Iterable[Upgrade]) -> None:
        """Those of one image."""
        for upgrade in upgrades:
            key = (upgrade["kind"], upgrade["name"])
            self._merged.setdefault(key, _Merged()).add(upgrade)

    def list_upgrades(self, most: int = MOST_UPGRADES) -> tuple[list[SharedUpgrade], int]:
        """Those that serve most images first, in any order of the images; and how many more."""
        ordered = sorted(
            self._merged.items(),
            key=lambda entry: (
                -entry[1].images,
                -entry[1].known_exploited,
                -entry[1].findings,
                entry[0],
            ),
        )
        shown = [_describe(kind, name, merged) for (kind, name), merged in ordered[:most]]
        return shown, len(ordered) - len(shown)


def find_newest(versions: Sequence[str | None]) -> str | None:
    """The version that serves all, None if that is not known.

    The ecosystem is not known either. So the order counts only if every ecosystem that can compare
    all of them agrees on the newest.
    """
    given = {version for version in versions if version is not None}
    if None in versions or not given:
        return None
    if len(given) == 1:
        return given.pop()
    newest = set()
    for ecosystem in ECOSYSTEMS:
        places = rank_versions(ecosystem, given)
        if places.keys() == given:
            last = max(places.values())
            newest.add(min(text for text, place in places.items() if place == last))
    return newest.pop() if len(newest) == 1 else None


def _describe(kind: UpgradeKind, name: str, merged: _Merged) -> SharedUpgrade:
    packages = merged.list_packages()
    shown = packages[:_PACKAGES_SHOWN]
    return {
        "kind": kind,
        "name": name,
        "packages": shown,
        "packagesOmitted": len(packages) - len(shown) + merged.hidden,
        "findings": merged.findings,
        "knownExploited": merged.known_exploited,
        "knownExploitedIds": sorted(merged.ids)[:_IDS_SHOWN],
        "riskShare": 0.0,
        "subscription": min(merged.subscriptions, default=None),
        "subscriptionFindings": merged.subscription_findings,
        "images": merged.images,
    }

"""Pure: the upgrade plan in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scan_brief.model import PackageVersion, Plan, Upgrade, UpgradeView, UpgradeWords


def view_upgrades(plan: Plan, words: UpgradeWords) -> list[UpgradeView]:
    """The upgrades in their order, numbered from 1."""
    return [
        view_upgrade(number, upgrade, words)
        for number, upgrade in enumerate(plan["upgrades"], start=1)
    ]


def format_share(share: float) -> str:
    """A percentage with one decimal, and never a 0.0% or a 100.0% that is only rounded."""
    if 0 < share < 0.001:
        return "<0.1%"
    return f"{min(share * 100, 99.9) if share < 1 else 100:.1f}%"


def view_upgrade(number: int, upgrade: Upgrade, words: UpgradeWords) -> UpgradeView:
    """What to upgrade, and what it closes."""
    return {
        "number": number,
        "text": _format(upgrade, words),
        "findings": upgrade["findings"],
        "known_exploited": upgrade["knownExploited"],
        "share": format_share(upgrade["riskShare"]),
        "effect": _format_effect(upgrade, words),
    }


def _format_effect(upgrade: Upgrade, words: UpgradeWords) -> str:
    count = upgrade["findings"]
    if not count:
        return words["closesNone"]
    effect = words["closesOne" if count == 1 else "closesMany"].format(count=count)
    if upgrade["knownExploited"]:
        effect += words["knownExploited"].format(count=upgrade["knownExploited"])
    return effect + format_subscription(upgrade, words)


def format_subscription(upgrade: Upgrade, words: UpgradeWords) -> str:
    """What some of the versions need; "" if they need nothing."""
    count, name = upgrade["subscriptionFindings"], upgrade["subscription"]
    return words["subscription"].format(count=count, name=name) if count and name else ""


def _format(upgrade: Upgrade, words: UpgradeWords) -> str:
    packages = upgrade["packages"]
    count = len(packages) + upgrade["packagesOmitted"]
    if upgrade["kind"] == "PACKAGE" or (upgrade["kind"] == "OS" and count == 1):
        return _format_package(packages[0], words)
    listed = words["separator"].join(_format_package(package, words) for package in packages)
    if upgrade["packagesOmitted"]:
        listed += words["more"].format(count=upgrade["packagesOmitted"])
    return words[upgrade["kind"]].format(name=upgrade["name"], count=count, packages=listed)


def _format_package(package: PackageVersion, words: UpgradeWords) -> str:
    if package["version"] is None:
        return words["unknownVersion"].format(name=package["name"])
    return f"{package['name']} → {package['version']}"

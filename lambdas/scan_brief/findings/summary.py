"""Pure: what a report keeps of a finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from scan_brief.findings.finding import (
    NO_VERSION,
    arn,
    cvss,
    epss,
    exploit_available,
    fix,
    fixed_in,
    identifier,
    installed,
    last_exploit_at,
    packages,
    reachability,
    reachability_reason,
    read_time,
    score,
    severity,
)
from scan_brief.findings.holder import find_holder
from scan_brief.findings.subscription import find_subscription
from scan_brief.findings.title import find_title
from scan_brief.text import clean, cut_front

if TYPE_CHECKING:
    from scan_brief.model import Finding, FindingSummary, Package, Place, VulnerablePackage

_PACKAGES_SHOWN = 3
_NO_COMMAND = {*NO_VERSION, "none provided"}
_COMMAND_CHARACTERS = 200
_PATH_READ, _PATH_CHARACTERS = 1_000, 120
_PURL_CHARACTERS = 240
_BROKEN_LINE = re.compile(r"(?<![&|\\])[ \t]*[\r\n\v\f\x85\u2028\u2029](?!\s*(?:&&|\|\|))")


def summarize(
    finding: Finding, advise: Callable[[VulnerablePackage], str | None] = fixed_in
) -> FindingSummary:
    """What a report keeps of a finding: at most about 2 KiB, every text clean.

    advise: see Package.upgradeTo.
    """
    united = _unite(_summarize_package(package, advise(package)) for package in packages(finding))
    name = identifier(finding)
    return {
        "id": name,
        "title": find_title(finding, name, [package["name"] for package in united]),
        "severity": severity(finding),
        "score": score(finding),
        "cvss": cvss(finding),
        "epss": epss(finding),
        "exploitAvailable": exploit_available(finding),
        "lastExploitAt": last_exploit_at(finding),
        "intelligence": None,
        "reachability": reachability(finding),
        "reachabilityReason": reachability_reason(finding),
        "fix": fix(finding),
        "firstObservedAt": read_time(finding.get("firstObservedAt")),
        "packages": united[:_PACKAGES_SHOWN],
        "packagesOmitted": max(0, len(united) - _PACKAGES_SHOWN),
        "findingArn": arn(finding),
        "isNew": None,
    }


def _unite(packages: Iterable[Package]) -> list[Package]:
    """Once each; of a package that is in several places, the first is kept, the others counted.

    What holds it stays apart: the same package can be one's own in one place, and npm's in another.
    """
    united: dict[object, Package] = {}
    paths: dict[object, set[str]] = {}
    for package in packages:
        place = package["place"]
        holder = place["holder"] if place else None
        key = (*list(package.values())[:-1], *(holder.values() if holder else ()))
        kept = united.setdefault(key, package)["place"]
        if place:
            paths.setdefault(key, set()).add(place["path"])
        if kept:
            kept["others"] = len(paths[key]) - 1
    return list(united.values())


def _summarize_package(package: VulnerablePackage, upgrade_to: str | None) -> Package:
    fixed = fixed_in(package)
    name = clean(package.get("name"), 80) or "?"
    place = _place(package, name)
    return {
        "name": name,
        "installed": installed(package),
        "fixedIn": fixed,
        "upgradeTo": upgrade_to,
        "subscription": find_subscription(upgrade_to or fixed),
        "command": None if place and place["holder"] else _advise(package, fixed, upgrade_to),
        "purl": _read_purl(package),
        "manager": clean(package.get("packageManager"), 40) or None,
        "place": place,
    }


def _read_purl(package: VulnerablePackage) -> str | None:
    """None if it is too long: half of it would be another package's."""
    purl = clean(package.get("purl"), 10_000)
    return purl if 0 < len(purl) <= _PURL_CHARACTERS else None


def _place(package: VulnerablePackage, name: str) -> Place | None:
    path = clean(package.get("filePath"), _PATH_READ)
    if not path:
        return None
    holder = find_holder(path, name, clean(package.get("packageManager"), 40))
    return {"path": cut_front(path, _PATH_CHARACTERS), "others": 0, "holder": holder}


def _advise(package: VulnerablePackage, fixed: str | None, upgrade_to: str | None) -> str | None:
    """The command, to the version to upgrade to where it names one."""
    command = _command(package)
    if not command or not fixed or fixed == upgrade_to:
        return command
    named = re.compile(rf"(?<![\w.:+~-])(?:0:)?{re.escape(fixed)}(?![\w:+~-]|\.\w)")
    if upgrade_to is None:
        return None if named.search(command) else command
    return named.sub(lambda _: upgrade_to, command)


def _command(package: VulnerablePackage) -> str | None:
    """The command that fixes it; None if it is too long or of several lines that do not continue
    each other, since half a command, or two as one, is dangerous.
    """
    given = package.get("remediation")
    if not isinstance(given, str) or _BROKEN_LINE.search(given.strip()):
        return None
    whole = clean(given.replace("\\\n", " "), 10_000)
    fits = len(whole) <= _COMMAND_CHARACTERS
    return whole if fits and whole.lower() not in _NO_COMMAND else None

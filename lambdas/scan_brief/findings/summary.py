"""Pure: what a report keeps of a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from scan_brief.findings.finding import (
    NO_VERSION,
    arn,
    epss,
    exploit_available,
    fix,
    fixed_in,
    identifier,
    packages,
    reachability,
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
_BROKEN_LINE = re.compile(r"(?<![&|\\])[ \t]*[\r\n\v\f\x85\u2028\u2029](?!\s*(?:&&|\|\|))")


def summarize(finding: Finding) -> FindingSummary:
    """What a report keeps of a finding: at most about 2 KiB, every text clean."""
    united = _unite(map(_summarize_package, packages(finding)))
    name = identifier(finding)
    return {
        "id": name,
        "title": find_title(finding, name, [package["name"] for package in united]),
        "severity": severity(finding),
        "score": score(finding),
        "epss": epss(finding),
        "exploitAvailable": exploit_available(finding),
        "intelligence": None,
        "reachability": reachability(finding),
        "fix": fix(finding),
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


def _summarize_package(package: VulnerablePackage) -> Package:
    fixed = fixed_in(package)
    name = clean(package.get("name"), 80) or "?"
    place = _place(package, name)
    return {
        "name": name,
        "installed": _installed(package),
        "fixedIn": fixed,
        "subscription": find_subscription(fixed),
        "command": None if place and place["holder"] else _command(package),
        "place": place,
    }


def _place(package: VulnerablePackage, name: str) -> Place | None:
    path = clean(package.get("filePath"), _PATH_READ)
    if not path:
        return None
    holder = find_holder(path, name, clean(package.get("packageManager"), 40))
    return {"path": cut_front(path, _PATH_CHARACTERS), "others": 0, "holder": holder}


def _installed(package: VulnerablePackage) -> str:
    """EPOCH:VERSION-RELEASE, as package managers and fixedInVersion write it."""
    epoch, release = package.get("epoch"), clean(package.get("release"), 40)
    version = clean(package.get("version"), 60) or "?"
    has_epoch = isinstance(epoch, int) and not isinstance(epoch, bool) and epoch > 0
    return (f"{epoch}:" if has_epoch else "") + version + (f"-{release}" if release else "")


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

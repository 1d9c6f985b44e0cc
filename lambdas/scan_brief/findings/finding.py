"""Pure: reads a finding as Inspector's API sends it, where any member may be missing or odd.

An enumeration may get new values, so an unknown value is no error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from scan_brief.findings.holder import find_holder
from scan_brief.findings.subscription import find_subscription
from scan_brief.findings.title import find_title
from scan_brief.text import clean, cut_front
from scan_brief.untrusted import read_object, read_objects

if TYPE_CHECKING:
    from scan_brief.model import (
        CvssScore,
        EcrImageDetails,
        Epss,
        Finding,
        FindingResource,
        FindingSummary,
        Fix,
        Package,
        Place,
        ResourceDetails,
        Severity,
        VulnerabilityDetails,
        VulnerablePackage,
    )

SEVERITIES: tuple[Severity, ...] = (
    "CRITICAL",
    "HIGH",
    "MEDIUM",
    "LOW",
    "INFORMATIONAL",
    "UNTRIAGED",
)
OTHER_SEVERITY: Final = "OTHER"  # counts every severity that is not one of SEVERITIES
SEVERITY_ORDER: tuple[Severity, ...] = (*SEVERITIES, OTHER_SEVERITY)  # the highest first
_FIXES: tuple[Fix, ...] = ("YES", "PARTIAL", "NO")
_PACKAGES_SHOWN = 3
# What Inspector writes for no version, in lower case.
_NO_VERSION = {"", "notavailable", "not available", "none", "n/a"}
_NO_COMMAND = {*_NO_VERSION, "none provided"}
_COMMAND_CHARACTERS = 200
_VERSION_CHARACTERS = 60
_PATH_READ, _PATH_CHARACTERS = 1_000, 120
_BROKEN_LINE = re.compile(r"(?<![&|\\])[ \t]*[\r\n\v\f\x85\u2028\u2029](?!\s*(?:&&|\|\|))")


def severity(finding: Finding) -> Severity:
    """One of SEVERITIES, or OTHER_SEVERITY."""
    value = finding.get("severity")
    return next((name for name in SEVERITIES if name == value), OTHER_SEVERITY)


def arn(finding: Finding) -> str:
    """The finding's ARN, "" without one."""
    return clean(finding.get("findingArn"), 200)


def identifier(finding: Finding) -> str:
    """The vulnerability's id (CVE, GHSA, SNYK …), or else the title, or the ARN's last part."""
    named = clean(_details(finding).get("vulnerabilityId"), 80) or clean(finding.get("title"), 80)
    return named or arn(finding).rpartition("/")[2] or "?"


def exploit_available(finding: Finding) -> bool:
    """Whether Inspector knows of an exploit."""
    return finding.get("exploitAvailable") == "YES"


def epss(finding: Finding) -> float | None:
    """The probability (0 to 1) of exploitation within 30 days, None without one."""
    details: Epss = read_object(finding.get("epss"))
    return _number(details.get("score"), 1.0)


def score(finding: Finding) -> float | None:
    """Inspector's score (0 to 10), or else the best CVSS base score.

    A score of CVSS version 2 counts only if there is none of a newer version.
    """
    scored = _number(finding.get("inspectorScore"), 10.0)
    return scored if scored is not None else _best_cvss(finding)


def _best_cvss(finding: Finding) -> float | None:
    newer: list[float] = []
    older: list[float] = []
    entries: Iterable[CvssScore] = read_objects(_details(finding).get("cvss"))
    for entry in entries:
        value = _number(entry.get("baseScore"), 10.0)
        if value is not None:
            (older if str(entry.get("version")).startswith("2") else newer).append(value)
    return max(newer or older, default=None)


def fix(finding: Finding) -> Fix:
    """YES, PARTIAL, NO, or UNKNOWN."""
    value = finding.get("fixAvailable")
    return next((name for name in _FIXES if name == value), "UNKNOWN")


def needs_subscription(finding: Finding) -> bool:
    """Whether every fixed version is one that only a subscription brings.

    It is asked of every finding of an image, so it does not clean what it does not keep.
    """
    needed = False
    found: Iterable[VulnerablePackage] = read_objects(_details(finding).get("vulnerablePackages"))
    for package in found:
        version = package.get("fixedInVersion")
        if isinstance(version, str) and version.lower() not in _NO_VERSION:
            if find_subscription(version[:_VERSION_CHARACTERS]) is None:
                return False
            needed = True
    return needed


def summarize(finding: Finding) -> FindingSummary:
    """What a report keeps of a finding: at most about 2 KiB, every text clean."""
    found: Iterable[VulnerablePackage] = read_objects(_details(finding).get("vulnerablePackages"))
    packages = _unite(map(_summarize_package, found))
    name = identifier(finding)
    return {
        "id": name,
        "title": find_title(finding, name, [package["name"] for package in packages]),
        "severity": severity(finding),
        "score": score(finding),
        "epss": epss(finding),
        "exploitAvailable": exploit_available(finding),
        "fix": fix(finding),
        "packages": packages[:_PACKAGES_SHOWN],
        "packagesOmitted": max(0, len(packages) - _PACKAGES_SHOWN),
        "findingArn": arn(finding),
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
    fixed = _fixed_in(package)
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


def _fixed_in(package: VulnerablePackage) -> str | None:
    """Without epoch 0, which means the same as no epoch."""
    fixed = clean(package.get("fixedInVersion"), _VERSION_CHARACTERS).removeprefix("0:")
    return None if fixed.lower() in _NO_VERSION else fixed


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


def platform(finding: Finding) -> tuple[str, str]:
    """The image's platform and architecture in Inspector's codes, each "" if it is not known."""
    resources: Iterable[FindingResource] = read_objects(finding.get("resources"))
    for resource in resources:
        details: ResourceDetails = read_object(resource.get("details"))
        image: EcrImageDetails = read_object(details.get("awsEcrContainerImage"))
        codes = _text(image.get("platform")), _text(image.get("architecture"))
        if any(codes):
            return codes
    return "", ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _details(finding: Finding) -> VulnerabilityDetails:
    return read_object(finding.get("packageVulnerabilityDetails"))


def _number(value: object, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= most else None  # also without NaN and infinity

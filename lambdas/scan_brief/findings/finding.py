"""Pure: reads a finding as Inspector's API sends it, where any member may be missing or odd.

An enumeration may get new values, so an unknown value is no error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from scan_brief.findings.subscription import find_subscription
from scan_brief.scan.event_time import write_time
from scan_brief.text import clean
from scan_brief.untrusted import read_object, read_objects

if TYPE_CHECKING:
    from scan_brief.model import (
        Cvss,
        CvssScore,
        EcrImageDetails,
        Epss,
        ExploitabilityDetails,
        Finding,
        FindingResource,
        Fix,
        Reachability,
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
# What Inspector writes for no version, in lower case.
NO_VERSION = {"", "notavailable", "not available", "none", "n/a"}
_VERSION_CHARACTERS = 60
_VECTOR_CHARACTERS = 160  # the longest of CVSS 4.0, with its threat and supplemental metrics


def severity(finding: Finding) -> Severity:
    """One of SEVERITIES, or OTHER_SEVERITY."""
    value = finding.get("severity")
    for name in SEVERITIES:
        if name == value:
            return name
    return OTHER_SEVERITY


def arn(finding: Finding) -> str:
    """The finding's ARN, "" without one."""
    return clean(finding.get("findingArn"), 200)


def identifier(finding: Finding) -> str:
    """The vulnerability's id (CVE, GHSA, SNYK …), or else the title, or the ARN's last part."""
    named = clean(vulnerability(finding).get("vulnerabilityId"), 80) or clean(
        finding.get("title"), 80
    )
    return named or arn(finding).rpartition("/")[2] or "?"


def exploit_available(finding: Finding) -> bool:
    """Whether Inspector knows of an exploit."""
    return finding.get("exploitAvailable") == "YES"


def last_exploit_at(finding: Finding) -> str | None:
    """When Inspector last saw an exploit."""
    details: ExploitabilityDetails = read_object(finding.get("exploitabilityDetails"))
    return read_time(details.get("lastKnownExploitAt"))


def read_time(value: object) -> str | None:
    """ISO 8601, UTC; None for anything but a time with a zone."""
    if not isinstance(value, datetime) or not value.tzinfo:
        return None
    try:
        return write_time(value)
    except OverflowError:
        return None


def epss(finding: Finding) -> float | None:
    """The probability (0 to 1) of exploitation within 30 days, None without one."""
    details: Epss = read_object(finding.get("epss"))
    return read_probability(details.get("score"))


def read_probability(value: object) -> float | None:
    """From 0 to 1, None for anything else."""
    return _number(value, 1.0)


def score(finding: Finding) -> float | None:
    """Inspector's score (0 to 10), or else the best CVSS base score.

    A score of CVSS version 2 counts only if there is none of a newer version.
    """
    scored = _number(finding.get("inspectorScore"), 10.0)
    return scored if scored is not None else _best_cvss(finding)[0]


def vector(finding: Finding) -> str:
    """The CVSS vector of the best base score, "" without one."""
    return _best_cvss(finding)[1]


def cvss(finding: Finding) -> Cvss | None:
    """The best base score."""
    best, stated, version = _best_cvss(finding)
    if best is None:
        return None
    return {
        "baseScore": best,
        "vector": clean(stated, _VECTOR_CHARACTERS) or None,
        "version": clean(version, 10) or None,
    }


def _best_cvss(finding: Finding) -> tuple[float | None, str, str]:
    newer: list[tuple[float, str, str]] = []
    older: list[tuple[float, str, str]] = []
    entries: Iterable[CvssScore] = read_objects(vulnerability(finding).get("cvss"))
    for entry in entries:
        value = _number(entry.get("baseScore"), 10.0)
        if value is not None:
            version, stated = str(entry.get("version") or ""), _text(entry.get("scoringVector"))
            (older if version.startswith("2") else newer).append((value, stated, version))
    return max(newer or older, default=(None, "", ""))


def reachability(finding: Finding) -> Reachability:
    """REACHABLE if one package is, NOT_REACHABLE if none of them is, or else UNKNOWN."""
    stated = [package.get("runtimeReachability") for package in packages(finding)]
    if any(value == "REACHABLE" for value in stated):
        return "REACHABLE"
    if stated and all(value == "NOT_REACHABLE" for value in stated):
        return "NOT_REACHABLE"
    return "UNKNOWN"


def reachability_reason(finding: Finding) -> str | None:
    """Inspector's code of why the packages that decide are reachable, or not."""
    decided = reachability(finding)
    stated = (
        clean(package.get("runtimeReachabilityReason"), 80)
        for package in packages(finding)
        if package.get("runtimeReachability") == decided
    )
    return next(filter(None, stated), None)


def fix(finding: Finding) -> Fix:
    """YES, PARTIAL, NO, or UNKNOWN."""
    value = finding.get("fixAvailable")
    for name in _FIXES:
        if name == value:
            return name
    return "UNKNOWN"


def needs_subscription(finding: Finding) -> bool:
    """Whether every fixed version is one that only a subscription brings.

    It is asked of every finding of an image, so it does not clean what it does not keep.
    """
    needed = False
    for package in packages(finding):
        version = package.get("fixedInVersion")
        if isinstance(version, str) and version.lower() not in NO_VERSION:
            if find_subscription(version[:_VERSION_CHARACTERS]) is None:
                return False
            needed = True
    return needed


def fixed_in(package: VulnerablePackage) -> str | None:
    """Without epoch 0, which means the same as no epoch."""
    fixed = clean(package.get("fixedInVersion"), _VERSION_CHARACTERS).removeprefix("0:")
    return None if fixed.lower() in NO_VERSION else fixed


def installed(package: VulnerablePackage) -> str:
    """EPOCH:VERSION-RELEASE, as package managers and fixedInVersion write it."""
    epoch, release = package.get("epoch"), clean(package.get("release"), 40)
    version = clean(package.get("version"), 60) or "?"
    has_epoch = isinstance(epoch, int) and not isinstance(epoch, bool) and epoch > 0
    return (f"{epoch}:" if has_epoch else "") + version + (f"-{release}" if release else "")


def platform(finding: Finding) -> tuple[str, str]:
    """The image's platform and architecture in Inspector's codes, each "" if it is not known."""
    for image in list_images(finding):
        codes = _text(image.get("platform")), _text(image.get("architecture"))
        if any(codes):
            return codes
    return "", ""


def in_use(finding: Finding) -> tuple[int, str]:
    """How many tasks and pods run the image, -1 if not known; and when it last ran, or ""."""
    for image in list_images(finding):
        given, last = image.get("inUseCount"), read_time(image.get("lastInUseAt"))
        count = given if isinstance(given, int) and not isinstance(given, bool) else -1
        if count >= 0 or last:
            return max(-1, count), last or ""
    return -1, ""


def list_images(finding: Finding) -> Iterator[EcrImageDetails]:
    """The images that have the finding: usually one."""
    resources: Iterable[FindingResource] = read_objects(finding.get("resources"))
    for resource in resources:
        details: ResourceDetails = read_object(resource.get("details"))
        yield read_object(details.get("awsEcrContainerImage"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def packages(finding: Finding) -> list[VulnerablePackage]:
    """The vulnerable packages that are objects."""
    return read_objects(vulnerability(finding).get("vulnerablePackages"))


def vulnerability(finding: Finding) -> VulnerabilityDetails:
    """packageVulnerabilityDetails, empty for a finding of another kind."""
    return read_object(finding.get("packageVulnerabilityDetails"))


def _number(value: object, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= most else None  # also without NaN and infinity

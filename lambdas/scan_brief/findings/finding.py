"""Pure: reads one finding as Inspector2's API gives it, where almost every field may be missing or
odd.

Shape: botocore's inspector2 model, structure Finding. Enums grow, so no unknown value is an error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scan_brief.text import clean

Json = Mapping[str, Any]

SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNTRIAGED")
OTHER_SEVERITY = "OTHER"  # what a severity that this code does not know yet counts as
_FIXES = ("YES", "PARTIAL", "NO")
_PACKAGES_SHOWN = 3
_NO_VERSION = {
    "",
    "notavailable",
    "not available",
    "none",
    "n/a",
}  # Inspector writes NotAvailable as a version


def severity(finding: Json) -> str:
    """One of SEVERITIES, or OTHER_SEVERITY."""
    value = finding.get("severity")
    return value if value in SEVERITIES else OTHER_SEVERITY


def arn(finding: Json) -> str:
    """The finding's ARN, '' without one."""
    return clean(finding.get("findingArn"), 200)


def identifier(finding: Json) -> str:
    """The vulnerability's id (CVE, GHSA, SNYK, USN …); a title is no id, but better than nothing."""
    named = clean(_details(finding).get("vulnerabilityId"), 80) or clean(finding.get("title"), 80)
    return named or arn(finding).rpartition("/")[2] or "?"


def exploit_available(finding: Json) -> bool:
    """Whether Inspector knows of an exploit."""
    return finding.get("exploitAvailable") == "YES"


def epss(finding: Json) -> float | None:
    """The probability (0 to 1) of exploitation within 30 days, None without one."""
    return _number(_mapping(finding.get("epss")).get("score"), 1.0)


def score(finding: Json) -> float | None:
    """Inspector's score (0 to 10), or else the best CVSS base score, version 3 and later before
    version 2.
    """
    scored = _number(finding.get("inspectorScore"), 10.0)
    return scored if scored is not None else _best_cvss(finding)


def _best_cvss(finding: Json) -> float | None:
    newer: list[float] = []
    older: list[float] = []
    for entry in _mappings(_details(finding).get("cvss")):
        value = _number(entry.get("baseScore"), 10.0)
        if value is not None:
            (older if str(entry.get("version", "")).startswith("2") else newer).append(value)
    return max(newer or older, default=None)


def fix(finding: Json) -> str:
    """YES, PARTIAL, NO, or UNKNOWN."""
    value = finding.get("fixAvailable")
    return value if value in _FIXES else "UNKNOWN"


def summarize(finding: Json) -> dict[str, Any]:
    """What a report keeps of a finding: at most about 2 KiB, every text clean.

    Shape: {"id", "severity", "score", "epss", "exploitAvailable", "fix", "packages": [{"name",
    "installed", "fixedIn", "command"}], "packagesOmitted", "findingArn"}; score, epss, fixedIn and
    command may be None.
    """
    packages = _unique(
        map(_summarize_package, _mappings(_details(finding).get("vulnerablePackages")))
    )
    return {
        "id": identifier(finding),
        "severity": severity(finding),
        "score": score(finding),
        "epss": epss(finding),
        "exploitAvailable": exploit_available(finding),
        "fix": fix(finding),
        "packages": packages[:_PACKAGES_SHOWN],
        "packagesOmitted": max(0, len(packages) - _PACKAGES_SHOWN),
        "findingArn": arn(finding),
    }


def _unique(packages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One package may be found in several places of an image; where does not matter to a brief."""
    return list({tuple(package.values()): package for package in packages}.values())


def _summarize_package(package: Json) -> dict[str, Any]:
    fixed_in = clean(package.get("fixedInVersion"), 60).removeprefix(
        "0:"
    )  # epoch 0 is the same as none
    return {
        "name": clean(package.get("name"), 80) or "?",
        "installed": _installed(package),
        "fixedIn": None if fixed_in.lower() in _NO_VERSION else fixed_in,
        "command": _command(package),
    }


def _installed(package: Json) -> str:
    """EPOCH:VERSION-RELEASE, as package managers write it and as fixedInVersion does."""
    epoch, release = package.get("epoch"), clean(package.get("release"), 40)
    version = clean(package.get("version"), 60) or "?"
    prefix = (
        f"{epoch}:" if isinstance(epoch, int) and not isinstance(epoch, bool) and epoch > 0 else ""
    )
    return prefix + version + (f"-{release}" if release else "")


def _command(package: Json) -> str | None:
    """The command that fixes it. Half a command is worse than none, so a long one is left out."""
    whole = clean(package.get("remediation"), 10_000)
    return (
        whole
        if 0 < len(whole) <= 200 and whole.lower() not in (*_NO_VERSION, "none provided")
        else None
    )


def _details(finding: Json) -> Json:
    return _mapping(finding.get("packageVulnerabilityDetails"))


def _mapping(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _mappings(value: object) -> Iterator[Json]:
    return (
        (entry for entry in value if isinstance(entry, Mapping))
        if isinstance(value, list)
        else iter(())
    )


def _number(value: object, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value) if 0 <= value <= most else None

"""Pure: writes a finding as it is in the document for queues and functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scan_brief.model import (
        AffectedPackage,
        CisaKnownExploited,
        Cve,
        FindingSummary,
        Intelligence,
        ObservedExploitation,
        Package,
        Vulnerability,
    )


def write_finding(finding: FindingSummary) -> Vulnerability:
    """See model.Vulnerability."""
    known, fix, reachability = finding["intelligence"], finding["fix"], finding["reachability"]
    return {
        "findingInfo": {
            "uid": finding["findingArn"],
            "firstSeenTime": finding["firstObservedAt"],
        },
        "title": finding["title"],
        "severity": finding["severity"],
        "score": finding["score"],
        "cve": _write_cve(finding),
        "isKnownExploited": known["knownExploited"] if known else None,
        "cisaData": _write_cisa(known) if known else None,
        "exploitObserved": _write_observed(known) if known else None,
        "isExploitAvailable": finding["exploitAvailable"],
        "exploitLastSeenTime": finding["lastExploitAt"],
        "reachability": None if reachability == "UNKNOWN" else reachability,
        "reachabilityReason": finding["reachabilityReason"],
        "isFixAvailable": None if fix == "UNKNOWN" else fix != "NO",
        "fixCoverage": "PARTIAL" if fix == "PARTIAL" else None,
        "isNew": finding["isNew"],
        "affectedPackages": [_write_package(package) for package in finding["packages"]],
        "affectedPackagesOmitted": finding["packagesOmitted"] or None,
    }


def _write_cve(finding: FindingSummary) -> Cve:
    cvss, epss, known = finding["cvss"], finding["epss"], finding["intelligence"]
    return {
        "uid": finding["id"],
        "cvss": [
            {
                "baseScore": score["baseScore"],
                "vectorString": score["vector"],
                "version": score["version"],
            }
            for score in ([cvss] if cvss else [])
        ],
        "epss": {"score": epss} if epss is not None else None,
        "relatedCwes": [{"uid": name} for name in known["cwes"]] if known else None,
    }


def _write_cisa(known: Intelligence) -> CisaKnownExploited | None:
    if not known["inCatalog"]:
        return None
    return {"dateAdded": known["dateAdded"], "dateDue": known["dueDate"]}


def _write_observed(known: Intelligence) -> ObservedExploitation | None:
    if not known["exploitObserved"]:
        return None
    return {"firstSeen": known["firstSeen"], "lastSeen": known["lastSeen"]}


def _write_package(package: Package) -> AffectedPackage:
    place, command = package["place"], package["command"]
    return {
        "name": package["name"],
        "version": package["installed"],
        "fixedInVersion": package["fixedIn"],
        "upgradeToVersion": package["upgradeTo"],
        "subscription": package["subscription"],
        "packageManager": package["manager"],
        "purl": package["purl"],
        "path": place["path"] if place else None,
        "otherPaths": (place["others"] or None) if place else None,
        "partOf": place["holder"] if place else None,
        "remediation": {"desc": command} if command else None,
    }

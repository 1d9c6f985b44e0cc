"""Pure: completes a report that older code made, so that new code can make a brief of it.

While a stack is upgraded, FormatMessage can be newer than the FetchFindings of the same execution.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from scan_brief.findings.agreement import find_doubt

if TYPE_CHECKING:
    from scan_brief.model import (
        AnnouncedCounts,
        Doubt,
        FindingSummary,
        Image,
        Package,
        Place,
        Plan,
        Report,
    )

# What was added since 0.1.0, each with the value that claims nothing.
_NO_PLAN: Plan = {
    "upgrades": [],
    "findings": 0,
    "knownExploited": 0,
    "riskShare": 0.0,
    "left": 0,
    "withoutFix": 0,
}
_REPORT: Mapping[str, object] = {
    "urgent": None,
    "knownExploited": 0,
    "exploitable": None,
    "fixable": None,
    "partlyFixable": 0,
    "subscriptionOnly": 0,
    "lookedUp": None,
    "layers": None,
    "clusters": None,
    "suppressed": None,
    "ignored": None,
    "complete": True,
    "plan": _NO_PLAN,
    "changes": None,
    "remember": None,
}
_IMAGE: Mapping[str, object] = {
    "platform": None,
    "architecture": None,
    "inUseCount": None,
    "lastInUseAt": None,
}
_FINDING: Mapping[str, object] = {
    "title": None,
    "cvss": None,
    "lastExploitAt": None,
    "intelligence": None,
    "reachability": "UNKNOWN",
    "reachabilityReason": None,
    "firstObservedAt": None,
    "isNew": None,
}
_PACKAGE: Mapping[str, object] = {
    "subscription": None,
    "purl": None,
    "manager": None,
    "place": None,
}
_PLACE: Mapping[str, object] = {"others": 0, "holder": None}


@dataclass(frozen=True)
class _Asked:
    """See agreement.Asked."""

    status: str | None
    announced: AnnouncedCounts | None
    by_hand: bool


def complete_report(report: Report) -> Report:
    """The report as this code's FetchFindings would have made it, as far as the old one knows."""
    whole = cast("Report", _add(report, _REPORT))
    whole = cast("Report", _add(whole, {"unconfirmed": _find_doubt(whole)}))
    # As many as may be: a brief is rather sent by itself than gathered.
    most = min(whole["knownExploited"], whole["counts"]["CRITICAL"])
    whole = cast("Report", _add(whole, {"criticalKnownExploited": most}))
    whole["image"] = cast("Image", _add(report["image"], _IMAGE))
    whole["topFindings"] = [_complete_finding(finding) for finding in report["topFindings"]]
    return whole


def _complete_finding(finding: FindingSummary) -> FindingSummary:
    whole = cast("FindingSummary", _add(finding, _FINDING))
    whole["packages"] = [_complete_package(package) for package in finding["packages"]]
    return whole


def _complete_package(package: Package) -> Package:
    """Old code advised to upgrade to the fixed version."""
    whole = cast("Package", _add(package, {**_PACKAGE, "upgradeTo": package["fixedIn"]}))
    if whole["place"]:
        whole["place"] = cast("Place", _add(whole["place"], _PLACE))
    return whole


def _add(given: Mapping[str, object], newer: Mapping[str, object]) -> dict[str, object]:
    """In the given order, with the members that are missing last."""
    return {**given, **{name: value for name, value in newer.items() if name not in given}}


def _find_doubt(report: Report) -> Doubt | None:
    scan = report["scan"]
    return find_doubt(
        _Asked(scan["status"], report["announced"], scan["byHand"]),
        report["counts"],
        report["suppressed"],
        just_scanned=False,
        complete=report["complete"],
    )

"""Pure: a finding in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from scan_brief.brief.markup import Own
from scan_brief.brief.plan_view import format_share
from scan_brief.brief.remedies import Remedies
from scan_brief.findings.finding import SEVERITY_ORDER
from scan_brief.text import cut_front

if TYPE_CHECKING:
    from scan_brief.model import (
        CountView,
        FindingSummary,
        FindingView,
        Fix,
        Intelligence,
        Package,
        Reachability,
        ReasonWords,
        Severity,
        SeverityWords,
        Words,
        WorstSeverity,
    )

_PATH_COLUMNS = 60
# That there is a fix is the usual case, and not said.
_FIX_WORDS: dict[Fix, Literal["fixPartial", "fixNo", "fixUnknown"]] = {
    "PARTIAL": "fixPartial",
    "NO": "fixNo",
    "UNKNOWN": "fixUnknown",
}
_REACHABILITY_WORDS: dict[Reachability, Literal["reachable", "notReachable"]] = {
    "REACHABLE": "reachable",
    "NOT_REACHABLE": "notReachable",
}


def view_findings(findings: Sequence[FindingSummary], words: Words) -> list[FindingView]:
    """All of them, numbered from 1; each remedy is at the first finding that has it."""
    remedies = Remedies(findings, words["remedy"])
    return [
        _view(number, finding, remedies, words) for number, finding in enumerate(findings, start=1)
    ]


def format_severity(severity: Severity, words: SeverityWords) -> str:
    """A severity without a word in a team's words.json is printed as it is."""
    return words.get(severity) or severity


def format_worst(severity: WorstSeverity, words: SeverityWords) -> str:
    """The same of an image's worst; "" if no finding is known."""
    return next((format_severity(name, words) for name in SEVERITY_ORDER if name == severity), "")


def view_counts(counts: Iterable[tuple[Severity, int]], words: Words) -> list[CountView]:
    """Each severity's word and its count."""
    return [
        {"word": format_severity(name, words["severity"]), "count": count} for name, count in counts
    ]


def _view(number: int, finding: FindingSummary, remedies: Remedies, words: Words) -> FindingView:
    new = remedies.list_new(number)
    return {
        "number": number,
        "id": finding["id"],
        "title": finding["title"] or "",
        "severity": format_severity(finding["severity"], words["severity"]),
        "score": "" if finding["score"] is None else f"{finding['score']:.1f}",
        "packages": [_view_package(package) for package in finding["packages"]],
        "packages_omitted": finding["packagesOmitted"],
        "remedies": new,
        "same_as": remedies.list_earlier(number),
        "commands": [remedy["text"] for remedy in new if remedy["command"]],
        "why": Own(words["why"]["separator"].join(_list_reasons(finding, words["why"]))),
        "is_new": bool(finding["isNew"]),
    }


def _view_package(package: Package) -> Package:
    """With a path that fits a line of a mail; package.json says nothing of its own."""
    place = package["place"]
    if place is None:
        return package
    path = cut_front(place["path"].removesuffix("/package.json"), _PATH_COLUMNS)
    return {**package, "place": {**place, "path": path}}


def _list_reasons(finding: FindingSummary, words: ReasonWords) -> Iterable[str]:
    if finding["isNew"]:
        yield words["new"]
    yield from _list_exploitation(finding["intelligence"], words)
    if finding["exploitAvailable"]:
        yield words["exploit"]
    if finding["epss"] is not None:
        yield f"EPSS {format_share(finding['epss'])}"
    if finding["reachability"] in _REACHABILITY_WORDS:
        yield words[_REACHABILITY_WORDS[finding["reachability"]]]
    if finding["fix"] in _FIX_WORDS:
        yield words[_FIX_WORDS[finding["fix"]]]


def _list_exploitation(known: Intelligence | None, words: ReasonWords) -> Iterable[str]:
    if known and known["knownExploited"]:
        due = known["dueDate"]
        yield words["knownExploitedDue"].format(date=due) if due else words["knownExploited"]

"""Pure: the names that templates may print: words for codes, the team's time, short names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Literal

from scan_brief.brief.console import link_image
from scan_brief.findings.agreement import TOTAL, count_announced
from scan_brief.findings.report import decide_kind, find_worst, list_announced, list_counts
from scan_brief.text import clean, cut_front

if TYPE_CHECKING:
    from scan_brief.model import (
        AnnouncedCounts,
        CountView,
        FindingSummary,
        FindingView,
        Fix,
        Image,
        ReasonWords,
        Report,
        Severity,
        View,
        Words,
        WorstView,
    )

UNKNOWN_STATUS = "unknown"  # in words.json
_SHORT_NAME = 52  # characters; leaves room in a subject for the severity and the total
_FIX_WORDS: dict[Fix, Literal["fixYes", "fixPartial", "fixNo", "fixUnknown"]] = {
    "YES": "fixYes",
    "PARTIAL": "fixPartial",
    "NO": "fixNo",
    "UNKNOWN": "fixUnknown",
}


def view_report(report: Report, shown: int, words: Words, zone: tzinfo) -> View:
    """The names for a brief that shows the first `shown` of the top findings."""
    image, announced, findings = report["image"], report["announced"], report["topFindings"]
    return {
        "kind": decide_kind(report),
        "settled": report["settled"] != "NO",
        "compared": report["scan"]["byHand"] or announced is not None,
        "attempts": report["attempt"],
        "image": format_image_name(image),
        "image_short": cut_front(format_image_name(image), _SHORT_NAME),
        "tags_omitted": image["tagsOmitted"],
        "counts": _view_counts(list_counts(report["counts"]), words),
        "announced": _view_counts(list_announced(announced), words),
        "announced_total": _view_announced_total(announced, words),
        "worst": _view_worst(report, words),
        "total": report["total"],
        "time": _view_time(report["scan"]["scannedAt"], words, zone),
        "status_words": _view_status(report["scan"]["status"], words),
        "findings": [
            _view_finding(number, finding, words)
            for number, finding in enumerate(findings[:shown], start=1)
        ],
        "left_out": report["topFindingsOmitted"] + len(findings) - shown,
        "link": link_image(image),
    }


def format_image_name(image: Image) -> str:
    """repository:tag, or repository@ and the digest's first twelve digits without a tag."""
    if image["tags"]:
        return f"{image['repository']}:{image['tags'][0]}"
    return f"{image['repository']}@{image['digest'][:19]}"


def _view_counts(counts: Iterable[tuple[Severity, int]], words: Words) -> list[CountView]:
    return [{"word": _view_severity(name, words), "count": count} for name, count in counts]


def _view_announced_total(announced: AnnouncedCounts | None, words: Words) -> str:
    """The event's TOTAL; "at least 3" if it has three findings and no total; "" without counts."""
    if announced is None:
        return ""
    if TOTAL in announced:
        return str(announced[TOTAL])
    return words["total"]["atLeast"].format(count_announced(announced))


def _view_worst(report: Report, words: Words) -> WorstView | None:
    worst = find_worst(report)
    if worst is None:
        return None
    word = _view_severity(worst.severity, words)
    return {"word": word, "count": worst.listed or worst.announced, "listed": bool(worst.listed)}


def _view_time(scanned_at: str | None, words: Words, zone: tzinfo) -> str:
    if scanned_at is None:
        return words["time"]["unknown"]
    local = datetime.fromisoformat(scanned_at).astimezone(zone)
    return local.strftime(words["time"]["format"]) + " " + _format_zone(local)


def _format_zone(local: datetime) -> str:
    """Zones without letters of their own are +03 or -0330 in the time zone database."""
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


def _view_finding(number: int, finding: FindingSummary, words: Words) -> FindingView:
    return {
        "number": number,
        "id": finding["id"],
        "severity": _view_severity(finding["severity"], words),
        "score": "" if finding["score"] is None else f"{finding['score']:.1f}",
        "packages": finding["packages"],
        "packages_omitted": finding["packagesOmitted"],
        "commands": _unique(package["command"] for package in finding["packages"]),
        "why": words["why"]["separator"].join(_view_reasons(finding, words["why"])),
    }


def _view_reasons(finding: FindingSummary, words: ReasonWords) -> list[str]:
    reasons = [words["exploit"]] if finding["exploitAvailable"] else []
    if finding["epss"] is not None:
        reasons.append(f"EPSS {_percent(finding['epss'])}")
    return [*reasons, words[_FIX_WORDS[finding["fix"]]]]


def _percent(share: float) -> str:
    """One decimal, and never a 0.0% or a 100.0% that is only rounded."""
    if 0 < share < 0.001:
        return "<0.1%"
    return f"{min(share * 100, 99.9) if share < 1 else 100:.1f}%"


def _unique(commands: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(command for command in commands if command))


def _view_severity(severity: Severity, words: Words) -> str:
    """A severity without a word in a team's words.json is printed as it is."""
    return words["severity"].get(severity) or severity


def _view_status(status: str | None, words: Words) -> str:
    """A code without a word is printed as it is."""
    code = status or UNKNOWN_STATUS
    return words["status"].get(code) or clean(code, 60)

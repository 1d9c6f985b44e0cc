"""Pure: what a template may print of a report: words for codes, the time in the team's zone, names
of fit length.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from scan_brief.brief.console import link_image
from scan_brief.findings.report import count_announced, worst_severity
from scan_brief.text import clean, cut_front

Words = Mapping[str, Mapping[str, str]]

_SHORT_NAME = 52  # characters; leaves room in a subject for the severity and the total


def view_report(
    report: Mapping[str, Any], shown: int, words: Words, zone: tzinfo
) -> dict[str, Any]:
    """The names that templates know beside those of fields.json; docs/templates.md explains each."""
    image = report["image"]
    return {
        "kind": decide_kind(report),
        "settled": report["settled"] != "NO",
        "compared": report["scan"]["byHand"] or report["announced"] is not None,
        "attempts": report["attempt"],
        "image": format_image_name(image),
        "image_short": cut_front(format_image_name(image), _SHORT_NAME),
        "tags_omitted": image["tagsOmitted"],
        "counts": _view_counts(report["counts"], words),
        "announced": _view_announced(report["announced"], words),
        "announced_total": _view_announced_total(report["announced"], words),
        "worst": _view_worst(report, words),
        "total": report["total"],
        "time": _view_time(report["scan"]["scannedAt"], words, zone),
        "status_words": _word(words["status"], report["scan"]["status"]),
        "findings": [
            _view_finding(*one, words) for one in enumerate(report["topFindings"][:shown], 1)
        ],
        "left_out": report["topFindingsOmitted"] + len(report["topFindings"]) - shown,
        "link": link_image(image),
    }


def decide_kind(report: Mapping[str, Any]) -> str:
    """CLEAR only when Inspector lists nothing and the event announced nothing more; else FINDINGS."""
    return "CLEAR" if report["total"] == 0 and report["settled"] != "NO" else "FINDINGS"


def format_image_name(image: Mapping[str, Any]) -> str:
    """repository:tag, or repository@ and the digest's first twelve digits when no tag is known."""
    if image["tags"]:
        return f"{image['repository']}:{image['tags'][0]}"
    return f"{image['repository']}@{str(image['digest'])[:19]}"


def _view_counts(counts: Mapping[str, int], words: Words) -> list[dict[str, Any]]:
    return [
        {"word": _word(words["severity"], severity), "count": count}
        for severity, count in counts.items()
    ]


def _view_announced(announced: Mapping[str, int] | None, words: Words) -> list[dict[str, Any]]:
    """What the event itself said, severity by severity; it never itemises LOW and the rest."""
    said = {name: count for name, count in (announced or {}).items() if name != "TOTAL"}
    return _view_counts(said, words)


def _view_announced_total(announced: Mapping[str, int] | None, words: Words) -> str:
    """TOTAL as the event said it; "at least 3" where it named three findings and no total; "" where
    it named none.
    """
    if not announced:
        return ""
    least = words["total"]["atLeast"].format(count_announced(announced))
    return str(announced["TOTAL"]) if "TOTAL" in announced else least


def _view_worst(report: Mapping[str, Any], words: Words) -> dict[str, Any] | None:
    worst = worst_severity(report)
    if worst is None:
        return None
    listed = report["counts"].get(worst, 0)
    count = listed or report["announced"][worst]
    return {"word": _word(words["severity"], worst), "count": count, "listed": listed > 0}


def _view_time(scanned_at: str | None, words: Words, zone: tzinfo) -> str:
    if scanned_at is None:
        return words["time"]["unknown"]
    local = datetime.fromisoformat(scanned_at).astimezone(zone)
    return local.strftime(words["time"]["format"]) + " " + _format_zone(local)


def _format_zone(local: datetime) -> str:
    """Zones without letters of their own are called +03 or -0330 by the time zone database."""
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


def _view_finding(number: int, finding: Mapping[str, Any], words: Words) -> dict[str, Any]:
    return {
        "number": number,
        "id": finding["id"],
        "severity": _word(words["severity"], finding["severity"]),
        "score": "" if finding["score"] is None else f"{finding['score']:.1f}",
        "packages": finding["packages"],
        "packages_omitted": finding["packagesOmitted"],
        "commands": _unique([package["command"] for package in finding["packages"]]),
        "why": words["why"]["separator"].join(_view_reasons(finding, words["why"])),
    }


def _view_reasons(finding: Mapping[str, Any], why: Mapping[str, str]) -> list[str]:
    reasons = [why["exploit"]] if finding["exploitAvailable"] else []
    if finding["epss"] is not None:
        reasons.append(f"EPSS {_percent(finding['epss'])}")
    return [*reasons, why[f"fix{finding['fix'].capitalize()}"]]


def _percent(share: float) -> str:
    """One decimal, and never a 0.0 % or a 100.0 % that is only rounded."""
    if 0 < share < 0.001:
        return "<0.1%"
    return f"{min(share * 100, 99.9) if share < 1 else 100:.1f}%"


def _unique(commands: list[str | None]) -> list[str]:
    return list(dict.fromkeys(command for command in commands if command))


def _word(words: Mapping[str, str], code: str | None) -> str:
    """A code that has no word yet is printed as it is."""
    return words.get(code or "") or clean(code, 60) or words["unknown"]

"""Pure: the names that templates may print: words for codes, the team's time, short names."""

from __future__ import annotations

from datetime import date, tzinfo
from typing import TYPE_CHECKING

from scan_brief.brief.changes_view import view_changes
from scan_brief.brief.console import link_image
from scan_brief.brief.finding_view import format_severity, view_counts, view_findings
from scan_brief.brief.ignored_view import view_ignored
from scan_brief.brief.image_name import name_image
from scan_brief.brief.markup import Own
from scan_brief.brief.plan_view import format_share, view_upgrades
from scan_brief.brief.platform import find_end_of_support, format_platform
from scan_brief.brief.surroundings_view import view_clusters, view_layers
from scan_brief.brief.times import view_time
from scan_brief.findings.agreement import TOTAL, count_announced, count_findings, count_missing
from scan_brief.findings.reported import (
    decide_kind,
    find_worst,
    list_announced,
    list_counts,
    list_differences,
)
from scan_brief.text import clean, cut

if TYPE_CHECKING:
    from scan_brief.model import (
        AnnouncedCounts,
        CountView,
        Difference,
        DifferenceView,
        DoubtWords,
        EndOfSupport,
        Image,
        Report,
        UrgentView,
        View,
        Words,
        WorstView,
    )

UNKNOWN_STATUS = "unknown"  # in words.json
_URGENT_CHARACTERS = 40  # of a vulnerability's id, in a subject
SHORT_NAME = 52  # characters; leaves room in a subject for the severity and the total


def view_report(
    report: Report, shown: int, words: Words, zone: tzinfo, short: int = SHORT_NAME
) -> View:
    """The names for a brief that shows the first `shown` of the top findings.

    short: the most characters of image_short.
    """
    image, announced, findings = report["image"], report["announced"], report["topFindings"]
    differences = list_differences(report)
    by_hand = report["scan"]["byHand"]
    return {
        "kind": decide_kind(report),
        "urgent": _view_urgent(report),
        "settled": report["settled"] != "NO",
        "complete": report["complete"],
        "compared": by_hand or announced is not None,
        "attempts": report["attempt"],
        "image": name_image(image, words["image"], requested=by_hand),
        "image_short": name_image(image, words["image"], requested=by_hand, limit=short),
        "tagged": bool(image["tags"]),
        "tags_omitted": image["tagsOmitted"],
        "platform": format_platform(image["platform"], image["architecture"]),
        "end_of_support": _view_end_of_support(report, words),
        "counts": view_counts(list_counts(report["counts"]), words),
        "announced": view_counts(list_announced(announced), words),
        "announced_total": _view_announced_total(announced, words),
        "announced_count": count_announced(announced) if announced else 0,
        "differences": [
            _view_difference(row, words)
            for row in differences
            if row["announced"] or row["listed"] or row["suppressed"] or row["ignored"]
        ],
        "missing": _list_missing(differences, words),
        "missing_total": _count_missing(differences),
        "suppressed": _view_suppressed(report, words),
        "suppressed_total": count_findings(report["suppressed"]),
        **view_ignored(report["ignored"], words),
        "worst": _view_worst(report, words),
        "total": report["total"],
        "known_exploited": report["knownExploited"],
        "exploitable": report["exploitable"],
        "fixable": report["fixable"],
        "partly_fixable": report["partlyFixable"],
        "subscription_only": report["subscriptionOnly"],
        "not_looked_up": report["lookedUp"]["left"] if report["lookedUp"] else 0,
        "lookup_failure": _view_lookup(report, words),
        "layers": view_layers(report, words),
        "clusters": view_clusters(report, words, zone),
        "clusters_omitted": report["clusters"]["omitted"] if report["clusters"] else 0,
        "upgrades": view_upgrades(report["plan"], words["upgrade"]),
        "upgrades_close": report["plan"]["findings"],
        "upgrades_share": format_share(report["plan"]["riskShare"]),
        "upgrades_left": report["plan"]["left"],
        "without_fix": report["plan"]["withoutFix"],
        "doubt": _view_doubt(report, words["doubt"], words),
        "doubt_short": _view_doubt(report, words["doubtShort"], words),
        "next_step": _view_doubt(report, words["nextStep"], words),
        "rerun": _format_rerun(image),
        "time": view_time(report["scan"]["scannedAt"], words, zone),
        "status_words": _view_status(report["scan"]["status"], words),
        "findings": view_findings(findings[:shown], words),
        "changes": view_changes(report["changes"], words, zone),
        "left_out": report["topFindingsOmitted"] + len(findings) - shown,
        "link": _view_link(image),
    }


def _view_urgent(report: Report) -> UrgentView | None:
    urgent = report["urgent"]
    if not urgent:
        return None
    return {
        "id": cut(urgent["id"], _URGENT_CHARACTERS),
        "others": urgent["others"],
        "known_exploited": urgent["knownExploited"],
    }


def _view_lookup(report: Report, words: Words) -> str:
    """Why some findings were not looked up, "" if all were."""
    looked_up = report["lookedUp"]
    if not looked_up or not looked_up["left"]:
        return ""
    return words["lookup"][looked_up["failure"] or "BUDGET"]


def _view_suppressed(report: Report, words: Words) -> list[CountView]:
    counts = report["suppressed"]
    return view_counts(list_counts(counts), words) if counts else []


def _view_announced_total(announced: AnnouncedCounts | None, words: Words) -> str:
    """The event's TOTAL; "at least 3" if it has three findings and no total, or a smaller one; ""
    without counts.
    """
    if announced is None:
        return ""
    count = count_announced(announced)
    if TOTAL in announced and announced[TOTAL] == count:
        return str(count)
    return words["total"]["atLeast"].format(count)


def _view_difference(row: Difference, words: Words) -> DifferenceView:
    name = row["severity"]
    word = words["total"]["word"] if name == TOTAL else format_severity(name, words["severity"])
    return {
        "word": word,
        "announced": row["announced"],
        "listed": row["listed"],
        "suppressed": row["suppressed"],
        "ignored": row["ignored"],
    }


def _list_missing(rows: list[Difference], words: Words) -> list[DifferenceView]:
    """The severities of which findings were announced that are nowhere."""
    return [
        _view_difference(row, words)
        for row in rows
        if count_missing(row) and row["severity"] != TOTAL
    ]


def _count_missing(rows: list[Difference]) -> int:
    """How many were announced and are nowhere, at least."""
    missing = {row["severity"]: count_missing(row) for row in rows}
    return max(missing.pop(TOTAL, 0), sum(missing.values()))


def _view_worst(report: Report, words: Words) -> WorstView | None:
    worst = find_worst(report)
    if worst is None:
        return None
    return {
        "word": format_severity(worst.severity, words["severity"]),
        "count": max(worst.listed, worst.announced),
        "listed": worst.listed,
        "announced": worst.announced,
    }


def _view_end_of_support(report: Report, words: Words) -> EndOfSupport | None:
    ended = find_end_of_support(report["image"]["platform"], report["scan"]["scannedAt"])
    if ended is None:
        return None
    day = date.fromisoformat(ended["date"]).strftime(words["time"]["date"])
    return {"system": ended["system"], "date": day}


def _view_doubt(report: Report, sentences: DoubtWords, words: Words) -> str:
    """The sentence for the report's doubt; "" without one."""
    doubt = report["unconfirmed"]
    status = _view_status(report["scan"]["status"], words)
    return sentences[doubt].format(status=status) if doubt else ""


def _format_rerun(image: Image) -> str:
    return f"scan-brief rerun --repository {image['repository']} --digest {image['digest']}"


def _view_link(image: Image) -> Own | None:
    link = link_image(image)
    return Own(link) if link else None


def _view_status(status: str | None, words: Words) -> str:
    """A code without a word is printed as it is."""
    code = status or UNKNOWN_STATUS
    return words["status"].get(code) or clean(code, 60)

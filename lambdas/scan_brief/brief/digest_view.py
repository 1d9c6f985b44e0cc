"""Pure: the names for the templates of a digest."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from scan_brief.brief.finding_view import format_severity, format_worst, view_counts
from scan_brief.brief.image_list import label_images, name_images
from scan_brief.brief.notice import choose_reason
from scan_brief.brief.plan_view import format_subscription, view_upgrade
from scan_brief.brief.times import view_time
from scan_brief.findings.reported import list_counts
from scan_brief.text import clean
from scan_brief_common.limits import REPOSITORY_NAME_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from scan_brief.brief.language_files import LanguageFiles
    from scan_brief.model import (
        Digest,
        DigestGroup,
        DigestView,
        FixArrived,
        FixView,
        GroupView,
        HeldBack,
        HeldBackView,
        Overdue,
        OverdueView,
        UnwatchedImage,
        UnwatchedView,
        Upgrade,
        Words,
    )

_NAMES = 5  # ids, images or repositories in a line
_ID, _TEXT = 60, 120  # characters


def view_digest(digest: Digest, shown: int, files: LanguageFiles, zone: tzinfo) -> DigestView:
    """The names for a message that has at most `shown` entries of each list."""
    words, looked_up = files.words, digest["lookedUp"]
    counts = list_counts(digest["counts"])
    worst = next((name for name, count in counts if count), None)
    groups, left_out = digest["groups"][:shown], digest["groups"][shown:]
    not_looked_up = looked_up["left"] if looked_up else 0
    failure = (looked_up["failure"] if looked_up else None) or "BUDGET"
    return {
        "since": view_time(digest["since"], words, zone),
        "until": view_time(digest["until"], words, zone),
        "account": digest["account"],
        "region": digest["region"],
        "memory_lost": clean(digest["memoryLost"], _TEXT),
        "complete": digest["complete"],
        "all_quiet": digest["allQuiet"],
        "repositories": digest["repositories"],
        "images": digest["images"],
        "total": digest["total"],
        "known_exploited": digest["knownExploited"],
        "counts": view_counts(counts, words),
        "worst": format_severity(worst, words["severity"]) if worst else "",
        "looked_up": looked_up is not None and not not_looked_up,
        "not_looked_up": not_looked_up,
        "lookup_failure": words["lookup"][failure] if not_looked_up else "",
        "groups": [
            _view_group(number, group, words) for number, group in enumerate(groups, start=1)
        ],
        "groups_omitted": digest["groupsOmitted"] + len(left_out),
        "findings_omitted": digest["findingsOmitted"] + sum(row["findings"] for row in left_out),
        "fixes": [_view_fix(fix, words) for fix in digest["fixes"][:shown]],
        "fixes_total": len(digest["fixes"]) + digest["fixesOmitted"],
        "overdue": [_view_overdue(row, digest, words, zone) for row in digest["overdue"][:shown]],
        "overdue_total": len(digest["overdue"]) + digest["overdueOmitted"],
        "fell_out": _view_unwatched(digest["fellOut"][:shown], files, zone),
        "fell_out_total": len(digest["fellOut"]) + digest["fellOutOmitted"],
        "fell_out_omitted": len(digest["fellOut"][shown:]) + digest["fellOutOmitted"],
        "unscanned": _view_unwatched(digest["unscanned"][:shown], files, zone),
        "unscanned_total": len(digest["unscanned"]) + digest["unscannedOmitted"],
        "unscanned_omitted": len(digest["unscanned"][shown:]) + digest["unscannedOmitted"],
        "held_back": [_view_held_back(row, words) for row in digest["heldBack"][:shown]],
        "held_back_total": len(digest["heldBack"]) + digest["heldBackOmitted"],
    }


def _view_group(number: int, group: DigestGroup, words: Words) -> GroupView:
    upgrade = _narrow(group)
    done = view_upgrade(number, upgrade, words["upgrade"]) if upgrade else None
    return {
        "number": number,
        "repository": _clean_repository(group["repository"]),
        "text": done["text"] if done else "",
        "effect": done["effect"] if done else "",
        "subscription": format_subscription(upgrade, words["upgrade"]) if upgrade else "",
        "findings": group["findings"],
        "known_exploited": group["knownExploited"],
        "severity": format_worst(group["severity"], words["severity"]),
        "in_use": group["inUse"],
        "ids": [clean(name, _ID) for name in group["ids"][:_NAMES]],
        "ids_omitted": group["idsOmitted"] + len(group["ids"][_NAMES:]),
        "images": label_images(group["images"])[:_NAMES],
        "images_omitted": group["imagesOmitted"] + len(group["images"][_NAMES:]),
    }


def _narrow(group: DigestGroup) -> Upgrade | None:
    """The upgrade, for the new findings alone."""
    if not group["upgrade"]:
        return None
    return {
        **group["upgrade"],
        "findings": group["findings"],
        "knownExploited": group["knownExploited"],
    }


def _view_fix(fix: FixArrived, words: Words) -> FixView:
    return {
        "repository": _clean_repository(fix["repository"]),
        "id": clean(fix["id"], _ID),
        "severity": format_severity(fix["severity"], words["severity"]),
        "package": clean(fix["package"], _TEXT),
        "fixed_in": clean(fix["fixedIn"], _TEXT),
        "images": fix["images"],
    }


def _view_overdue(row: Overdue, digest: Digest, words: Words, zone: tzinfo) -> OverdueView:
    due = _read_day(row["dueDate"])
    today = datetime.fromisoformat(digest["until"]).astimezone(zone).date()
    return {
        "id": clean(row["id"], _ID),
        "date": due.strftime(words["time"]["date"]) if due else clean(row["dueDate"], _ID),
        "days": max(0, (today - due).days) if due else 0,
        "repositories": [_clean_repository(name) for name in row["repositories"][:_NAMES]],
        "repositories_omitted": row["repositoriesOmitted"] + len(row["repositories"][_NAMES:]),
        "images": row["images"],
    }


def _view_unwatched(
    images: Sequence[UnwatchedImage], files: LanguageFiles, zone: tzinfo
) -> list[UnwatchedView]:
    """By reason, in the order of the first image of each."""
    by_reason: dict[str, list[UnwatchedImage]] = {}
    for image in images:
        by_reason.setdefault(clean(image["reason"], 80), []).append(image)
    views: list[UnwatchedView] = []
    for reason, rows in by_reason.items():
        said = choose_reason(reason, files.reasons)
        views.append(
            {
                "reason": reason,
                "short": said["short"],
                "why": said["why"],
                "next": said["next"],
                "images": name_images(rows),
                "last_scans": [
                    view_time(row["lastScannedAt"], files.words, zone)
                    if row["lastScannedAt"]
                    else ""
                    for row in rows
                ],
            }
        )
    return views


def _view_held_back(row: HeldBack, words: Words) -> HeldBackView:
    return {
        "id": clean(row["id"], _ID),
        "severity": format_severity(row["severity"], words["severity"]),
        "known_exploited": row["knownExploited"],
        "image": name_images([row["image"]])[0],
    }


def _clean_repository(name: str) -> str:
    return clean(name, REPOSITORY_NAME_CHARACTERS.most)


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

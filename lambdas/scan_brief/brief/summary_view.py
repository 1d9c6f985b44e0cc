"""Pure: the names for the templates of a summary."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.brief.finding_view import format_severity, view_counts
from scan_brief.brief.image_sections import (
    count_omitted,
    view_first,
    view_omitted,
    view_repositories,
    view_sections,
    view_unscanned,
)
from scan_brief.brief.plan_view import view_upgrade
from scan_brief.brief.times import view_time
from scan_brief.findings.reported import list_counts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from scan_brief.brief.image_sections import RankedImage
    from scan_brief.brief.language_files import LanguageFiles
    from scan_brief.model import (
        SharedUpgrade,
        SharedUpgradeView,
        Summary,
        SummaryView,
        UpgradeWords,
    )

_UPGRADES, _REPOSITORIES, _OMITTED = 5, 10, 10
_MINUTE = 60


def view_summary(
    summary: Summary,
    ranked: Sequence[RankedImage],
    shown: int,
    files: LanguageFiles,
    zone: tzinfo,
) -> SummaryView:
    """The names for a message that names the first `shown` images of `ranked`."""
    words = files.words
    repositories = view_repositories(ranked, summary, words)
    omitted = view_omitted(count_omitted(summary, ranked[shown:]))
    counts = list_counts(summary["counts"])
    worst = next((name for name, count in counts if count), None)
    return {
        "limit": summary["limit"],
        "minutes": _count_minutes(summary),
        "since": view_time(summary["startedAt"], words, zone),
        "until": view_time(summary["endedAt"], words, zone),
        "account": summary["account"],
        "region": summary["region"],
        "total": summary["total"],
        "named": min(shown, len(ranked)),
        "attacked": summary["attacked"],
        "not_scanned": summary["notScanned"],
        "findings": summary["findings"],
        "known_exploited": summary["knownExploited"],
        "counts": view_counts(counts, words),
        "worst": format_severity(worst, words["severity"]) if worst else "",
        "upgrades": view_shared(summary["upgrades"][:_UPGRADES], words["upgrade"]),
        "upgrades_omitted": summary["upgradesOmitted"] + len(summary["upgrades"][_UPGRADES:]),
        "first": view_first(ranked),
        "repositories": repositories[:_REPOSITORIES],
        "repositories_omitted": len(repositories[_REPOSITORIES:]),
        "sections": view_sections(ranked, shown, words),
        "unscanned": view_unscanned(ranked, shown, files),
        "omitted": omitted[:_OMITTED],
        "omitted_repositories": len(omitted[_OMITTED:]),
        "omitted_images": sum(row["images"] for row in omitted[_OMITTED:]),
    }


def view_shared(upgrades: Sequence[SharedUpgrade], words: UpgradeWords) -> list[SharedUpgradeView]:
    """Numbered from 1."""
    return [
        {
            **view_upgrade(number, upgrade, words),
            "images": upgrade["images"],
            "serves": words["servesOne" if upgrade["images"] == 1 else "servesMany"].format(
                count=upgrade["images"]
            ),
        }
        for number, upgrade in enumerate(upgrades, start=1)
    ]


def _count_minutes(summary: Summary) -> int:
    start, end = map(datetime.fromisoformat, (summary["startedAt"], summary["endedAt"]))
    return max(1, round((end - start).total_seconds() / _MINUTE))

"""Pure: the images of a summary, the worst first, in sections."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from scan_brief.brief.console import link_image_of, link_repository
from scan_brief.brief.finding_view import format_severity, format_worst
from scan_brief.brief.image_list import label_images, list_by_repository, name_in_full
from scan_brief.brief.markup import Own
from scan_brief.brief.notice import choose_reason
from scan_brief.brief.several import decide_worst_of
from scan_brief.findings.finding import SEVERITY_ORDER
from scan_brief.findings.reported import list_counts
from scan_brief.text import clean
from scan_brief_common.limits import REPOSITORY_NAME_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scan_brief.brief.language_files import LanguageFiles
    from scan_brief.model import (
        GatheredImage,
        ImageSection,
        ImageView,
        OmittedView,
        RegistryNames,
        RepositoryView,
        Summary,
        UnscannedView,
        Words,
        WorstSeverity,
    )

KNOWN_EXPLOITED, NOT_SCANNED = "KNOWN_EXPLOITED", "NOT_SCANNED"
# What was not scanned may be worse than what is clear.
_RANKS = (KNOWN_EXPLOITED, *SEVERITY_ORDER, "UNKNOWN", NOT_SCANNED, "NONE")
_FIRST = 3


@dataclass(frozen=True)
class RankedImage:
    """An image with its rank, one of _RANKS."""

    image: GatheredImage
    rank: str
    view: ImageView


def decide_worst(summary: Summary) -> WorstSeverity:
    """The highest severity of an image, as in its brief: so the summary passes the filters that all
    its briefs pass, and no filter that none of them passes.
    """
    severities = {image["severity"] for image in summary["images"]}
    found = next((name for name in SEVERITY_ORDER if name in severities), None)
    if found or not severities:
        return found or decide_worst_of(summary["counts"], known=not summary["notScanned"])
    return "NONE" if severities == {"NONE"} else "UNKNOWN"


def rank_images(summary: Summary, words: Words) -> list[RankedImage]:
    """The worst first; of one rank, in the order of the summary."""
    images = summary["images"]
    ranked = [
        RankedImage(image, _rank(image), _view(image, label, summary, words))
        for image, label in zip(images, label_images(images), strict=True)
    ]
    return sorted(ranked, key=lambda one: _RANKS.index(one.rank))


def view_first(ranked: Sequence[RankedImage]) -> list[ImageView]:
    """The worst images that have findings."""
    return [each.view for each in ranked[:_FIRST] if each.view["count"]]


def view_sections(ranked: Sequence[RankedImage], shown: int, words: Words) -> list[ImageSection]:
    """A section for each rank of the first `shown`, but for what was not scanned."""
    scanned = [each for each in ranked[:shown] if each.rank != NOT_SCANNED]
    totals = Counter(each.rank for each in ranked)
    return [
        _view_section(rank, list(group), totals[rank], words)
        for rank, group in groupby(scanned, key=lambda each: each.rank)
    ]


def view_unscanned(
    ranked: Sequence[RankedImage], shown: int, files: LanguageFiles
) -> list[UnscannedView]:
    """Those of the first `shown`, by reason, the most frequent first."""
    by_reason: dict[str, list[RankedImage]] = {}
    for each in ranked[:shown]:
        if each.rank == NOT_SCANNED:
            by_reason.setdefault(_reason(each), []).append(each)
    totals = Counter(_reason(each) for each in ranked if each.rank == NOT_SCANNED)
    rows = sorted(by_reason.items(), key=lambda row: -totals[row[0]])
    return [_view_reason(reason, group, totals[reason], files) for reason, group in rows]


def view_repositories(
    ranked: Sequence[RankedImage], summary: Summary, words: Words
) -> list[RepositoryView]:
    """Every repository, the one with the worst image first."""
    images: dict[str, list[RankedImage]] = {}
    for each in ranked:
        images.setdefault(each.image["repository"], []).append(each)
    omitted = count_omitted(summary)
    for repository in omitted:
        images.setdefault(repository, [])
    return [
        _view_repository(name, group, omitted[name], summary, words)
        for name, group in images.items()
    ]


def count_omitted(summary: Summary, left_out: Sequence[RankedImage] = ()) -> Counter[str]:
    """By repository, the images that are not named: those of the summary, and those left out."""
    omitted: Counter[str] = Counter()
    for row in summary["imagesOmitted"]:
        omitted[row["repository"]] += row["images"]
    omitted.update(each.image["repository"] for each in left_out)
    return omitted


def view_omitted(omitted: Counter[str]) -> list[OmittedView]:
    """The most images first."""
    return [
        {"repository": clean(name, REPOSITORY_NAME_CHARACTERS.most), "images": count}
        for name, count in omitted.most_common()
    ]


def _rank(image: GatheredImage) -> str:
    if image["notScanned"] is not None:
        return NOT_SCANNED
    return KNOWN_EXPLOITED if image["knownExploited"] else image["severity"]


def _view(image: GatheredImage, label: str, registry: RegistryNames, words: Words) -> ImageView:
    link = link_image_of(registry, image["repository"], image["digest"])
    worst = [count for name, count in list_counts(image["counts"]) if name == image["severity"]]
    return {
        "name": label,
        "full": name_in_full(image["repository"], label),
        "severity": format_worst(image["severity"], words["severity"]),
        "count": sum(worst),
        "known_exploited": image["knownExploited"],
        "link": Own(link) if link else None,
    }


def _reason(ranked: RankedImage) -> str:
    return clean(ranked.image["notScanned"], 80)


def _view_section(
    rank: str, group: Sequence[RankedImage], total: int, words: Words
) -> ImageSection:
    repositories = list_by_repository(
        [(each.image["repository"], each.view) for each in group],
        words["image"],
        severity=rank == KNOWN_EXPLOITED,
    )
    return {
        "kind": rank,
        "word": "" if rank == KNOWN_EXPLOITED else group[0].view["severity"],
        "count": len(group),
        "total": total,
        "repositories": repositories,
    }


def _view_reason(
    reason: str, group: Sequence[RankedImage], total: int, files: LanguageFiles
) -> UnscannedView:
    said = choose_reason(reason, files.reasons)
    images = [(each.image["repository"], each.view) for each in group]
    return {
        "reason": reason,
        "short": said["short"],
        "why": said["why"],
        "next": said["next"],
        "count": len(group),
        "total": total,
        "repositories": list_by_repository(images, files.words["image"], severity=False),
    }


def _view_repository(
    name: str, group: Sequence[RankedImage], omitted: int, summary: Summary, words: Words
) -> RepositoryView:
    severities = {each.image["severity"] for each in group}
    worst = next((severity for severity in SEVERITY_ORDER if severity in severities), None)
    link = link_repository(summary, name)
    return {
        "name": clean(name, REPOSITORY_NAME_CHARACTERS.most),
        "images": len(group) + omitted,
        "known_exploited": sum(each.rank == KNOWN_EXPLOITED for each in group),
        "not_scanned": sum(each.rank == NOT_SCANNED for each in group),
        "severity": format_severity(worst, words["severity"]) if worst else "",
        "link": Own(link) if link else None,
    }

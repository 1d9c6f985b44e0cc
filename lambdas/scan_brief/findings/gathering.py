"""Pure: adds up what the briefs of a window say, for one summary."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scan_brief.audience import list_patterns
from scan_brief.findings.finding import SEVERITY_ORDER
from scan_brief.findings.gathered import add_counts, count_nothing
from scan_brief.findings.shared_plan import SharedPlan
from scan_brief.scan.request import Registry
from scan_brief_common.limits import VALUES_OF_ATTRIBUTE

if TYPE_CHECKING:
    from scan_brief.model import Gathered, GatheredImage, Summary, Window

# What is not known may be anything, so it comes before what is known to be low.
_ORDER = ("CRITICAL", "UNKNOWN", *SEVERITY_ORDER[1:], "NONE")


class Gathering:
    """The briefs of one window, in any order: the same briefs make the same summary."""

    def __init__(self) -> None:
        self._images: list[GatheredImage] = []
        self._arns: Counter[str] = Counter()
        self._repositories: set[str] = set()
        self._counts = count_nothing()
        self._plan = SharedPlan()

    def add(self, gathered: Gathered) -> None:
        """One brief."""
        image = gathered["image"]
        self._images.append(image)
        self._arns[gathered["arn"]] += 1
        self._repositories.add(image["repository"])
        self._counts = add_counts(self._counts, image["counts"])
        self._plan.add(gathered["upgrades"])

    def make_summary(self, window: Window, registry: Registry, routes: str) -> Summary:
        """routes: see audience.find_audience."""
        images = sorted(self._images, key=_find_rank)
        upgrades, omitted = self._plan.list_upgrades()
        return {
            "summary": window["window"],
            "startedAt": window["startedAt"],
            "endedAt": window["endsAt"],
            "limit": window["limit"],
            "account": registry.account,
            "region": registry.region,
            "partition": registry.partition,
            "arns": self._list_arns(registry, routes),
            "images": images,
            "imagesOmitted": [],
            "total": len(images),
            "findings": sum(image["total"] for image in images),
            "counts": self._counts,
            "knownExploited": sum(image["knownExploited"] for image in images),
            "attacked": sum(image["knownExploited"] > 0 for image in images),
            "notScanned": sum(image["notScanned"] is not None for image in images),
            "upgrades": upgrades,
            "upgradesOmitted": omitted,
        }

    def _list_arns(self, registry: Registry, routes: str) -> list[str]:
        """Of the routes of a repository first: each recipient has one of them, since the recipients
        of all repositories are the same.
        """
        matching = [
            registry.repository_arn(pattern)
            for repository in sorted(self._repositories)
            for pattern in list_patterns(routes, repository)
        ]
        often = sorted(self._arns, key=lambda arn: (-self._arns[arn], arn))
        return list(dict.fromkeys([*matching, *often]))[:VALUES_OF_ATTRIBUTE]


def _find_rank(image: GatheredImage) -> tuple[object, ...]:
    counts = [image["counts"][name] for name in SEVERITY_ORDER if name in image["counts"]]
    return (
        not image["knownExploited"],
        _ORDER.index(image["severity"]),
        [-count for count in counts],
        image["repository"],
        image["digest"],
    )

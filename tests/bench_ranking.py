"""`make bench-ranking`: how well the order foresees what is exploited later.

recall@10: of the vulnerabilities that entered CISA's catalog after the day of the facts, the share
that stands among the first ten of its image. No label is a fact, so no order can look it up.

Before that, the plumbing: what the details say is known to be exploited reaches the top.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from scan_brief.findings.ranking import Candidate
from scan_brief.findings.risk import RiskFacts
from scan_brief.model import Severity
from tests.bench.known_exploited import measure_plumbing

FACTS = Path(__file__).parent / "ranking" / "facts-2024-10-25.csv"
SHOWN = 10
MISSING = 0.84  # of recorded findings without EPSS
SEEDS = 100
_SEVERITIES: tuple[tuple[float, Severity], ...] = ((9, "CRITICAL"), (7, "HIGH"), (4, "MEDIUM"))
_GRYPE_SEVERITY = {"CRITICAL": 9.0, "HIGH": 7.5, "MEDIUM": 5.0, "LOW": 3.0}

Order = Callable[[Candidate], object]  # a sort key, smallest first


@dataclass(frozen=True)
class Known:
    """A vulnerability, and whether it is in CISA's catalog after the day of the facts."""

    candidate: Candidate
    exploited_later: bool


def read_images(file: Path = FACTS) -> list[list[Known]]:
    """The vulnerabilities of each image."""
    images: dict[str, list[Known]] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            score = float(row["cvss"])
            facts = RiskFacts(
                severity=next((name for least, name in _SEVERITIES if score >= least), "LOW"),
                score=score,
                vector=row["vector"],
                epss=float(row["epss"]),
            )
            known = Known(Candidate(row["cve"], "", facts), row["known_exploited_later"] == "1")
            images.setdefault(row["image"], []).append(known)
    return list(images.values())


def by_risk(candidate: Candidate) -> object:
    """Ours."""
    return candidate.rank


def by_severity(candidate: Candidate) -> object:
    """Severity, then score."""
    facts = candidate.facts
    return -_GRYPE_SEVERITY[facts.severity], -(facts.score or 0), candidate.id


def by_grype(candidate: Candidate) -> object:
    """Grype's risk, without known exploitation: EPSS times the mean of severity and score."""
    facts = candidate.facts
    severity = (_GRYPE_SEVERITY[facts.severity] + (facts.score or 0)) / 2 / 10
    return -(facts.epss or 0) * severity, candidate.id


def measure_recall(images: list[list[Known]], order: Order, missing: float = 0.0) -> float:
    """missing: the share of vulnerabilities whose EPSS is taken away, at random; a mean."""
    found = [
        any(known.exploited_later for known in _take_first(image, order))
        for seed in range(SEEDS if missing else 1)
        for image in _forget(images, missing, random.Random(seed))  # noqa: S311 - not for secrets
    ]
    return sum(found) / len(found)


def _take_first(image: list[Known], order: Order) -> list[Known]:
    return sorted(image, key=lambda known: order(known.candidate))[:SHOWN]  # type: ignore[arg-type,return-value]


def _forget(
    images: list[list[Known]], share: float, chance: random.Random
) -> Iterator[list[Known]]:
    for image in images:
        yield [_without_epss(known) if chance.random() < share else known for known in image]


def _without_epss(known: Known) -> Known:
    candidate = known.candidate
    facts = replace(candidate.facts, epss=None)
    return Known(Candidate(candidate.id, candidate.arn, facts), known.exploited_later)


def main() -> None:
    """Print a table of the orders, and whether each bar is reached."""
    images = read_images()
    orders = {"this project": by_risk, "Grype's formula": by_grype, "severity, score": by_severity}
    whole = {name: measure_recall(images, order) for name, order in orders.items()}
    sparse = {name: measure_recall(images, order, MISSING) for name, order in orders.items()}
    lines = [
        f"recall@{SHOWN}, {len(images)} images of {len(images[0])} vulnerabilities, {FACTS.name}",
        f"{'order':18}{'with EPSS':>12}{'EPSS missing on 84%':>22}",
        *(f"{name:18}{whole[name]:12.3f}{sparse[name]:22.3f}" for name in orders),
    ]
    ours, grype, severity = orders
    bars = {
        "with EPSS, not below Grype's formula - 0.02": whole[ours] >= whole[grype] - 0.02,
        "EPSS missing, at least 1.6 x Grype's formula": sparse[ours] >= 1.6 * sparse[grype],
        "EPSS missing, not below the order of severity": sparse[ours] >= sparse[severity],
    }
    found = measure_plumbing()
    known = f"{found.in_top} of {found.known_exploited} known-exploited findings in the top {SHOWN}"
    bars[f"{known} of {found.findings} ({found.source})"] = found.in_top == found.known_exploited
    lines += [f"{'holds' if holds else 'MISSED':8}{bar}" for bar, holds in bars.items()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

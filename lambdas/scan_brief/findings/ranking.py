"""Pure: what to fix first. The only place that knows the order.

docs/decisions/0009-rank-in-code.md gives the reasons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from scan_brief.findings.finding import (
    SEVERITY_ORDER,
    arn,
    epss,
    exploit_available,
    fix,
    identifier,
    reachability,
    score,
    severity,
    vector,
)
from scan_brief.findings.risk import RiskFacts, estimate_risk

if TYPE_CHECKING:
    from scan_brief.model import Finding, Intelligence

T = TypeVar("T")
Rank = tuple[bool, float, int, int, str, str]
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the rank of a finding depends on."""

    id: str
    arn: str
    facts: RiskFacts

    @property
    def rank(self) -> Rank:
        """A sort key, smallest first: what is known to be exploited, then by risk; then severity,
        the year in the id (what is exploited next is more often young), id and ARN, so that no two
        findings tie.
        """
        return (
            not _comes_first(self.facts),
            -estimate_risk(self.facts),
            SEVERITY_ORDER.index(self.facts.severity),
            -_read_year(self.id),
            self.id,
            self.arn,
        )

    def inform(self, found: Mapping[str, Intelligence]) -> Candidate:
        """The candidate with what was looked up of its vulnerability. The list's EPSS counts."""
        known = found.get(self.id)
        if known is None:
            return self
        own = self.facts.epss
        facts = replace(
            self.facts,
            epss=known["epss"] if own is None else own,
            known_exploited=known["knownExploited"],
        )
        return Candidate(self.id, self.arn, facts)


def make_candidate(finding: Finding) -> Candidate:
    """By the facts of ListFindings."""
    facts = RiskFacts(
        severity=severity(finding),
        score=score(finding),
        vector=vector(finding),
        epss=epss(finding),
        exploit_code=exploit_available(finding),
        reachability=reachability(finding),
        fix=fix(finding),
    )
    return Candidate(identifier(finding), arn(finding), facts)


class Best(Generic[T]):
    """The `most` entries with the smallest ranks; holds no more than twice as many in memory."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: list[tuple[Rank, T]] = []
        self._last: Rank | None = None

    def add(self, rank: Rank, entry: T) -> None:
        """Kept if fewer than `most` entries have a smaller rank."""
        if self._last is not None and rank >= self._last:
            return
        self._entries.append((rank, entry))
        if len(self._entries) >= 2 * self._most:
            self._cut()

    def take(self) -> list[T]:
        """In the order of their ranks."""
        self._cut()
        return [entry for _, entry in self._entries]

    def _cut(self) -> None:
        self._entries.sort(key=lambda entry: entry[0])
        del self._entries[self._most :]
        if self._entries and len(self._entries) == self._most:
            self._last = self._entries[-1][0]


def order(candidates: Iterable[Candidate], found: Mapping[str, Intelligence]) -> list[Candidate]:
    """In the order of their ranks, with what was looked up."""
    informed = [candidate.inform(found) for candidate in candidates]
    return sorted(informed, key=lambda candidate: candidate.rank)


def _read_year(name: str) -> int:
    """Of CVE-2024-0001 or ALAS2-2023-1; 0 for an id without a year."""
    found = _YEAR.search(name)
    return int(found.group()) if found else 0


def _comes_first(facts: RiskFacts) -> bool:
    """Known exploited, unless nothing can be done and the code never runs."""
    idle = facts.reachability == "NOT_REACHABLE" and facts.fix not in ("YES", "PARTIAL")
    return facts.known_exploited and not idle

"""Pure: chooses the top findings, in flat memory, with what is looked up of their vulnerabilities.

ListFindings may say nothing of a vulnerability that is known to be exploited. So every one is
looked up, within a budget, before the top is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from scan_brief.findings.finding import fixed_in
from scan_brief.findings.ranking import Best, Candidate, make_candidate, order
from scan_brief.findings.risk import estimate_risk
from scan_brief.findings.summary import summarize
from scan_brief.findings.upgrades import Need, Upgrades

if TYPE_CHECKING:
    from scan_brief.model import (
        Finding,
        FindingSummary,
        Intelligence,
        LookedUp,
        LookupFailure,
        VulnerablePackage,
    )

    Advise = Callable[[VulnerablePackage], str | None]

_SPARE = 4  # findings kept for each one shown: a lookup may bring others to the top


@dataclass
class Lookup:
    """What was looked up. found: by vulnerability id; asked: the ids for which there was an answer,
    with or without details. failure: why not every id was asked for.
    """

    found: dict[str, Intelligence] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    failure: LookupFailure | None = None

    def describe(self, asked: int, total: int) -> LookedUp:
        """asked: of `total` findings, those whose vulnerability was looked up."""
        return {"findings": asked, "left": total - asked, "failure": self.failure}


class Lookups(Protocol):
    """Looks vulnerabilities up."""

    @property
    def most(self) -> int:
        """How many, at most."""

    def look_up(self, arns: Mapping[str, str]) -> Lookup:
        """arns: of one finding for each vulnerability id."""

    def fetch(self, arns: Sequence[str]) -> Iterable[Finding]:
        """The findings with these ARNs, as far as they can be read."""


class NoLookups:
    """The order by the facts of ListFindings alone."""

    most = 0

    def look_up(self, arns: Mapping[str, str]) -> Lookup:  # noqa: ARG002 - see Lookups
        """Nothing."""
        return Lookup()

    def fetch(self, arns: Sequence[str]) -> Iterable[Finding]:  # noqa: ARG002 - see Lookups
        """Nothing: without a lookup, every finding that comes to the top was kept."""
        return ()


class Selection:
    """The findings of one image that may come to the top. upgrades: what closes all of them."""

    def __init__(self, shown: int, most_lookups: int) -> None:
        self.upgrades = Upgrades()
        self._shown = shown
        self._candidates: Best[tuple[Candidate, Need]] = Best(max(shown, most_lookups))
        self._findings: Best[tuple[Candidate, Finding]] = Best(_SPARE * shown)

    def add(self, findings: Iterable[Finding]) -> None:
        """In any order, each once."""
        for finding in findings:
            candidate = make_candidate(finding)
            rank = candidate.rank
            need = self.upgrades.add(finding)
            need.add_risk(-rank[1])
            self._candidates.add(rank, (candidate, need))
            self._findings.add(rank, (candidate, finding))

    def choose(
        self,
        lookups: Lookups,
        is_new: Callable[[Finding], bool] | None = None,
        advise: Advise = fixed_in,
        others: Mapping[str, str] | None = None,
    ) -> Chosen:
        """The top findings after the lookup, in order; the upgrades get to know its facts.

        is_new: None if that is not known. advise: see model.Package.upgradeTo. others: further ids
        to look up, if the budget allows, each with an ARN.
        """
        entries = self._candidates.take()
        candidates = [candidate for candidate, _ in entries]
        arns: dict[str, str] = {}
        wanted = ((candidate.id, candidate.arn) for candidate in candidates)
        for name, arn in (*wanted, *(others or {}).items()):
            if arn and len(arns) < lookups.most:
                arns.setdefault(name, arn)
        lookup = lookups.look_up(arns) if arns else Lookup()
        for candidate, need in entries:
            _inform(need, candidate, lookup.found)
        top = order(candidates, lookup.found)[: self._shown]
        known = {_identify(candidate): finding for candidate, finding in self._findings.take()}
        missing = [candidate.arn for candidate in top if _identify(candidate) not in known]
        fetched = {make_candidate(finding).arn: finding for finding in lookups.fetch(missing)}
        exploited = [
            candidate
            for candidate in candidates
            if (found := lookup.found.get(candidate.id)) and found["knownExploited"]
        ]
        return Chosen(
            [
                _describe(
                    candidate,
                    known.get(_identify(candidate)) or fetched.get(candidate.arn),
                    lookup,
                    is_new,
                    advise,
                )
                for candidate in top
            ],
            len(exploited),
            _count_asked(candidates, lookup.asked),
            lookup,
            sum(candidate.facts.severity == "CRITICAL" for candidate in exploited),
        )


@dataclass(frozen=True)
class Chosen:
    """top: in order. known_exploited, asked: findings whose vulnerability is, or was looked up.

    critical_known_exploited: of known_exploited, those that are CRITICAL.
    """

    top: list[FindingSummary]
    known_exploited: int
    asked: int
    lookup: Lookup
    critical_known_exploited: int

    def describe(self, total: int) -> LookedUp:
        """total: of all findings of the image."""
        return self.lookup.describe(self.asked, total)


def _inform(need: Need, candidate: Candidate, found: Mapping[str, Intelligence]) -> None:
    informed = candidate.inform(found)
    if informed is not candidate:
        need.add_risk(estimate_risk(informed.facts) - estimate_risk(candidate.facts))
    if informed.facts.known_exploited:
        need.add_known_exploited(candidate.id)


def _count_asked(candidates: Sequence[Candidate], asked: Collection[str]) -> int:
    return sum(candidate.id in asked for candidate in candidates)


def _identify(candidate: Candidate) -> tuple[str, str]:
    return candidate.id, candidate.arn


def _describe(
    candidate: Candidate,
    finding: Finding | None,
    lookup: Lookup,
    is_new: Callable[[Finding], bool] | None,
    advise: Advise,
) -> FindingSummary:
    """Of a finding that could not be read again, only what its rank depends on."""
    facts = candidate.facts
    if finding is not None:
        summary = summarize(finding, advise)
    else:
        summary = {
            "id": candidate.id,
            "title": None,
            "severity": facts.severity,
            "score": facts.score,
            "cvss": None,
            "epss": None,
            "exploitAvailable": facts.exploit_code,
            "lastExploitAt": None,
            "intelligence": None,
            "reachability": facts.reachability,
            "reachabilityReason": None,
            "fix": facts.fix,
            "firstObservedAt": None,
            "packages": [],
            "packagesOmitted": 0,
            "findingArn": candidate.arn,
            "isNew": None,
        }
    known = lookup.found.get(candidate.id)
    new = is_new(finding) if is_new and finding is not None else None
    return {**summary, "epss": facts.epss, "intelligence": known, "isNew": new}

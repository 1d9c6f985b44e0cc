"""Pure: how likely it is that a vulnerability is exploited here, times what that would do.

docs/decisions/0009-rank-in-code.md gives the reasons for each term and number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scan_brief.findings.cvss import estimate_harm

if TYPE_CHECKING:
    from scan_brief.model import Fix, Reachability, Severity

# The mean EPSS of vulnerabilities that anybody on the network can exploit with full impact was 0.02
# when the prior was fitted; that of others was lower in about these proportions.
_PRIOR_CEILING = 0.03
# EPSS is low for weeks after a vulnerability is published, so the vector keeps some weight.
_PRIOR_WEIGHT = 0.3
# Without a vector: the mean prior of vulnerabilities of the severity.
_PRIOR_OF_SEVERITY: dict[Severity, float] = {
    "CRITICAL": 0.02,
    "HIGH": 0.006,
    "MEDIUM": 0.002,
    "LOW": 0.001,
    "UNTRIAGED": 0.002,
    "OTHER": 0.002,
}
_LEAST_PRIOR = 0.0005  # never zero: something not known to be harmful is not known to be harmless
_KNOWN_EXPLOITED = 2.0  # what was observed counts more than any prediction
_EXPLOIT_CODE = 2.0  # EPSS knows of it already; without EPSS it is all that is known
_REACHABILITY: dict[Reachability, float] = {"REACHABLE": 1.5, "NOT_REACHABLE": 0.3, "UNKNOWN": 1.0}
_FIX: dict[Fix, float] = {"YES": 1.5, "PARTIAL": 1.25, "NO": 1.0, "UNKNOWN": 1.0}
_SEVERITY_SCORE: dict[Severity, float] = {
    "CRITICAL": 9.5,
    "HIGH": 8.0,
    "MEDIUM": 5.5,
    "LOW": 2.5,
    "INFORMATIONAL": 0.5,
    "UNTRIAGED": 5.0,
    "OTHER": 5.0,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskFacts:
    """What the risk of a finding depends on.

    score: 0 to 10; vector: CVSS, "" without one; epss: a probability, 0 to 1. known_exploited: in
    CISA's catalog of known exploited vulnerabilities, or observed by Amazon.
    """

    severity: Severity
    score: float | None = None
    vector: str = ""
    epss: float | None = None
    exploit_code: bool = False
    known_exploited: bool = False
    reachability: Reachability = "UNKNOWN"
    fix: Fix = "UNKNOWN"


def estimate_risk(facts: RiskFacts) -> float:
    """0 to about 4; only the order of two values, and their shares in a sum, mean something."""
    return estimate_likelihood(facts) * _impact(facts) * _FIX[facts.fix]


def estimate_likelihood(facts: RiskFacts) -> float:
    """That it is exploited within the next weeks, up to 3 for what is exploited now; never zero."""
    if facts.known_exploited:
        likelihood = _KNOWN_EXPLOITED
    else:
        prior = _prior(facts)
        known = facts.epss is not None
        likelihood = (facts.epss or 0.0) + _PRIOR_WEIGHT * prior if known else prior
        likelihood = min(likelihood * (_EXPLOIT_CODE if facts.exploit_code else 1.0), 1.0)
    return likelihood * _REACHABILITY[facts.reachability]


def _prior(facts: RiskFacts) -> float:
    """The likelihood by vector, or by severity without one."""
    harm = estimate_harm(facts.vector)
    if harm is None:
        return max(_LEAST_PRIOR, _PRIOR_OF_SEVERITY.get(facts.severity, 0.0))
    return max(_LEAST_PRIOR, _PRIOR_CEILING * harm)


def _impact(facts: RiskFacts) -> float:
    """The score and the severity, which may come from different sources, share the say."""
    of_severity = _SEVERITY_SCORE[facts.severity]
    score = of_severity if facts.score is None else facts.score
    return (score + of_severity) / 2 / 10

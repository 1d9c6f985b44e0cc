"""Pure: counts findings apart that the settings' list ignores, and says until when and why.

docs/decisions/0024-ignored-findings.md gives the reasons.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scan_brief.findings.finding import (
    SEVERITY_ORDER,
    arn,
    identifier,
    platform,
    severity,
    vulnerability,
)
from scan_brief.findings.ignore_rules import IgnoreRules, Rule, list_packages
from scan_brief.findings.selection import Lookup
from scan_brief.findings.tally import Tally
from scan_brief.scan.event_time import write_time
from scan_brief.scan.request import ScanRequest
from scan_brief.text import clean
from scan_brief_common.limits import IGNORE_ID_CHARACTERS, IGNORE_REASON_CHARACTERS, IGNORED_SHOWN

if TYPE_CHECKING:
    from scan_brief.model import Finding, Ignored, IgnoredGroup, VulnerablePackage

_FOREVER = datetime.max.replace(tzinfo=UTC)
_Group = tuple[str, datetime | None, str]


class _Groups:
    """Findings by vulnerability, end and reason."""

    def __init__(self) -> None:
        self._counts: dict[_Group, int] = {}
        self._worst: dict[_Group, int] = {}
        self._ids: dict[_Group, str] = {}

    def add(self, finding: Finding, rule: Rule) -> None:
        name = clean(vulnerability(finding).get("vulnerabilityId"), IGNORE_ID_CHARACTERS)
        group = name, rule.until, clean(rule.reason, IGNORE_REASON_CHARACTERS)
        rank = SEVERITY_ORDER.index(severity(finding))
        self._counts[group] = self._counts.get(group, 0) + 1
        self._worst[group] = min(rank, self._worst.get(group, rank))
        self._ids[group] = identifier(finding)

    def count(self, ids: Collection[str]) -> int:
        """The findings of these vulnerabilities."""
        return sum(count for group, count in self._counts.items() if self._ids[group] in ids)

    def take(self, exploited: Collection[str]) -> list[IgnoredGroup]:
        """Those of `exploited` vulnerabilities first, then the most severe."""
        ordered = sorted(
            self._counts,
            key=lambda key: (
                self._ids[key] not in exploited,
                self._worst[key],
                key[0],
                key[1] or _FOREVER,
                key[2],
            ),
        )
        return [
            {
                "id": name,
                "findings": self._counts[name, until, reason],
                "knownExploited": self._ids[name, until, reason] in exploited,
                "until": write_time(until) if until else None,
                "reason": reason,
            }
            for name, until, reason in ordered
        ]


class Sieve:
    """Takes findings of one image out of those that count. arns: for each id of theirs, one ARN.

    rules: None without a list. time: of the scan; None if it is unknown, when no entry with an end
    applies.
    """

    def __init__(
        self, rules: IgnoreRules | None, request: ScanRequest, time: datetime | None
    ) -> None:
        self.tally = Tally()
        self.arns: dict[str, str] = {}
        self._rules = rules
        self._request = request
        self._time = time or _FOREVER
        self._groups, self._expired = _Groups(), _Groups()

    def takes(self, finding: Finding) -> bool:
        """Whether it is ignored: every one of its packages is. It is then counted here."""
        name = vulnerability(finding).get("vulnerabilityId")
        rules = self._find(name, finding) if self._rules and isinstance(name, str) else []
        if not rules:
            return False
        deciding = [self._decide(rules, package, finding) for package in list_packages(finding)]
        found = [rule for rule in deciding if rule]
        if len(found) < len(deciding):
            return False
        rule = min(found, key=lambda rule: rule.until or _FOREVER)
        if not self._is_valid(rule):
            self._expired.add(finding, rule)
            return False
        self._groups.add(finding, rule)
        self.tally.add(finding)
        self.arns.setdefault(identifier(finding), arn(finding))
        return True

    def describe(self, lookup: Lookup | None = None) -> Ignored | None:
        """What was ignored; None without a list. lookup: None if none was made."""
        if self._rules is None:
            return None
        found = lookup.found if lookup else {}
        exploited = {name for name, known in found.items() if known["knownExploited"]}
        groups, expired = self._groups.take(exploited), self._expired.take(exploited)
        total = self.tally.total
        asked = self._groups.count(lookup.asked) if lookup else 0
        return {
            "counts": self.tally.counts,
            "total": total,
            "knownExploited": self._groups.count(exploited),
            "lookedUp": lookup.describe(asked, total) if lookup and total else None,
            "groups": groups[:IGNORED_SHOWN],
            "findingsOmitted": sum(group["findings"] for group in groups[IGNORED_SHOWN:]),
            "expired": expired[:IGNORED_SHOWN],
            "expiredOmitted": max(0, len(expired) - IGNORED_SHOWN),
            "failure": self._rules.failure,
        }

    def _find(self, name: str, finding: Finding) -> list[Rule]:
        rules = self._rules.rules.get(name.upper(), ()) if self._rules else ()
        architecture = platform(finding)[1] if rules else ""
        return [rule for rule in rules if rule.is_about(self._request, architecture)]

    def _decide(
        self, rules: Sequence[Rule], package: VulnerablePackage | None, finding: Finding
    ) -> Rule | None:
        """The rule by which the package is ignored, or was until the rule's end."""
        expired = None
        for rule in rules:
            if rule.covers(package, finding):
                if not rule.ignore:
                    break
                if self._is_valid(rule):
                    return rule
                expired = expired or rule
        return expired

    def _is_valid(self, rule: Rule) -> bool:
        return rule.until is None or self._time < rule.until

"""Pure: counts the findings of one image in a single pass, each finding once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from scan_brief.findings.finding import (
    OTHER_SEVERITY,
    exploit_available,
    fix,
    in_use,
    needs_subscription,
    platform,
    severity,
)
from scan_brief.findings.layers import LayerTally
from scan_brief.findings.seen import Seen

if TYPE_CHECKING:
    from scan_brief.model import CountsBySeverity, Finding, Severity


class Tally:
    """What is counted of the findings that `count` passes on.

    A finding's identity is its ARN: pages can shift between two calls, so that one comes twice. One
    without an ARN cannot be recognized and always counts. exploitable: with known exploit code.
    fixable: with a fix for all or some packages; partly_fixable: of these, for some only;
    subscription_only: of the fixable ones, see finding.needs_subscription. platform, in_use: see
    finding.py. layers: see LayerTally.
    apart_from: a tally whose findings do not count in this one.
    """

    def __init__(self, apart_from: Tally | None = None) -> None:
        self.exploitable = 0
        self.fixable = 0
        self.partly_fixable = 0
        self.subscription_only = 0
        self.platform = ("", "")
        self.in_use = (-1, "")
        self.layers = LayerTally()
        self._counts: Counter[Severity] = Counter()
        self._seen: Seen = apart_from._seen if apart_from else Seen()

    @property
    def total(self) -> int:
        """Of every severity."""
        return self._counts.total()

    @property
    def counts(self) -> CountsBySeverity:
        """By severity; OTHER only if there is one."""
        counts: CountsBySeverity = {
            "CRITICAL": self._counts["CRITICAL"],
            "HIGH": self._counts["HIGH"],
            "MEDIUM": self._counts["MEDIUM"],
            "LOW": self._counts["LOW"],
            "INFORMATIONAL": self._counts["INFORMATIONAL"],
            "UNTRIAGED": self._counts["UNTRIAGED"],
        }
        if self._counts[OTHER_SEVERITY]:
            counts[OTHER_SEVERITY] = self._counts[OTHER_SEVERITY]
        return counts

    def count(
        self,
        findings: Iterable[Finding],
        is_apart: Callable[[Finding], bool] = lambda _: False,
    ) -> Iterator[Finding]:
        """Each finding that did not come before. is_apart: which ones do not count in this tally;
        each is asked for once.
        """
        for finding in findings:
            if self._is_new(finding) and not is_apart(finding):
                self.add(finding)
                yield finding

    def _is_new(self, finding: Finding) -> bool:
        arn = finding.get("findingArn")
        if not isinstance(arn, str) or not arn:
            return True
        return self._seen.add(arn)

    def add(self, finding: Finding) -> None:
        """Counts it, whether it came before or not."""
        self._counts[severity(finding)] += 1
        self.exploitable += exploit_available(finding)
        if fix(finding) in ("YES", "PARTIAL"):
            self.fixable += 1
            self.partly_fixable += fix(finding) == "PARTIAL"
            self.subscription_only += needs_subscription(finding)
        self.layers.add(finding)
        # In whatever order findings come, the same one is kept.
        self.platform = max(self.platform, platform(finding))
        self.in_use = max(self.in_use, in_use(finding))

"""Pure: decides which new findings are urgent, and gathers those of each image."""

# docs/decisions/0035-an-urgent-path.md gives the reasons.

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from scan_brief.findings.finding import identifier, platform, severity
from scan_brief.findings.ignore import Sieve
from scan_brief.findings.ignore_rules import IgnoreRules
from scan_brief.scan.finding_event import SeenFinding
from scan_brief.scan.request import ScanRequest
from scan_brief.text import clean

if TYPE_CHECKING:
    from scan_brief.model import BriefedImage, HeldBack, Severity, UrgentRequest

# Inspector sends an event for each later change of a finding too, for as long as it is open.
_NEW = timedelta(hours=24)
# What the first scan after a push found is in that scan's own brief.
_FIRST_SCAN = timedelta(hours=1)
# Of an image of which no number of tasks and pods is stated.
_IN_USE = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class UrgentFinding:
    """A vulnerability of an image. id: Inspector's, as briefs have it."""

    id: str
    severity: Severity
    known_exploited: bool


@dataclass(frozen=True, kw_only=True)
class UrgentImage:
    """findings: of different ids, the known exploited first."""

    request: ScanRequest
    architecture: str
    findings: Sequence[UrgentFinding]

    def name(self) -> str:
        """Of the execution that briefs it: the same for the same image and first finding."""
        return name_execution(self.request, self.findings[0].id)

    def make_request(self) -> UrgentRequest:
        """What the brief's execution starts with."""
        first, *others = self.findings
        return {
            "repository": self.request.repository,
            "imageDigest": self.request.digest,
            "urgent": {
                "id": first.id,
                "knownExploited": first.known_exploited,
                "others": len(others),
            },
        }

    def hold_back(self) -> list[HeldBack]:
        """What the next digest reports instead."""
        tags = self.request.tags
        image: BriefedImage = {
            "repository": self.request.repository,
            "digest": self.request.digest,
            "tag": tags[0] if tags else None,
            "tagsOmitted": max(0, len(tags) - 1),
            "architecture": clean(self.architecture) or None,
        }
        return [
            {
                "id": each.id,
                "severity": each.severity,
                "knownExploited": each.known_exploited,
                "image": image,
            }
            for each in self.findings
        ]


def find_quiet(seen: SeenFinding, rules: IgnoreRules | None) -> str:
    """Why the finding is not urgent, whatever it is; "" if it may be. Of what is not known yet, the
    answer is "" too.
    """
    facts = seen.facts
    if facts.status != "ACTIVE":
        return "not active"
    if facts.tell_use and not _is_in_use(seen):
        return "not in use"
    first = facts.first_observed
    if first and seen.at - first > _NEW:
        return "not new"
    if first and facts.pushed and first - facts.pushed < _FIRST_SCAN:
        return "found after the push"
    if Sieve(rules, seen.request, seen.at).takes(seen.finding):
        return "ignored"
    return ""


def _is_in_use(seen: SeenFinding) -> bool:
    facts = seen.facts
    if facts.in_use is not None:
        return facts.in_use > 0
    return facts.last_in_use is not None and seen.at - facts.last_in_use <= _IN_USE


def is_critical(seen: SeenFinding) -> bool:
    """Whether it is urgent without being known to be exploited."""
    return severity(seen.finding) == "CRITICAL"


def gather_images(urgent: Iterable[tuple[SeenFinding, bool]]) -> list[UrgentImage]:
    """By image, those with a known-exploited finding first. bool: whether it is known exploited."""
    images: dict[tuple[str, str], list[SeenFinding]] = {}
    found: dict[tuple[str, str], dict[str, UrgentFinding]] = {}
    for seen, exploited in urgent:
        key, name = (seen.request.repository, seen.request.digest), identifier(seen.finding)
        images.setdefault(key, []).append(seen)
        known = found.setdefault(key, {})
        # One vulnerability can be several findings, of several packages.
        if name not in known or severity(seen.finding) == "CRITICAL":
            known[name] = UrgentFinding(
                id=name, severity=severity(seen.finding), known_exploited=exploited
            )
    gathered = [
        UrgentImage(
            request=seen[0].request,
            architecture=platform(seen[0].finding)[1],
            findings=sorted(
                found[key].values(), key=lambda each: (not each.known_exploited, each.id)
            ),
        )
        for key, seen in images.items()
    ]
    return sorted(gathered, key=lambda image: not image.findings[0].known_exploited)


def name_execution(request: ScanRequest, name: str) -> str:
    """As workflow/shared/name_execution.jsonata does, of the kind `urgent`."""
    readable = re.sub(r"[^A-Za-z0-9_-]", "-", request.repository[-18:])
    identity = f"urgent|{request.repository_arn}|{request.digest}|{name}"
    return f"urgent-{readable}-{hashlib.sha256(identity.encode()).hexdigest()[:40]}"

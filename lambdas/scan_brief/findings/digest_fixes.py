"""Pure: which findings had no fix at the last digest, and have one now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.findings.delta import make_mark
from scan_brief.findings.digest_images import FoundImage, read_image
from scan_brief.findings.finding import (
    SEVERITY_ORDER,
    fix,
    fixed_in,
    identifier,
    packages,
    severity,
)
from scan_brief.text import clean

if TYPE_CHECKING:
    from scan_brief.model import Finding, FixArrived, VulnerablePackage

_MOST_MARKS = 100_000  # 800 KB
_MOST_FIXES = 2_000
_PACKAGE_CHARACTERS = 80


@dataclass
class _Arrived:
    worst: int
    fixed_in: str
    images: set[tuple[str, str]] = field(default_factory=set)


class Fixes:
    """marks: of findings without a fix, by repository, vulnerability and package; at first, those
    of the last digest. counts: whether what is found in an image counts.
    """

    def __init__(
        self, marks: Iterable[int], counts: Callable[[FoundImage, Finding], bool], now: datetime
    ) -> None:
        self.marks = set(marks)
        self._known = frozenset(self.marks)
        self._counts = counts
        self._now = now
        self._arrived: dict[tuple[str, str, str], _Arrived] = {}
        self._done: set[int] = set()

    def note(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Passes each finding on, and remembers those without a fix."""
        for finding in findings:
            if fix(finding) != "YES":
                self._note(finding)
            yield finding

    def add(self, findings: Iterable[Finding]) -> None:
        """Findings with a fix: those that had none have one now."""
        for finding in findings:
            image = read_image(finding, self._now)
            if image and self._counts(image, finding):
                for package in packages(finding):
                    self._add(image, finding, package)

    def take(self) -> list[FixArrived]:
        """The most severe first; from now on, they are no longer without a fix."""
        self.marks -= self._done
        ordered = sorted(
            self._arrived.items(),
            key=lambda entry: (entry[1].worst, -len(entry[1].images), entry[0]),
        )
        return [
            {
                "repository": repository,
                "id": name,
                "severity": SEVERITY_ORDER[arrived.worst],
                "package": package,
                "fixedIn": arrived.fixed_in,
                "images": len(arrived.images),
            }
            for (repository, name, package), arrived in ordered
        ]

    def _note(self, finding: Finding) -> None:
        image = read_image(finding, self._now)
        if image is None or not self._counts(image, finding):
            return
        for package in packages(finding):
            if fixed_in(package) is None and len(self.marks) < _MOST_MARKS:
                self.marks.add(_mark(image, finding, package))

    def _add(self, image: FoundImage, finding: Finding, package: VulnerablePackage) -> None:
        fixed, mark = fixed_in(package), _mark(image, finding, package)
        if fixed is None or mark not in self._known:
            return
        name = clean(package.get("name"), _PACKAGE_CHARACTERS)
        key = image.briefed["repository"], identifier(finding), name
        rank = SEVERITY_ORDER.index(severity(finding))
        if key not in self._arrived and len(self._arrived) >= _MOST_FIXES:
            return
        arrived = self._arrived.setdefault(key, _Arrived(rank, fixed))
        arrived.worst = min(arrived.worst, rank)
        arrived.images.add(image.key)
        self._done.add(mark)


def _mark(image: FoundImage, finding: Finding, package: VulnerablePackage) -> int:
    name = package.get("name")
    text = name if isinstance(name, str) else ""
    return make_mark(image.briefed["repository"], identifier(finding), text)

"""Pure: known-exploited findings that are open after their date in CISA's catalog."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from scan_brief.findings.digest_images import FoundImage, read_image
from scan_brief.findings.finding import identifier

if TYPE_CHECKING:
    from scan_brief.model import Finding, Overdue

_MOST_IDS = 100  # those of the last dates: older ones are in every digest before
_REPOSITORIES_SHOWN = 5


def choose_overdue(due: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Of the vulnerabilities by id, those whose date has passed. A date counts to its end."""
    passed = {name: day for name, day in due.items() if (at := _read(day)) and at < now.date()}
    last = sorted(passed, key=lambda name: (passed[name], name), reverse=True)[:_MOST_IDS]
    return {name: passed[name] for name in last}


def passed_since(day: str, since: datetime) -> bool:
    """Whether it had not passed at that time."""
    at = _read(day)
    return at is not None and at >= since.date()


class OpenFindings:
    """Where vulnerabilities are open. counts: whether what is found in an image counts."""

    def __init__(self, counts: Callable[[FoundImage, Finding], bool], now: datetime) -> None:
        self._counts = counts
        self._now = now
        self._images: dict[str, set[tuple[str, str]]] = {}

    def add(self, findings: Iterable[Finding]) -> None:
        """In any order."""
        for finding in findings:
            image = read_image(finding, self._now)
            if image and self._counts(image, finding):
                self._images.setdefault(identifier(finding), set()).add(image.key)

    def describe(self, due: Mapping[str, str]) -> list[Overdue]:
        """Those of these vulnerabilities that are open, the earliest date first."""
        return [
            self._describe(name, day)
            for name, day in sorted(due.items(), key=lambda entry: (entry[1], entry[0]))
            if name in self._images
        ]

    def _describe(self, name: str, day: str) -> Overdue:
        images = self._images[name]
        repositories = sorted({repository for repository, _ in images})
        return {
            "id": name,
            "dueDate": day,
            "repositories": repositories[:_REPOSITORIES_SHOWN],
            "repositoriesOmitted": len(repositories[_REPOSITORIES_SHOWN:]),
            "images": len(images),
        }


def _read(day: str) -> date | None:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None

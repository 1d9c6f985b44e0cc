"""Pure: which images count in a digest: the last pushed of each line, and those in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scan_brief.findings.changes import MemoryLost
from scan_brief.findings.finding import in_use, list_images, read_time
from scan_brief.text import clean

if TYPE_CHECKING:
    from scan_brief.model import BriefedImage, EcrImageDetails, Finding, Mark

_USED_LATELY = timedelta(days=7)  # a job of every week runs
_TAG_CHARACTERS = 128


@dataclass(frozen=True, slots=True)
class FoundImage:
    """An image as a finding names it. line: its platform and architecture. pushed: ISO 8601, or "".

    in_use: whether it runs, or ran lately.
    """

    briefed: BriefedImage
    platform: str
    line: str
    pushed: str
    in_use: bool
    tags: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Repository and digest."""
        return self.briefed["repository"], self.briefed["digest"]


def read_image(finding: Finding, now: datetime) -> FoundImage | None:
    """None for a finding that names no image."""
    for image in list_images(finding):
        repository, digest = clean(image.get("repositoryName"), 256), image.get("imageHash")
        if repository and isinstance(digest, str):
            return _read(image, repository, digest, was_used(*in_use(finding), now))
    return None


def _read(image: EcrImageDetails, repository: str, digest: str, used: bool) -> FoundImage:
    platform = clean(image.get("platform"), 60)
    architecture = clean(image.get("architecture"), 60)
    return FoundImage(
        describe_image(repository, digest, image.get("imageTags"), architecture),
        platform,
        f"{platform}/{architecture}",
        read_time(image.get("pushedAt")) or "",
        used,
        _read_tags(image.get("imageTags")),
    )


def describe_image(
    repository: str, digest: str, tags: object, architecture: str = ""
) -> BriefedImage:
    """tags: as Inspector sends them."""
    named = _read_tags(tags)
    return {
        "repository": repository,
        "digest": clean(digest, 80),
        "tag": named[0] if named else None,
        "tagsOmitted": len(named[1:]),
        "architecture": architecture or None,
    }


def _read_tags(tags: object) -> tuple[str, ...]:
    texts = [clean(tag, _TAG_CHARACTERS) for tag in tags] if isinstance(tags, list) else []
    return tuple(text for text in texts if text)


def was_used(count: int, last: str, now: datetime) -> bool:
    """count: of tasks and pods, -1 if not known. last: when it ran, ISO 8601, or ""."""
    return count > 0 or (bool(last) and now - datetime.fromisoformat(last) <= _USED_LATELY)


class LastPushed:
    """Which images of a repository were the last ones briefed, as far as the memory knows."""

    def __init__(self, list_marks: Callable[[str], Sequence[Mark]]) -> None:
        self._list_marks = list_marks
        self._known: dict[str, frozenset[str]] = {}
        self.lost = ""

    def find(self, repository: str) -> frozenset[str]:
        """Their digests; none if the memory knows none."""
        if repository not in self._known:
            try:
                marks = self._list_marks(repository)
            except MemoryLost as lost:
                self.lost, marks = str(lost), ()
            self._known[repository] = frozenset(mark["digest"] for mark in marks)
        return self._known[repository]

"""Pure: gathers new findings of many images in one pass, in memory that is bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.findings.digest_images import FoundImage, LastPushed, read_image
from scan_brief.findings.digest_windows import Windows
from scan_brief.findings.finding import SEVERITY_ORDER, arn, severity
from scan_brief.findings.ranking import Candidate, make_candidate
from scan_brief.findings.seen import Seen
from scan_brief.findings.upgrades import Need, Upgrades

if TYPE_CHECKING:
    from scan_brief.model import Finding, Severity

_MOST_IMAGES = 2_000
_MOST_BUCKETS = 8_000
_MOST_IDS = 100_000  # of all buckets together
_SPARE = 4  # vulnerabilities kept for each one that can be looked up


@dataclass(slots=True, eq=False)
class Bucket:
    """New findings of one image that the same upgrades close. first: the first as briefs rank.

    ids: how many of each vulnerability, as far as there is room.
    """

    findings: int = 0
    worst: int = len(SEVERITY_ORDER) - 1
    first: Candidate | None = None
    ids: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True, eq=False)
class ImageNews:
    """New findings of one image. buckets: by the identity of the need."""

    image: FoundImage
    counts: Counter[Severity] = field(default_factory=Counter)
    upgrades: Upgrades = field(default_factory=Upgrades)
    buckets: dict[int, Bucket] = field(default_factory=dict)

    def bucket_of(self, need: Need) -> Bucket | None:
        """None if the need has no finding here."""
        return self.buckets.get(id(need))


class News:
    """What is new. left_out: findings of images beyond those that are kept, by severity.

    most_lookups: how many vulnerabilities can be looked up. ignores: whether a finding of an image
    is ignored.
    """

    def __init__(
        self,
        windows: Windows,
        until: datetime,
        last_pushed: LastPushed,
        most_lookups: int,
        ignores: Callable[[FoundImage, Finding], bool] = lambda *_: False,
    ) -> None:
        self.images: dict[tuple[str, str], ImageNews] = {}
        self.left_out: Counter[Severity] = Counter()
        self._windows = windows
        self._until = until
        self._last_pushed = last_pushed
        self._most = _SPARE * max(most_lookups, 1)
        self._ignores = ignores
        self._seen = Seen()
        self._newest: dict[tuple[str, str], tuple[str, str]] = {}  # repository and line: key
        self._candidates: dict[str, Candidate] = {}
        self._buckets = 0
        self._ids = 0

    def add(self, findings: Iterable[Finding]) -> None:
        """In any order; one that comes twice counts once."""
        for finding in findings:
            image = read_image(finding, self._until)
            if image and self._is_reported(finding, image):
                self._add(finding, image)

    def take_candidates(self) -> list[Candidate]:
        """One for each vulnerability, the first as briefs rank them first."""
        return sorted(self._candidates.values(), key=lambda candidate: candidate.rank)

    def _is_reported(self, finding: Finding, image: FoundImage) -> bool:
        reported = self._is_new(finding, image) and self._counts(image)
        return reported and not self._ignores(image, finding)

    def _is_new(self, finding: Finding, image: FoundImage) -> bool:
        repository, at = image.briefed["repository"], finding.get("firstObservedAt")
        if not self._windows.has(repository) or not isinstance(at, datetime) or not at.tzinfo:
            return False
        within = self._windows.since(repository) <= at < self._until
        return within and self._seen.add(arn(finding) or repr(finding))

    def _counts(self, image: FoundImage) -> bool:
        repository, digest = image.key
        known = self._last_pushed.find(repository)
        if image.in_use or digest in known:
            return True
        return not known and self._is_newest(image)

    def _is_newest(self, image: FoundImage) -> bool:
        """Of those of its line so far. The one before no longer counts, unless it is in use."""
        place = image.key[0], image.line
        before = self._newest.get(place)
        if before in (None, image.key):
            self._newest[place] = image.key
            return True
        kept = self.images.get(before) if before else None
        if kept and (kept.image.pushed, kept.image.key[1]) > (image.pushed, image.key[1]):
            return False
        if kept and before:
            del self.images[before]
            self._buckets -= len(kept.buckets)
        self._newest[place] = image.key
        return True

    def _add(self, finding: Finding, image: FoundImage) -> None:
        news = self.images.get(image.key)
        full = self._buckets >= _MOST_BUCKETS
        if news is None and (full or len(self.images) >= _MOST_IMAGES):
            self.left_out[severity(finding)] += 1
            return
        if news is None:
            news = self.images[image.key] = ImageNews(image)
        news.counts[severity(finding)] += 1
        candidate = self._keep(make_candidate(finding))
        need = news.upgrades.add(finding)
        need.add_risk(-candidate.rank[1])
        bucket = news.buckets.get(id(need))
        if bucket is None:
            bucket = news.buckets[id(need)] = Bucket()
            self._buckets += 1
        bucket.findings += 1
        bucket.worst = min(bucket.worst, SEVERITY_ORDER.index(candidate.facts.severity))
        if candidate.id in bucket.ids or self._ids < _MOST_IDS:
            self._ids += candidate.id not in bucket.ids
            bucket.ids[candidate.id] += 1
        if bucket.first is None or candidate.rank < bucket.first.rank:
            bucket.first = candidate

    def _keep(self, candidate: Candidate) -> Candidate:
        """The finding of each vulnerability that ranks first; those that rank last are dropped."""
        known = self._candidates.get(candidate.id)
        if known is None or candidate.rank < known.rank:
            self._candidates[candidate.id] = candidate
        if len(self._candidates) > 2 * self._most:
            kept = self.take_candidates()[: self._most]
            self._candidates = {each.id: each for each in kept}
        return candidate

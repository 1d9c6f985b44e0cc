"""Pure: groups new findings by repository and by the upgrade that closes them, ranked as briefs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scan_brief.findings.advice import Advice
from scan_brief.findings.digest_news import Bucket, ImageNews
from scan_brief.findings.finding import SEVERITY_ORDER
from scan_brief.findings.plan import list_steps
from scan_brief.findings.ranking import Candidate, Rank
from scan_brief.findings.risk import estimate_risk
from scan_brief.findings.upgrades import Need, Owner, Part, PartFacts, Upgrades

if TYPE_CHECKING:
    from scan_brief.model import DigestGroup, Intelligence, Upgrade

_MOST_STEPS = 8  # upgrades of one repository and platform
_MOST_PLANS = 60  # repositories and platforms for which upgrades are chosen
_IDS_SHOWN = 5
_IMAGES_SHOWN = 5
_Found = list[tuple[ImageNews, Bucket]]


@dataclass(frozen=True)
class Groups:
    """listed: in their order. omitted: further groups; findings: in these."""

    listed: list[DigestGroup]
    omitted: int
    findings: int


class Grouping:
    """candidates: one for each vulnerability. known: what was looked up of them."""

    def __init__(self, candidates: Iterable[Candidate], known: Mapping[str, Intelligence]) -> None:
        self._plain = {candidate.id: candidate for candidate in candidates}
        self._informed = {name: each.inform(known) for name, each in self._plain.items()}
        self._exploited = {name for name, found in known.items() if found["knownExploited"]}
        self._known = known

    def count_exploited(self, images: Iterable[ImageNews]) -> int:
        """Findings whose vulnerability is known to be exploited."""
        return sum(
            self._count_exploited(bucket) for image in images for bucket in image.buckets.values()
        )

    def list_groups(self, images: Sequence[ImageNews], most: int) -> Groups:
        """At most `most` of them."""
        places: dict[tuple[str, str], list[ImageNews]] = {}
        for news in images:
            place = news.image.briefed["repository"], news.image.platform
            places.setdefault(place, []).append(news)
        ordered = sorted(
            places.items(), key=lambda entry: (self._rank(_list_buckets(entry[1])), entry[0])
        )
        ranked: list[tuple[Rank, DigestGroup]] = []
        for (repository, platform), same in ordered[:_MOST_PLANS]:
            for upgrade, found in self._divide(same, platform):
                ranked.append((self._rank(found), self._describe(repository, upgrade, found)))
        ranked.sort(key=lambda entry: (entry[0], entry[1]["repository"]))
        listed = [group for _, group in ranked[:most]]
        total = sum(bucket.findings for news in images for bucket in news.buckets.values())
        return Groups(
            listed,
            len(ranked[most:]) + len(ordered[_MOST_PLANS:]),
            total - sum(group["findings"] for group in listed),
        )

    def _divide(
        self, images: Sequence[ImageNews], platform: str
    ) -> Iterator[tuple[Upgrade | None, _Found]]:
        """Each upgrade with what it closes; at the end, with None, what none closes."""
        merged, found = Upgrades(), dict[frozenset[Owner], _Found]()
        for news in images:
            _merge_parts(merged.parts, news.upgrades.parts)
            for owners, need in news.upgrades.needs.items():
                bucket = news.bucket_of(need)
                if bucket:
                    _merge(merged.needs.setdefault(owners, Need()), need)
                    self._inform(merged.needs[owners], bucket)
                    found.setdefault(owners, []).append((news, bucket))
        for upgrade, closed in list_steps(merged, Advice(merged.parts, platform), _MOST_STEPS):
            yield upgrade, [entry for owners in closed for entry in found.pop(owners)]
        without = list(_list_without(images))
        if without:
            yield None, without

    def _inform(self, need: Need, bucket: Bucket) -> None:
        for name in self._exploited & bucket.ids.keys():
            for _ in range(bucket.ids[name]):
                need.add_known_exploited(name)
            plain, informed = self._plain.get(name), self._informed.get(name)
            if plain and informed:
                gain = estimate_risk(informed.facts) - estimate_risk(plain.facts)
                need.add_risk(gain * bucket.ids[name])

    def _describe(self, repository: str, upgrade: Upgrade | None, found: _Found) -> DigestGroup:
        names = {name for _, bucket in found for name in bucket.ids}
        first = sorted(names, key=lambda name: self._order(name, found))
        images = {news.image.key: news for news, _ in found}
        shown = sorted(
            images.values(),
            key=lambda news: (not news.image.in_use, _negate(news.image.pushed), news.image.key),
        )
        return {
            "repository": repository,
            "upgrade": upgrade,
            "findings": sum(bucket.findings for _, bucket in found),
            "knownExploited": sum(self._count_exploited(bucket) for _, bucket in found),
            "severity": SEVERITY_ORDER[min(bucket.worst for _, bucket in found)],
            "inUse": any(news.image.in_use for news in images.values()),
            "ids": first[:_IDS_SHOWN],
            "idsOmitted": len(first[_IDS_SHOWN:]),
            "images": [news.image.briefed for news in shown[:_IMAGES_SHOWN]],
            "imagesOmitted": len(shown[_IMAGES_SHOWN:]),
        }

    def _order(self, name: str, found: _Found) -> tuple[bool, object, str]:
        """What is known of it, as briefs rank; what was not kept comes after it."""
        informed = self._informed.get(name)
        if informed is None:
            first = next((b.first for _, b in found if b.first and b.first.id == name), None)
            informed = first.inform(self._known) if first else None
        return (False, informed.rank, name) if informed else (True, (), name)

    def _rank(self, found: _Found) -> Rank:
        """Of the first finding among them."""
        candidates = [bucket.first.inform(self._known) for _, bucket in found if bucket.first]
        exploited = (name for name in self._exploited & self._informed.keys())
        candidates += [
            self._informed[name]
            for name in exploited
            if any(name in bucket.ids for _, bucket in found)
        ]
        return min(candidate.rank for candidate in candidates)

    def _count_exploited(self, bucket: Bucket) -> int:
        return sum(bucket.ids[name] for name in self._exploited & bucket.ids.keys())


def _list_without(images: Iterable[ImageNews]) -> Iterator[tuple[ImageNews, Bucket]]:
    """What has no fix, or is of more packages than are kept."""
    for news in images:
        for need in (news.upgrades.without_fix, news.upgrades.overflow):
            bucket = news.bucket_of(need)
            if bucket:
                yield news, bucket


def _list_buckets(images: Iterable[ImageNews]) -> _Found:
    return [(news, bucket) for news in images for bucket in news.buckets.values()]


def _merge_parts(parts: dict[Part, PartFacts], more: Mapping[Part, PartFacts]) -> None:
    for part, facts in more.items():
        known = parts.setdefault(part, PartFacts())
        known.fixed_in |= facts.fixed_in
        known.findings += facts.findings
        known.incomplete |= facts.incomplete


def _merge(need: Need, other: Need) -> None:
    need.findings += other.findings
    need.risk += other.risk
    need.subscribed += other.subscribed


def _negate(text: str) -> tuple[int, ...]:
    """Sorts the latest time first."""
    return tuple(-ord(character) for character in text)

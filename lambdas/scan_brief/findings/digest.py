"""Pure: makes a digest, all that one tells an audience of what is new since the last one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.findings.digest_groups import Grouping
from scan_brief.findings.finding import OTHER_SEVERITY
from scan_brief.findings.reported import json_size
from scan_brief.scan.event_time import write_time
from scan_brief_common.limits import REPORT_BYTES

if TYPE_CHECKING:
    from scan_brief.findings.digest_news import ImageNews, News
    from scan_brief.findings.selection import Lookup
    from scan_brief.model import (
        CountsBySeverity,
        Digest,
        FixArrived,
        HeldBack,
        LookedUp,
        Overdue,
        Severity,
        UnwatchedImage,
    )
    from scan_brief.scan.request import Registry

_GROUPS = 30
_ENTRIES = 20  # of each other list


@dataclass
class Gathered:
    """What was gathered besides new findings, what matters most first.

    news: whether one of these lists has something that no digest had before.
    """

    fixes: list[FixArrived] = field(default_factory=list)
    overdue: list[Overdue] = field(default_factory=list)
    fell_out: list[UnwatchedImage] = field(default_factory=list)
    unscanned: list[UnwatchedImage] = field(default_factory=list)
    held_back: list[HeldBack] = field(default_factory=list)
    news: bool = False


@dataclass(frozen=True, kw_only=True)
class Span:
    """What a digest is about. audience: its id; lost: why the memory could not be read, or ""."""

    audience: str
    arns: Sequence[str]
    registry: Registry
    since: datetime
    until: datetime
    lost: str
    complete: bool


def build_digest(
    span: Span, news: News, lookup: Lookup | None, more: Gathered, *, all_quiet: bool
) -> Digest | None:
    """None if nothing is new and there is to be no message then. lookup: None if none was made."""
    images = list(news.images.values())
    counts = Counter(news.left_out)
    for image in images:
        counts.update(image.counts)
    if not (counts.total() or more.news or all_quiet):
        return None
    candidates = news.take_candidates()
    grouping = Grouping(candidates, lookup.found if lookup else {})
    groups = grouping.list_groups(images, _GROUPS)
    digest: Digest = {
        "digest": name_digest(span.audience, span.since),
        "since": write_time(span.since),
        "until": write_time(span.until),
        "memoryLost": span.lost or None,
        "account": span.registry.account,
        "region": span.registry.region,
        "partition": span.registry.partition,
        "arns": list(span.arns),
        "repositories": len({image.image.key[0] for image in images}),
        "images": len(images),
        "counts": _write_counts(counts),
        "total": counts.total(),
        "knownExploited": grouping.count_exploited(images),
        "lookedUp": _describe(lookup, images),
        "complete": span.complete,
        "allQuiet": not (counts.total() or more.news),
        "groups": groups.listed,
        "groupsOmitted": groups.omitted,
        "findingsOmitted": groups.findings + news.left_out.total(),
        "fixes": more.fixes[:_ENTRIES],
        "fixesOmitted": len(more.fixes[_ENTRIES:]),
        "overdue": more.overdue[:_ENTRIES],
        "overdueOmitted": len(more.overdue[_ENTRIES:]),
        "fellOut": more.fell_out[:_ENTRIES],
        "fellOutOmitted": len(more.fell_out[_ENTRIES:]),
        "unscanned": more.unscanned[:_ENTRIES],
        "unscannedOmitted": len(more.unscanned[_ENTRIES:]),
        "heldBack": more.held_back[:_ENTRIES],
        "heldBackOmitted": len(more.held_back[_ENTRIES:]),
        "remember": None,
    }
    return bound_digest(digest)


def bound_digest(digest: Digest, limit: int = REPORT_BYTES) -> Digest:
    """Drops the last groups, then images, until the digest fits, and counts them."""
    while digest["groups"] and json_size(digest) > limit:
        dropped = digest["groups"].pop()
        digest["groupsOmitted"] += 1
        digest["findingsOmitted"] += dropped["findings"]
    while digest["unscanned"] and json_size(digest) > limit:
        digest["unscanned"].pop()
        digest["unscannedOmitted"] += 1
    return digest


def name_digest(audience: str, since: datetime) -> str:
    """The same for the same window."""
    text = f"{audience}|{write_time(since)}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _describe(lookup: Lookup | None, images: Sequence[ImageNews]) -> LookedUp | None:
    if lookup is None:
        return None
    asked = total = 0
    for news in images:
        for bucket in news.buckets.values():
            total += bucket.findings
            asked += sum(bucket.ids[name] for name in lookup.asked & bucket.ids.keys())
    return lookup.describe(asked, total) if total else None


def _write_counts(counts: Counter[Severity]) -> CountsBySeverity:
    written: CountsBySeverity = {
        "CRITICAL": counts["CRITICAL"],
        "HIGH": counts["HIGH"],
        "MEDIUM": counts["MEDIUM"],
        "LOW": counts["LOW"],
        "INFORMATIONAL": counts["INFORMATIONAL"],
        "UNTRIAGED": counts["UNTRIAGED"],
    }
    if counts[OTHER_SEVERITY]:
        written[OTHER_SEVERITY] = counts[OTHER_SEVERITY]
    return written

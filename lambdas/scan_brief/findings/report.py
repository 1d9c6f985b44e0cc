"""Pure: makes the report, all that the workflow knows of one scan."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.findings.advice import Advice
from scan_brief.findings.agreement import (
    ANNOUNCED,
    compare,
    count_announced,
    count_findings,
    decide_settled,
    find_doubt,
    is_worth_asking,
    was_just_scanned,
)
from scan_brief.findings.changes import Comparison, Memory, compare_with_memory
from scan_brief.findings.delta import Footprint
from scan_brief.findings.finding import SEVERITY_ORDER
from scan_brief.findings.ignore import Sieve
from scan_brief.findings.ignore_rules import IgnoreRules
from scan_brief.findings.layers import Surroundings, describe_layers
from scan_brief.findings.plan import make_plan
from scan_brief.findings.selection import Lookups, NoLookups, Selection
from scan_brief.findings.tally import Tally
from scan_brief.findings.upgrades import Upgrades
from scan_brief.scan.request import ScanRequest
from scan_brief.settings import FetchSettings
from scan_brief.text import clean
from scan_brief_common.limits import REPORT_BYTES, TAGS_SHOWN

if TYPE_CHECKING:
    from scan_brief.model import (
        AnnouncedCounts,
        CountsBySeverity,
        Difference,
        Finding,
        Image,
        Kind,
        Report,
        Scan,
        Severity,
    )


@dataclass(frozen=True)
class Worst:
    """The highest severity, and how many findings of it are listed and were announced.

    announced is 0 if the event does not announce the severity, or has agreed with the list.
    """

    severity: Severity
    listed: int
    announced: int


def build_report(
    request: ScanRequest,
    findings: Iterable[Finding],
    settings: FetchSettings,
    attempt: int,
    *,
    now: datetime | None = None,
    list_suppressed: Callable[[], Iterable[Finding]] | None = None,
    is_complete: Callable[[], bool] = lambda: True,
    lookups: Lookups | None = None,
    ignore: IgnoreRules | None = None,
    surroundings: Surroundings | None = None,
    memory: Memory | None = None,
    on_memory_lost: Callable[[str], None] = lambda _: None,
) -> Report:
    """One pass over the findings of the request's image, in any order; attempt: from 1.

    now: None if it does not matter when the image was scanned. list_suppressed is called if
    suppressed findings would explain what the list lacks; is_complete after the last finding:
    whether every page was read. lookups: None to rank by the facts of ListFindings alone. ignore:
    None without a list of ignored findings. surroundings: None if nobody can be asked. memory: None
    to compare with no earlier brief; on_memory_lost is called with the reason.
    """
    tally, footprint = Tally(), Footprint()
    sieve = Sieve(ignore, request, _find_time(request, now))
    selection = Selection(settings.top_findings, lookups.most if lookups else 0)
    # An ignored finding is still there: it is not fixed.
    active = footprint.note(findings) if memory else findings
    selection.add(tally.count(active, sieve.takes))
    listed, ignored, complete = tally.counts, sieve.tally.counts, is_complete()
    suppressed = None
    if list_suppressed and is_worth_asking(request.announced, listed, ignored):
        suppressed = _count_suppressed(list_suppressed(), tally)
    just_scanned = was_just_scanned(request.scanned_at, now, settings)
    settled = decide_settled(
        request,
        listed,
        suppressed,
        ignored,
        just_scanned=just_scanned,
        # Reading as long as a function may, and again, would find no more.
        attempts_left=complete and attempt < settings.settle_attempts,
    )
    # A report that is not sent needs no lookup, nor does an image without findings.
    wanted = lookups if lookups and settled != "WAIT" and tally.total else None
    doubt = find_doubt(
        request, listed, suppressed, ignored, just_scanned=just_scanned, complete=complete
    )
    platform = max(tally.platform, sieve.tally.platform)
    image = _describe_image(request, platform)
    compared = Comparison()
    # What is not listed would look fixed.
    if memory and settled == "YES" and complete and not doubt:
        compared = compare_with_memory(memory, image, request.scanned_at, footprint)
    if compared.lost:
        on_memory_lost(compared.lost)
    around = surroundings if settled != "WAIT" and tally.total else None
    # Nor does it need a plan.
    upgrades = selection.upgrades if settled != "WAIT" else Upgrades()
    advice = Advice(upgrades.parts, platform[0])
    chosen = selection.choose(wanted or NoLookups(), compared.is_new, advice.of_package)
    report: Report = {
        "scan": _describe_scan(request),
        "image": image,
        "counts": listed,
        "total": tally.total,
        "knownExploited": chosen.known_exploited,
        "exploitable": tally.exploitable,
        "fixable": tally.fixable,
        "subscriptionOnly": tally.subscription_only,
        "lookedUp": chosen.describe(tally.total) if wanted else None,
        "layers": describe_layers(tally.layers, around) if around else None,
        "clusters": around.find_clusters() if around else None,
        "suppressed": suppressed,
        "ignored": sieve.describe(),
        "announced": request.announced,
        "complete": complete,
        "settled": settled,
        "unconfirmed": doubt,
        "attempt": attempt,
        "waitSeconds": settings.settle_wait_seconds,
        "plan": make_plan(upgrades, advice),
        "topFindings": chosen.top,
        "topFindingsOmitted": 0,
        "changes": compared.changes,
        "remember": compared.mark,
    }
    return bound_report(report)


def decide_kind(report: Report) -> Kind:
    """CLEAR only for an image that was seen to be clean; UNCONFIRMED if that is in doubt.

    FINDINGS also if findings are only announced, suppressed or ignored.
    """
    announced = report["announced"]
    if report["total"] or count_findings(report["suppressed"]) or count_findings(_ignored(report)):
        return "FINDINGS"
    if announced and count_announced(announced):
        return "FINDINGS"
    return "UNCONFIRMED" if report["unconfirmed"] else "CLEAR"


def list_differences(report: Report) -> list[Difference]:
    """What the event announced next to what Inspector lists, if the two differ."""
    return compare(report["announced"], report["counts"], report["suppressed"], _ignored(report))


def list_counts(counts: CountsBySeverity | None) -> list[tuple[Severity, int]]:
    """Every severity that has a count, the highest first; nothing of None."""
    return [(name, counts[name]) for name in SEVERITY_ORDER if name in counts] if counts else []


def list_announced(announced: AnnouncedCounts | None) -> list[tuple[Severity, int]]:
    """What the event itself announced by severity; it never has LOW and the others."""
    return [(name, announced[name]) for name in ANNOUNCED] if announced else []


def find_worst(report: Report) -> Worst | None:
    """The highest severity listed or, while findings are missing, announced and not ignored."""
    listed = dict(list_counts(report["counts"]))
    ignored = dict(list_counts(_ignored(report)))
    missing = report["settled"] != "YES"
    announced = dict(list_announced(report["announced"] if missing else None))
    for name in SEVERITY_ORDER:
        left = max(0, announced.get(name, 0) - ignored.get(name, 0))
        worst = Worst(name, listed.get(name, 0), left)
        if worst.listed or worst.announced:
            return worst
    return None


def bound_report(report: Report, limit: int = REPORT_BYTES) -> Report:
    """Drops the last of the top findings until the report fits, and counts them."""
    while report["topFindings"] and json_size(report) > limit:
        report["topFindings"].pop()
        report["topFindingsOmitted"] += 1
    return report


def json_size(value: object) -> int:
    """Bytes as JSON with every non-ASCII character escaped: the largest that a runtime writes."""
    return len(json.dumps(value))


def _ignored(report: Report) -> CountsBySeverity | None:
    ignored = report["ignored"]
    return ignored["counts"] if ignored else None


def _find_time(request: ScanRequest, now: datetime | None) -> datetime | None:
    return datetime.fromisoformat(request.scanned_at) if request.scanned_at else now


def _count_suppressed(findings: Iterable[Finding], active: Tally) -> CountsBySeverity:
    """A finding that was suppressed while the pages were read counts as active."""
    tally = Tally(apart_from=active)
    for _ in tally.count(findings):
        pass
    return tally.counts


def _describe_scan(request: ScanRequest) -> Scan:
    return {
        "status": clean(request.status, 60) or None,
        "scannedAt": request.scanned_at,
        "byHand": request.by_hand,
    }


def _describe_image(request: ScanRequest, codes: tuple[str, str]) -> Image:
    platform, architecture = codes
    tags = [tag for tag in (clean(tag, 128) for tag in request.tags) if tag]
    return {
        "repository": request.repository,
        "repositoryArn": request.repository_arn,
        "digest": request.digest,
        "tags": tags[:TAGS_SHOWN],
        "tagsOmitted": max(0, len(tags) - TAGS_SHOWN),
        "account": request.registry.account,
        "region": request.registry.region,
        "partition": request.registry.partition,
        "platform": clean(platform, 60) or None,
        "architecture": clean(architecture, 60) or None,
    }

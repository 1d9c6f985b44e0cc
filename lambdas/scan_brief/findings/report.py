"""Pure: makes the report, all that the workflow knows of one scan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.findings.advice import Advice
from scan_brief.findings.agreement import (
    decide_settled,
    find_doubt,
    is_worth_asking,
    was_just_scanned,
)
from scan_brief.findings.changes import Comparison, Memory, compare_with_memory
from scan_brief.findings.delta import Footprint
from scan_brief.findings.ignore import Sieve
from scan_brief.findings.ignore_rules import IgnoreRules
from scan_brief.findings.layers import Surroundings, describe_layers, list_layers
from scan_brief.findings.plan import make_plan
from scan_brief.findings.reported import json_size
from scan_brief.findings.selection import Lookups, NoLookups, Selection
from scan_brief.findings.tally import Tally
from scan_brief.findings.upgrades import Upgrades
from scan_brief.scan.request import ScanRequest
from scan_brief.settings import FetchSettings
from scan_brief.text import clean
from scan_brief_common.limits import REPORT_BYTES, TAGS_SHOWN

if TYPE_CHECKING:
    from scan_brief.model import (
        CountsBySeverity,
        Finding,
        Image,
        Report,
        Scan,
    )


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
    found = tally.total + sieve.tally.total
    wanted = lookups if lookups and settled != "WAIT" and found else None
    doubt = find_doubt(
        request, listed, suppressed, ignored, just_scanned=just_scanned, complete=complete
    )
    platform = max(tally.platform, sieve.tally.platform)
    image = describe_image(request, platform, max(tally.in_use, sieve.tally.in_use))
    compared = Comparison()
    # What is not listed would look fixed.
    if memory and settled == "YES" and complete and not doubt:
        compared = compare_with_memory(memory, image, request.scanned_at, footprint)
    if compared.lost:
        on_memory_lost(compared.lost)
    around = surroundings if settled != "WAIT" and tally.total else None
    if around:
        around.prepare(list_layers(tally.layers))
    # Nor does it need a plan.
    upgrades = selection.upgrades if settled != "WAIT" else Upgrades()
    advice = Advice(upgrades.parts, platform[0])
    chosen = selection.choose(
        wanted or NoLookups(), compared.is_new, advice.of_package, sieve.arns if wanted else None
    )
    report: Report = {
        "scan": _describe_scan(request),
        "image": image,
        "urgent": request.urgent,
        "counts": listed,
        "total": tally.total,
        "knownExploited": chosen.known_exploited,
        "criticalKnownExploited": chosen.critical_known_exploited,
        "exploitable": tally.exploitable,
        "fixable": tally.fixable,
        "partlyFixable": tally.partly_fixable,
        "subscriptionOnly": tally.subscription_only,
        "lookedUp": chosen.describe(tally.total) if wanted and tally.total else None,
        "layers": describe_layers(tally.layers, around) if around else None,
        "clusters": around.find_clusters() if around else None,
        "suppressed": suppressed,
        "ignored": sieve.describe(chosen.lookup if wanted else None),
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


def bound_report(report: Report, limit: int = REPORT_BYTES) -> Report:
    """Drops the last of the top findings until the report fits, and counts them."""
    while report["topFindings"] and json_size(report) > limit:
        report["topFindings"].pop()
        report["topFindingsOmitted"] += 1
    return report


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


def describe_image(
    request: ScanRequest, codes: tuple[str, str] = ("", ""), in_use: tuple[int, str] = (0, "")
) -> Image:
    """codes: Inspector's codes of platform and architecture, "" if not known. in_use: how many
    tasks and pods, and when last.
    """
    platform, architecture = codes
    running, last_used = in_use
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
        "inUseCount": running if running >= 0 else None,
        "lastInUseAt": last_used or None,
    }

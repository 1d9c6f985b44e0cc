"""Summaries and digests (hypothesis strategies): hostile texts, and numbers that add up."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from scan_brief.findings.finding import SEVERITY_ORDER
from scan_brief.model import Digest, Summary
from scan_brief.text import clean
from tests.unit.brief.hostile import hostile_texts
from tests.unit.brief.several_cases import COUNTS, make_digest, make_image, sum_up

# Of texts that were cleaned where they were read, as those of a report are.
TEXTS = hostile_texts(most=300).map(lambda text: clean(text, 120) or "x")
NUMBERS = st.integers(0, 10**6)
REPOSITORIES = st.sampled_from(("team-a/app", "team-b/app")) | TEXTS
REASONS = st.sampled_from(("ACCESS_DENIED", "SCAN_ELIGIBILITY_EXPIRED", "A_NEW_REASON")) | TEXTS
TIMES = st.just("2026-01-30T23:00:00Z")
UPGRADES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(("PACKAGE", "OS", "TOOL", "ARCHIVE")),
        "name": TEXTS,
        "packages": st.lists(
            st.fixed_dictionaries({"name": TEXTS, "version": st.none() | TEXTS}),
            min_size=1,
            max_size=3,
        ),
        "packagesOmitted": NUMBERS,
        "findings": NUMBERS,
        "knownExploited": NUMBERS,
        "knownExploitedIds": st.lists(TEXTS, max_size=5),
        "riskShare": st.just(0.0),
        "subscription": st.none() | TEXTS,
        "subscriptionFindings": NUMBERS,
    }
)
NAMED = {
    "repository": REPOSITORIES,
    "digest": st.integers(0, 99).map(lambda number: f"sha256:{number:064x}"),
    "tag": st.none() | st.sampled_from(("1.4.2", "latest")) | TEXTS,
    "tagsOmitted": NUMBERS,
    "architecture": st.sampled_from((None, "amd64", "arm64")) | TEXTS,
}
IMAGES = st.fixed_dictionaries(NAMED)


@st.composite
def gathered_images(draw: st.DrawFn) -> Any:
    members: dict[str, Any] = draw(IMAGES)
    severity = draw(st.sampled_from((*SEVERITY_ORDER, "NONE", "UNKNOWN", "NOT_SCANNED")))
    if severity == "NOT_SCANNED":
        told: dict[str, Any] = {
            "kind": "NOT_SCANNED",
            "severity": "UNKNOWN",
            "notScanned": draw(REASONS),
        }
        return make_image(1, **members, counts=COUNTS, total=0, **told)
    counts = COUNTS | ({severity: draw(st.integers(1, 999))} if severity in SEVERITY_ORDER else {})
    total = sum(counts.values())
    attacked = draw(st.integers(0, min(total, 2)))
    told = {"counts": counts, "total": total, "knownExploited": attacked}
    return make_image(1, **members, severity=severity, **told)


@st.composite
def summaries(draw: st.DrawFn) -> Summary:
    shared = UPGRADES.flatmap(
        lambda upgrade: NUMBERS.map(lambda images: {**upgrade, "images": images})
    )
    omitted = st.fixed_dictionaries({"repository": REPOSITORIES, "images": st.integers(1, 999)})
    return sum_up(
        draw(st.lists(gathered_images(), max_size=6)),
        imagesOmitted=draw(st.lists(omitted, max_size=12)),
        upgrades=draw(st.lists(shared, max_size=7)),
        upgradesOmitted=draw(NUMBERS),
    )


GROUPS = st.fixed_dictionaries(
    {
        "repository": REPOSITORIES,
        "upgrade": st.none() | UPGRADES,
        "findings": st.integers(1, 999),
        "knownExploited": st.integers(0, 2),
        "severity": st.sampled_from((*SEVERITY_ORDER, "UNKNOWN")),
        "inUse": st.booleans(),
        "ids": st.lists(TEXTS, max_size=7),
        "idsOmitted": NUMBERS,
        "images": st.lists(IMAGES, max_size=7),
        "imagesOmitted": NUMBERS,
    }
)
FIXES = st.fixed_dictionaries(
    {
        "repository": REPOSITORIES,
        "id": TEXTS,
        "severity": st.sampled_from(SEVERITY_ORDER),
        "package": TEXTS,
        "fixedIn": st.none() | TEXTS,
        "images": NUMBERS,
    }
)
OVERDUE = st.fixed_dictionaries(
    {
        "id": TEXTS,
        "dueDate": st.dates().map(str) | TEXTS,
        "repositories": st.lists(REPOSITORIES, max_size=7),
        "repositoriesOmitted": NUMBERS,
        "images": NUMBERS,
    }
)
UNWATCHED = st.fixed_dictionaries({**NAMED, "reason": REASONS, "lastScannedAt": st.none() | TIMES})
HELD_BACK = st.fixed_dictionaries(
    {
        "id": TEXTS,
        "severity": st.sampled_from(SEVERITY_ORDER),
        "knownExploited": st.booleans(),
        "image": IMAGES,
    }
)
LISTS = {
    "groups": GROUPS,
    "fixes": FIXES,
    "overdue": OVERDUE,
    "fellOut": UNWATCHED,
    "unscanned": UNWATCHED,
    "heldBack": HELD_BACK,
}


@st.composite
def digests(draw: st.DrawFn) -> Digest:
    members: dict[str, Any] = {}
    for name, entries in LISTS.items():
        members[name] = draw(st.lists(entries, max_size=2))
        members[f"{name}Omitted"] = draw(st.sampled_from((0, 3)))
    return make_digest(
        **members,
        findingsOmitted=draw(st.integers(0, 99)),
        complete=draw(st.booleans()),
        memoryLost=draw(st.none() | TEXTS),
        allQuiet=draw(st.booleans()),
    )


def make_longer(digest: Digest, times: int) -> Digest:
    """With each list repeated, and numbers that add up."""
    given: dict[str, Any] = {**digest}
    lists = {name: given[name] * times for name in LISTS}
    total = digest["findingsOmitted"] + sum(group["findings"] for group in lists["groups"])
    counts = COUNTS | {"LOW": total}
    return {**digest, **lists, "total": total, "counts": counts}  # type: ignore[typeddict-item]

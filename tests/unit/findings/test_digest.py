"""digest: what is new, on images that count, by repository and upgrade, in bounded memory."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from scan_brief.findings.digest import bound_digest, name_digest
from scan_brief.findings.reported import json_size
from scan_brief.model import Digest
from scan_brief_common.limits import REPORT_BYTES
from tests.unit.builders import make_package
from tests.unit.findings.digest_builders import (
    MIDDLE,
    SINCE,
    UNTIL,
    gather,
    make_digest,
    mark_of,
    new_finding,
)
from tests.unit.findings.test_selection import EXPLOITED

SECOND = timedelta(seconds=1)
USED = {"inUseCount": 2}


def tell(*findings: dict[str, Any], **given: Any) -> Digest:
    digest = make_digest(gather(findings, **given))
    assert digest
    return digest


def test_only_what_is_first_observed_in_the_window_is_new() -> None:
    times = [SINCE - SECOND, SINCE, MIDDLE, UNTIL - SECOND, UNTIL]
    digest = tell(*(new_finding(number, at=at) for number, at in enumerate(times)))
    assert (digest["total"], digest["counts"]["HIGH"]) == (3, 3)
    assert [name for group in digest["groups"] for name in group["ids"]] == [
        f"CVE-2026-{number:04}" for number in (1, 2, 3)
    ]


@pytest.mark.parametrize("at", [None, 1769902200.0, "2026-02-01", UNTIL.replace(tzinfo=None)])
def test_a_time_that_cannot_be_read_is_not_new(at: Any) -> None:
    assert make_digest(gather([new_finding(1, firstObservedAt=at)])) is None


def test_a_finding_that_comes_twice_counts_once() -> None:
    assert tell(*[new_finding(1)] * 3)["total"] == 1


def test_the_last_briefed_images_count_and_those_in_use() -> None:
    digest = tell(
        new_finding(1, image="a"),
        new_finding(2, image="b"),
        new_finding(3, image="c", of_image=USED),
        new_finding(4, image="d", of_image={"inUseCount": 0, "lastInUseAt": MIDDLE}),
        new_finding(5, image="e", of_image={"lastInUseAt": MIDDLE - timedelta(days=8)}),
        marks=[mark_of("sample-app", "b")],
    )
    assert (digest["total"], digest["images"]) == (3, 3)


@pytest.mark.parametrize("order", [1, -1])
def test_without_a_memory_the_last_pushed_image_of_each_line_counts(order: int) -> None:
    old, new = MIDDLE - timedelta(days=3), MIDDLE
    findings = [
        new_finding(1, image="a", of_image={"pushedAt": old}),
        new_finding(2, image="b", of_image={"pushedAt": new}),
        new_finding(3, image="c", of_image={"pushedAt": old, "architecture": "amd64"}),
        new_finding(4, image="d", of_image={"pushedAt": old, **USED}),
        new_finding(5, image="a", of_image={"pushedAt": old}),
    ]
    digest = tell(*findings[::order])
    assert (digest["total"], digest["images"]) == (3, 3)


def test_nothing_new_is_no_digest_unless_all_quiet_is_asked_for() -> None:
    news = gather([])
    assert make_digest(news) is None
    quiet = make_digest(news, all_quiet=True)
    assert quiet
    assert (quiet["allQuiet"], quiet["total"]) == (True, 0)
    assert not tell(new_finding(1))["allQuiet"]


def group_names(digest: Digest) -> list[tuple[str, str, int]]:
    return [
        (
            group["repository"],
            group["upgrade"]["name"] if group["upgrade"] else "",
            group["findings"],
        )
        for group in digest["groups"]
    ]


def test_findings_are_grouped_by_repository_and_upgrade() -> None:
    digest = tell(
        new_finding(1, "team/a", severity="LOW", **of("lodash")),
        new_finding(2, "team/a", severity="LOW", **of("lodash")),
        new_finding(3, "team/b", severity="CRITICAL", **of("lodash")),
        new_finding(4, "team/a", severity="CRITICAL", **of("express")),
        new_finding(5, "team/a", severity="MEDIUM", fixAvailable="NO", **of("left-pad")),
    )
    assert sorted(group_names(digest)) == [
        ("team/a", "", 1),
        ("team/a", "express", 1),
        ("team/a", "lodash", 2),
        ("team/b", "lodash", 1),
    ]
    first = digest["groups"][0]
    assert (first["severity"], first["ids"]) == ("CRITICAL", ["CVE-2026-0003"])
    assert (digest["findingsOmitted"], digest["repositories"]) == (0, 2)


def test_what_is_known_to_be_exploited_comes_first() -> None:
    news = gather(
        [
            new_finding(1, "team/a", severity="CRITICAL"),
            new_finding(2, "team/b", severity="LOW"),
            new_finding(2, "team/b", image="b", severity="LOW", of_image=USED),
        ]
    )
    digest = make_digest(news, {"CVE-2026-0002": EXPLOITED})
    assert digest
    assert digest["knownExploited"] == 2
    first = digest["groups"][0]
    assert (first["repository"], first["knownExploited"], first["inUse"]) == ("team/b", 2, True)
    assert first["upgrade"]
    assert first["upgrade"]["knownExploitedIds"] == ["CVE-2026-0002"]
    assert digest["lookedUp"] == {"findings": 2, "left": 1, "failure": None}


def test_50_000_new_findings_are_kept_within_bounds_and_all_counted() -> None:
    def stream() -> Any:
        for number in range(50_000):
            yield new_finding(
                number,
                f"team/app-{number % 500}",
                "0123456789"[number // 500 % 10],
                of_image=USED,
            )

    news = gather(stream(), most_lookups=200)
    assert (len(news.images), len(news.take_candidates())) <= (2_000, 1_600)
    digest = make_digest(news, {})
    assert digest
    assert digest["total"] == 50_000
    reported = sum(group["findings"] for group in digest["groups"])
    assert reported + digest["findingsOmitted"] == 50_000
    assert digest["groupsOmitted"] > 0
    assert json_size(digest) <= REPORT_BYTES
    assert (digest["repositories"], digest["images"]) == (500, 2_000)


def of(name: str) -> dict[str, Any]:
    """The package is one of its own."""
    path = f"srv/{name}/package-lock.json"
    package = make_package(name, packageManager="NPM", filePath=path)
    return {"details": {"vulnerablePackages": [package]}}


def test_groups_of_all_repositories_are_ranked_together() -> None:
    digest = tell(
        new_finding(1, "team/a", severity="CRITICAL", **of("x")),
        new_finding(2, "team/a", severity="LOW", **of("y")),
        new_finding(3, "team/b", severity="HIGH", **of("x")),
    )
    assert [group["severity"] for group in digest["groups"]] == ["CRITICAL", "HIGH", "LOW"]


def test_a_group_has_the_rank_of_what_is_exploited_in_it() -> None:
    news = gather(
        [
            new_finding(1, "team/a", severity="CRITICAL"),
            new_finding(2, "team/b", severity="HIGH"),
            new_finding(3, "team/b", severity="LOW"),
        ]
    )
    digest = make_digest(news, {"CVE-2026-0003": EXPLOITED})
    assert digest
    first = digest["groups"][0]
    assert (first["repository"], first["ids"]) == ("team/b", ["CVE-2026-0003", "CVE-2026-0002"])


def test_a_digest_is_cut_to_its_size_and_counts_what_it_drops() -> None:
    digest = tell(*(new_finding(number, f"app-{number}") for number in range(20)))
    whole = json_size(digest)
    cut = bound_digest(digest, whole // 2)
    assert json_size(cut) <= whole // 2
    assert 0 < len(cut["groups"]) < 20
    assert len(cut["groups"]) + cut["groupsOmitted"] == 20
    assert sum(group["findings"] for group in cut["groups"]) + cut["findingsOmitted"] == 20


def test_the_same_window_has_the_same_id() -> None:
    assert name_digest("a", SINCE) == name_digest("a", SINCE)
    assert len({name_digest("a", SINCE), name_digest("b", SINCE), name_digest("a", UNTIL)}) == 3

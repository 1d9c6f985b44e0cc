"""digest: what is new, on images that count, by repository and upgrade, in bounded memory."""

from __future__ import annotations

import tracemalloc
from datetime import timedelta
from typing import Any

import pytest

from scan_brief.findings.digest import name_digest
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
    assert digest["total"] == 3
    assert digest["counts"]["HIGH"] == 3


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
    def of(name: str, manager: str = "NPM") -> dict[str, Any]:
        path = f"srv/{name}/package-lock.json"
        package = make_package(name, packageManager=manager, filePath=path)
        return {"details": {"vulnerablePackages": [package]}}

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


def test_50_000_new_findings_take_bounded_memory_and_a_bounded_digest() -> None:
    def stream() -> Any:
        for number in range(50_000):
            yield new_finding(
                number,
                f"team/app-{number % 500}",
                "0123456789"[number % 10],
                of_image=USED,
                severity="CRITICAL" if number == 49_999 else "HIGH",
            )

    tracemalloc.start()
    news = gather(stream())
    digest = make_digest(news, {})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert digest
    assert digest["total"] == 50_000
    reported = sum(group["findings"] for group in digest["groups"])
    assert reported + digest["findingsOmitted"] == 50_000
    assert digest["groupsOmitted"] > 0
    assert json_size(digest) <= REPORT_BYTES
    assert digest["groups"][0]["severity"] == "CRITICAL"
    assert peak < 60_000_000


def test_the_same_window_has_the_same_id() -> None:
    assert name_digest("a", SINCE) == name_digest("a", SINCE)
    assert len({name_digest("a", SINCE), name_digest("b", SINCE), name_digest("a", UNTIL)}) == 3

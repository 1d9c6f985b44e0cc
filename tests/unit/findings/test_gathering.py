"""What a brief leaves for a summary, and what the summary adds up."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan_brief.findings.gathered import gather_notice, gather_report
from scan_brief.findings.gathering import Gathering
from scan_brief.findings.older import complete_report
from scan_brief.findings.shared_plan import MOST_UPGRADES, SharedPlan, find_newest
from scan_brief.model import Gathered, Summary, Upgrade, Window
from scan_brief_cdk.route import Route, write_gathering_routes
from tests.shapes import assert_shape
from tests.unit.builders import REGISTRY, make_finding, make_report

WINDOW: Window = {
    "window": "summary-1",
    "startedAt": "2026-01-31T23:30:00Z",
    "endsAt": "2026-01-31T23:35:00Z",
    "limit": 20,
    "repository": "sample-app",
    "language": None,
    "timeZone": None,
}
BY_WATCHDOG = {"repository": "sample-app", "watchdog": {"reason": ""}}


def report(**members: Any) -> Any:
    return {**make_report([make_finding()]), **members}


@pytest.mark.parametrize(
    ("members", "request_", "gathered"),
    [
        ({}, {"id": "event"}, True),
        ({"scan": {"status": None, "scannedAt": None, "byHand": True}}, {"repository": "x"}, False),
        ({"scan": {"status": None, "scannedAt": None, "byHand": True}}, BY_WATCHDOG, True),
        ({"criticalKnownExploited": 1}, {"id": "event"}, False),
        ({"knownExploited": 1}, {"id": "event"}, True),
    ],
)
def test_what_is_always_sent_by_itself(
    members: dict[str, Any], request_: object, gathered: bool
) -> None:
    assert (gather_report(report(**members), request_) is not None) == gathered


def test_a_report_of_older_code_is_rather_sent() -> None:
    old = report(knownExploited=2)
    del old["criticalKnownExploited"]
    old["counts"]["CRITICAL"] = 1
    assert gather_report(complete_report(old), None) is None
    old["counts"]["CRITICAL"] = 0
    assert gather_report(complete_report(old), None) is not None


def test_an_image_that_was_not_scanned_is_gathered() -> None:
    image = make_report()["image"]
    left = gather_notice(
        {"notice": "NOT_SCANNED", "image": image, "reason": "X", "pushedAt": None, "minutes": 30}
    )
    assert_shape(left, Gathered)
    assert (left["image"]["notScanned"], left["image"]["severity"]) == ("X", "UNKNOWN")


def leave(number: int, **members: Any) -> Gathered:
    left = gather_report(report(), None)
    assert left
    image: Any = {**left["image"], "digest": f"sha256:{number:064x}", **members}
    return {**left, "image": image}


def add_up(gathered: list[Gathered], routes: tuple[Route, ...] = ()) -> Summary:
    gathering = Gathering()
    for each in gathered:
        gathering.add(each)
    summary = gathering.make_summary(WINDOW, REGISTRY, write_gathering_routes(routes))
    assert_shape(summary, Summary)
    return summary


def test_the_images_are_added_up_and_the_worst_come_first() -> None:
    low = leave(1, severity="LOW", counts={**leave(1)["image"]["counts"], "HIGH": 0, "LOW": 1})
    attacked = leave(2, severity="LOW", knownExploited=1)
    unknown = leave(4, severity="UNKNOWN", notScanned="X", total=0)
    summary = add_up([low, leave(3), unknown, attacked])
    order = [int(image["digest"][-2:], 16) for image in summary["images"]]
    assert order == [2, 4, 3, 1]
    facts = {name: summary[name] for name in ("total", "findings", "attacked", "notScanned")}
    assert facts == {"total": 4, "findings": 3, "attacked": 1, "notScanned": 1}
    assert (summary["counts"]["HIGH"], summary["counts"]["LOW"]) == (3, 1)
    assert (summary["startedAt"], summary["endedAt"]) == (WINDOW["startedAt"], WINDOW["endsAt"])


def test_the_attribute_has_the_routes_of_a_repository_and_then_the_repositories() -> None:
    prefix = "arn:aws:ecr:eu-central-1:111122223333:repository/"
    routes = (Route(name="sample-app"), Route(name="*"), Route(name="other"))
    summary = add_up([leave(1)], routes)
    assert summary["arns"] == [f"{prefix}sample-app", f"{prefix}*"]


@given(order=st.randoms(), number=st.integers(1, 12))
def test_the_order_of_the_briefs_makes_no_difference(order: random.Random, number: int) -> None:
    gathered = [
        leave(n, severity=("LOW", "HIGH", "NONE")[n % 3], knownExploited=n % 2)
        for n in range(number)
    ]
    shuffled = [*gathered]
    order.shuffle(shuffled)
    assert add_up(shuffled) == add_up(gathered)


@pytest.mark.parametrize(
    ("versions", "newest"),
    [
        (["1.2.3"], "1.2.3"),
        (["1.2.3", "1.2.3"], "1.2.3"),
        (["1.2.9", "1.2.10"], "1.2.10"),
        (["1.2.3", None], None),
        ([None], None),
        ([], None),
        (["1.1.1n-0+deb11u4", "1.1.1n-0+deb11u5"], "1.1.1n-0+deb11u5"),
        # Semantic Versioning and Debian disagree about what comes before a release.
        (["2.0.0-rc1", "2.0.0"], None),
        (["no version", "1.0"], None),
    ],
)
def test_the_newest_version_is_named_if_its_order_is_known(
    versions: list[str | None], newest: str | None
) -> None:
    assert find_newest(versions) == newest


UPGRADES: Any = st.builds(
    lambda kind, name, findings, known, version: {
        "kind": kind,
        "name": name,
        "packages": [{"name": name or "libc6", "version": version}],
        "packagesOmitted": 0,
        "findings": findings,
        "knownExploited": min(known, findings),
        "knownExploitedIds": [f"CVE-2026-{known:04}"] if known and findings else [],
        "riskShare": 0.5,
        "subscription": None,
        "subscriptionFindings": 0,
    },
    st.sampled_from(["PACKAGE", "OS", "RUNTIME"]),
    st.sampled_from(["", "log4j-core", "openssl", "go"]),
    st.integers(0, 9),
    st.integers(0, 3),
    st.sampled_from(["1.2.9", "1.2.10", "1.10.0", None]),
)


@given(
    plans=st.lists(
        st.lists(UPGRADES, max_size=5, unique_by=lambda each: (each["kind"], each["name"])),
        max_size=12,
    ),
    order=st.randoms(),
)
def test_the_shared_plan_has_every_upgrade_of_every_image(
    plans: list[list[Upgrade]], order: random.Random
) -> None:
    shared = SharedPlan()
    order.shuffle(plans)
    for plan in plans:
        shared.add(plan)
    every, left = shared.list_upgrades(most=1_000)
    assert left == 0
    for total in ("findings", "knownExploited"):
        assert sum(u[total] for u in every) == sum(u[total] for plan in plans for u in plan)
    assert sum(upgrade["images"] for upgrade in every) == sum(map(len, plans))
    assert [u["images"] for u in every] == sorted((u["images"] for u in every), reverse=True)
    shown, omitted = shared.list_upgrades()
    assert (shown, omitted) == (every[:MOST_UPGRADES], max(0, len(every) - MOST_UPGRADES))
    for upgrade in every:
        own = [
            u
            for plan in plans
            for u in plan
            if (u["kind"], u["name"]) == (upgrade["kind"], upgrade["name"])
        ]
        versions = {package["version"] for u in own for package in u["packages"]}
        (package,) = upgrade["packages"]
        assert package["version"] in versions | {None}
        assert None not in versions or package["version"] is None

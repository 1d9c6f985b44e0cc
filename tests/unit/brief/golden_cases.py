"""The scans whose briefs are in goldens/: for each name, the brief in a language."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scan_brief.findings.ignore_rules import read_rules
from scan_brief.findings.report import build_report
from scan_brief.model import Brief, Clusters, Layers
from scan_brief.scan.request import read_request
from tests.unit.brief.fallback_cases import FALLBACK_CASES
from tests.unit.brief.notice_cases import NOTICE_CASES
from tests.unit.brief.several_cases import SEVERAL_CASES
from tests.unit.builders import (
    DIGEST,
    REGISTRY,
    SCANNED_AT,
    make_brief,
    make_counts,
    make_event,
    make_finding,
    make_formatter,
    make_image,
    make_package,
    make_report,
    make_request,
    make_settings,
)
from tests.unit.fake_memory import FakeMemory
from tests.unit.findings.test_selection import EXPLOITED, FakeLookups

ZONES = {"en": "UTC", "ja": "Asia/Tokyo"}
BY_HAND = {"repository": "sample-app", "imageTag": "latest"}
HOSTILE = (
    "</b>\r\nSubject: all clear\u202e `x` *b* [go](https://evil.example) <!channel> {{ 7*7 }} ${A}"
    " \x1b[31m\U000e0041"
)

OPENSSL = make_finding(
    1,
    description="An issue was found in OpenSSL 3.0. A certificate can make it write past a buffer.",
    severity="CRITICAL",
    exploitAvailable="YES",
    epss={"score": 0.9432},
    inspectorScore=9.8,
    details={
        "vulnerablePackages": [
            make_package(
                "openssl",
                epoch=1,
                release="4.el9",
                fixedInVersion="1:3.0.7-27.el9",
                remediation="dnf update openssl",
            ),
            make_package("openssl-libs", epoch=1, release="4.el9", fixedInVersion="1:3.0.7-27.el9"),
        ]
    },
)
NPM = "usr/local/lib/node_modules/npm/node_modules"
JAR = "app/app.jar/BOOT-INF/lib"


def make_part(name: str, path: str, manager: str, command: str, **members: Any) -> dict[str, Any]:
    return make_package(name, filePath=path, packageManager=manager, remediation=command, **members)


PARTS = [
    make_finding(
        number,
        description=f"{part['name']} reads too much. It can crash.",
        details={"vulnerabilityId": f"NSWG-ECO-{number}", "vulnerablePackages": [part]},
    )
    for number, part in enumerate(
        [
            make_part("tar", f"{NPM}/tar/package.json", "NODEPKG", "npm install tar@3.0.2"),
            make_part("ini", f"{NPM}/ini/package.json", "NODEPKG", "npm install ini@3.0.2"),
            make_part("golang.org/x/net", "usr/local/bin/gosu", "GOBINARY", "go get x/net"),
            make_part("org.a:core", f"{JAR}/core-3.0.1.jar", "JAR", "Update core to 3.0.2"),
            make_part(
                "urllib3",
                "usr/lib/python3/dist-packages/urllib3",
                "PYTHONPKG",
                "pip install urllib3",
            ),
            make_part(
                "ws", "srv/node_modules/next/node_modules/ws", "NODEPKG", "npm install ws@3.0.2"
            ),
            make_part("wheel", "x/site-packages/pip/_vendor/wheel", "PIP", "pip install wheel"),
            make_part("lodash", "srv/package-lock.json", "NPM", "Update lodash to 3.0.2"),
            make_part(
                "lodash",
                "srv/package-lock.json",
                "NPM",
                "Update lodash to 3.0.10",
                fixedInVersion="3.0.10",
            ),
        ],
        start=1,
    )
]
SUBSCRIPTION = make_finding(
    1,
    description="curl can send a password to another host.",
    details={
        "vulnerablePackages": [
            make_package(
                name,
                version="7.35.0",
                release="1ubuntu2.20",
                fixedInVersion="0:7.35.0-1ubuntu2.20+esm11",
                remediation=f"apt update && apt install --only-upgrade {name}",
            )
            for name in ("curl", "libcurl3")
        ]
    },
    resources=[make_image("UBUNTU_14_04", "amd64")],
)
SEVEN, EIGHT = make_finding(7), make_finding(8)
SEVERAL = [
    OPENSSL,
    make_finding(
        2, epss={"score": 0.0004}, details={"cvss": [{"baseScore": 7.5, "version": "3.1"}]}
    ),
    make_finding(
        3,
        fixAvailable="NO",
        details={"vulnerablePackages": [make_package("libtiff5", fixedInVersion="NotAvailable")]},
    ),
    make_finding(
        4,
        severity="MEDIUM",
        fixAvailable="PARTIAL",
        details={
            "vulnerabilityId": "GHSA-35jh-r3h4-6jhm",
            "vulnerablePackages": [
                make_package(f"lodash.{name}")
                for name in ("merge", "set", "template", "zip", "has")
            ],
        },
    ),
    make_finding(
        5,
        severity="LOW",
        fixAvailable=None,
        details={"vulnerabilityId": None},
        title="IN1-JS-X - x",
    ),
    make_finding(6, severity="UNTRIAGED", details={"vulnerablePackages": None}),
]


def by_hand(findings: list[dict[str, Any]], **members: Any) -> Callable[[str], Brief]:
    """The brief that a person asked for, a second after the scan."""
    request = make_request(by_hand=True, tag="latest", **members)
    report = build_report(
        request, findings, make_settings(), 4, now=datetime(2026, 1, 31, 23, 30, 1, tzinfo=UTC)
    )
    return lambda language: make_formatter(language, ZONES[language]).format(
        {"request": BY_HAND, "report": report}
    )


def event_with(counts: dict[str, int] | None, **detail: Any) -> dict[str, Any]:
    return make_event({"finding-severity-counts": counts, **detail})


def hostile_finding() -> dict[str, Any]:
    package = make_package(
        HOSTILE,
        version=HOSTILE,
        fixedInVersion=HOSTILE,
        filePath=HOSTILE,
        remediation="apt install x <!channel> `x` [go](https://evil.example)",
    )
    return make_finding(
        7, details={"vulnerabilityId": HOSTILE, "vulnerablePackages": [package]}, title=HOSTILE
    )


def from_event(
    counts: dict[str, int] | None,
    findings: list[dict[str, Any]],
    suppressed: list[dict[str, Any]] | None = None,
    *,
    complete: bool = True,
    detail: dict[str, Any] | None = None,
) -> Callable[[str], Brief]:
    """The brief after the last of four attempts."""
    event = event_with(counts, **(detail or {}))
    report = build_report(
        read_request(event, REGISTRY),
        findings,
        make_settings(),
        4,
        list_suppressed=lambda: suppressed or [],
        is_complete=lambda: complete,
    )
    return lambda language: make_formatter(language, ZONES[language]).format(
        {"request": event, "report": report}
    )


def with_ignored(
    counts: dict[str, int],
    findings: list[dict[str, Any]],
    *entries: dict[str, Any],
    lookups: FakeLookups | None = None,
) -> Callable[[str], Brief]:
    """The brief with a list of ignored findings."""
    event = event_with(counts)
    rules = read_rules(json.dumps({"entries": entries}), len(entries) or 1)
    report = build_report(
        read_request(event, REGISTRY),
        findings,
        make_settings(),
        4,
        list_suppressed=list,
        ignore=rules,
        lookups=lookups,
    )
    return lambda language: make_formatter(language, ZONES[language]).format(
        {"request": event, "report": report}
    )


def ignore(number: int, until: str | None = None, reason: str = "") -> dict[str, Any]:
    ids = [f"CVE-2026-{number:04}"]
    nothing: dict[str, Any] = {"images": [], "purls": [], "paths": []}
    everywhere = {"ignore": True, "repositories": ["*"]}
    return {"ids": ids, **nothing, **everywhere, "until": until, "reason": reason}


def changed(
    before: list[dict[str, Any]] | None,
    now: list[dict[str, Any]],
    *,
    digest: str = "sha256:" + "b" * 64,
    lost: bool = False,
) -> Callable[[str], Brief]:
    """The brief that follows the one of `before`; None: there is none."""
    memory = FakeMemory(*(["list_marks"] if lost else []))
    if before is not None:
        earlier = make_request(scanned_at="2026-01-30T08:00:00Z", digest=digest)
        memory.move_on(build_report(earlier, before, make_settings(), 1, memory=memory))
    report = build_report(make_request(), now, make_settings(), 1, memory=memory)
    return lambda language: make_formatter(language, ZONES[language]).format(
        {"request": make_event(), "report": report}
    )


def urgent(
    name: str, *, exploited: bool = False, others: int = 0, tags: tuple[str, ...] = ("latest",)
) -> Callable[[str], Brief]:
    """A brief that is sent at once, and compared with the one before."""
    request = {
        "repository": "sample-app",
        "imageDigest": DIGEST,
        "urgent": {"id": name, "knownExploited": exploited, "others": others},
    }
    memory = FakeMemory()
    earlier = make_request(scanned_at="2026-01-30T08:00:00Z")
    memory.move_on(build_report(earlier, SEVERAL[1:], make_settings(), 1, memory=memory))
    asked = replace(
        read_request(request, REGISTRY), tags=tags, scanned_at=SCANNED_AT, status="SUCCESSFUL"
    )
    report = build_report(asked, SEVERAL, make_settings(), 1, memory=memory)
    return lambda language: make_formatter(language, ZONES[language]).format(
        {"request": request, "report": report}
    )


NINE = {"CRITICAL": 1, "HIGH": 2, "MEDIUM": 3, "TOTAL": 9}
SIX = {"CRITICAL": 1, "HIGH": 2, "MEDIUM": 1, "TOTAL": 6}
TAGS = {"image-tags": ["latest", "production", "1", "1.4", "1.4.2", "main-3f2a91c"]}
LAYERS: Layers = {
    "listed": [
        {
            "hash": "sha256:" + "ebdd32a03c0f5bebfe3fa5db3b0c74133c2a643c2de685647f3022258989811a",
            "findings": 315,
            "sharedBy": 7,
            "repositories": ["team/api", "team/shop", "team/web"],
            "owner": "platform team <#ops>",
        },
        {
            "hash": "sha256:" + "a" * 64,
            "findings": 4,
            "sharedBy": 0,
            "repositories": [],
            "owner": "nobody else",
        },
        {
            "hash": "sha256:" + "b" * 64,
            "findings": 1,
            "sharedBy": 1,
            "repositories": ["one"],
            "owner": None,
        },
    ],
    "omitted": 0,
    "sharedFindings": 316,
    "ownFindings": 4,
    "partial": False,
    "failure": None,
}
CLUSTERS: Clusters = {
    "listed": [
        {"service": "ECS", "name": "prod", "running": 3, "lastInUse": "2026-01-31T21:29:00Z"},
        {"service": "EKS", "name": "dev", "running": 1, "lastInUse": "2026-01-31T23:30:01Z"},
        {"service": "EKS", "name": "old", "running": None, "lastInUse": "2026-01-01T00:00:00Z"},
        {"service": "ECS", "name": "older", "running": 0, "lastInUse": None},
    ],
    "omitted": 1,
    "failure": None,
}
NO_LAYERS: Layers = {**LAYERS, "listed": [], "sharedFindings": 0, "failure": "DENIED"}
NO_CLUSTERS: Clusters = {"listed": [], "omitted": 0, "failure": "THROTTLED"}


def with_surroundings(layers: Layers, clusters: Clusters) -> Callable[[str], Brief]:
    report = make_report(SEVERAL, announced=make_counts(1, 2, 1, TOTAL=6))
    report = {**report, "layers": layers, "clusters": clusters}
    return lambda language: make_brief(report, language, ZONES[language])


# A fallback brief has fewer members than Brief.
CASES: dict[str, Callable[[str], Any]] = {
    "findings": from_event(SIX, SEVERAL),
    "one_finding": from_event({"CRITICAL": 1, "TOTAL": 1}, [OPENSSL]),
    "several_tags": from_event(SIX, SEVERAL, detail=TAGS),
    "index_child": from_event(SIX, SEVERAL, detail={"image-tags": None}),
    "parts_of_something": from_event({"HIGH": 9, "TOTAL": 9}, PARTS),
    "subscription_past_support": from_event({"HIGH": 1, "TOTAL": 1}, [SUBSCRIPTION]),
    "by_hand": by_hand(SEVERAL, tags=("latest", "1.4.2"), status="SCAN_IN_PROGRESS"),
    "urgent": urgent("CVE-2026-0001", exploited=True),
    "urgent_with_others": urgent("GHSA-35jh-r3h4-6jhm", others=12, tags=("1.4.2", "latest")),
    "urgent_hostile": urgent(HOSTILE, exploited=True),
    "clear": from_event({"TOTAL": 0}, [], detail=TAGS),
    "incomplete": from_event({**NINE, "TOTAL": 903}, SEVERAL),
    "incomplete_none_listed": from_event(NINE, []),
    "severities_differ": from_event({"CRITICAL": 3, "HIGH": 1, "TOTAL": 6}, SEVERAL),
    "more_than_announced": from_event({"CRITICAL": 1, "HIGH": 1, "TOTAL": 2}, SEVERAL),
    "some_suppressed": from_event({**SIX, "HIGH": 4, "TOTAL": 8}, SEVERAL, [SEVEN, EIGHT]),
    "all_suppressed": from_event({"HIGH": 2, "TOTAL": 2}, [], [SEVEN, EIGHT]),
    "suppressed_and_missing": from_event({"HIGH": 3, "TOTAL": 4}, [], [SEVEN, EIGHT]),
    "some_ignored": with_ignored(
        {**SIX, "HIGH": 4, "TOTAL": 8},
        [*SEVERAL, SEVEN, EIGHT],
        ignore(1, "2026-06-30T00:00:00+00:00", f"no TLS here {HOSTILE}"),
        ignore(8),
        ignore(2, "2025-12-31T00:00:00+00:00", "a fix was promised"),
    ),
    "all_ignored": with_ignored({"HIGH": 2, "TOTAL": 2}, [SEVEN, EIGHT], ignore(7), ignore(8)),
    "ignored_and_exploited": with_ignored(
        {"HIGH": 3, "TOTAL": 3},
        [SEVEN, EIGHT, make_finding(9)],
        ignore(7, reason="no TLS here"),
        ignore(8, reason="not reached"),
        lookups=FakeLookups({"CVE-2026-0007": EXPLOITED}, most=2),
    ),
    "ignored_and_missing": with_ignored(
        {"CRITICAL": 1, "HIGH": 3, "TOTAL": 5}, [SEVEN, EIGHT], ignore(7)
    ),
    "ignore_list_broken": with_ignored({"HIGH": 1, "TOTAL": 1}, [SEVEN]),
    "not_all_read": from_event({**NINE, "TOTAL": 903}, SEVERAL, complete=False),
    "not_all_read_without_counts": from_event(None, SEVERAL, complete=False),
    "unconfirmed_no_counts": from_event(None, []),
    "unconfirmed_not_complete": from_event({"TOTAL": 0}, [], detail={"scan-status": "SCAN_FAILED"}),
    "unconfirmed_just_scanned": by_hand([], tags=("latest",), status="SUCCESSFUL"),
    "unconfirmed_not_all_read": from_event({"TOTAL": 0}, [], complete=False),
    "hostile_finding": from_event(
        {"HIGH": 1, "TOTAL": 1},
        [hostile_finding()],
        detail={"image-tags": [HOSTILE], "scan-status": HOSTILE},
    ),
    "unknown_severity": from_event(
        {"TOTAL": 2}, [make_finding(8, severity="CATASTROPHIC"), make_finding(9)]
    ),
    "layers_and_clusters": with_surroundings(LAYERS, CLUSTERS),
    "layers_and_clusters_unknown": with_surroundings(NO_LAYERS, NO_CLUSTERS),
    "first_image": changed(None, SEVERAL),
    "changed": changed([*SEVERAL[1:4], *PARTS], SEVERAL),
    "changed_in_the_same_image": changed(SEVERAL[1:], SEVERAL, digest=DIGEST),
    "nothing_changed": changed(SEVERAL, SEVERAL, digest=DIGEST),
    "memory_lost": changed(None, SEVERAL, lost=True),
    **NOTICE_CASES,
    **SEVERAL_CASES,
    **FALLBACK_CASES,
}

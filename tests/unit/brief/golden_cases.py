"""The scans whose briefs are in goldens/: for each name, the brief in a language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scan_brief.findings.report import build_report
from scan_brief.model import Brief
from scan_brief.scan.request import read_request
from tests.unit.brief.fallback_cases import FALLBACK_CASES
from tests.unit.builders import (
    REGISTRY,
    make_event,
    make_finding,
    make_formatter,
    make_package,
    make_request,
    make_settings,
)

ZONES = {"en": "UTC", "ja": "Asia/Tokyo"}
BY_HAND = {"repository": "sample-app", "imageTag": "latest"}
HOSTILE = (
    "</b>\r\nSubject: all clear\u202e `x` *b* [go](https://evil.example) <!channel> {{ 7*7 }} ${A}"
    " \x1b[31m\U000e0041"
)

OPENSSL = make_finding(
    1,
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


def format_event(event: dict[str, Any], findings: list[dict[str, Any]], language: str) -> Brief:
    """The brief after the last of four attempts."""
    report = build_report(read_request(event, REGISTRY), findings, make_settings(), 4)
    return make_formatter(language, ZONES[language]).format({"request": event, "report": report})


def format_by_hand(language: str) -> Brief:
    request = make_request(
        by_hand=True, tag="latest", tags=("latest", "1.4.2"), status="SCAN_IN_PROGRESS"
    )
    report = build_report(request, SEVERAL, make_settings(), 1)
    return make_formatter(language, ZONES[language]).format({"request": BY_HAND, "report": report})


def event_with(counts: dict[str, int] | None, **detail: Any) -> dict[str, Any]:
    return make_event({"finding-severity-counts": counts, **detail})


def hostile_finding() -> dict[str, Any]:
    package = make_package(HOSTILE, version=HOSTILE, fixedInVersion=HOSTILE, remediation=HOSTILE)
    return make_finding(
        7, details={"vulnerabilityId": HOSTILE, "vulnerablePackages": [package]}, title=HOSTILE
    )


def from_event(
    counts: dict[str, int] | None, findings: list[dict[str, Any]], **detail: Any
) -> Callable[[str], Brief]:
    return lambda language: format_event(event_with(counts, **detail), findings, language)


NINE = {"CRITICAL": 1, "HIGH": 2, "MEDIUM": 3, "TOTAL": 9}
SIX = {"CRITICAL": 1, "HIGH": 2, "MEDIUM": 1, "TOTAL": 6}
# A fallback brief has fewer members than Brief.
CASES: dict[str, Callable[[str], Any]] = {
    "findings": from_event(SIX, SEVERAL),
    "one_finding": from_event({"CRITICAL": 1, "TOTAL": 1}, [OPENSSL]),
    "clear": from_event({"TOTAL": 0}, []),
    "clear_without_counts": from_event(None, []),
    "incomplete": from_event({**NINE, "TOTAL": 903}, SEVERAL),
    "incomplete_none_listed": from_event(NINE, []),
    "no_tags": from_event(SIX, SEVERAL, **{"image-tags": None}),
    "by_hand": format_by_hand,
    "hostile_finding": from_event(
        {"HIGH": 1, "TOTAL": 1},
        [hostile_finding()],
        **{"image-tags": [HOSTILE], "scan-status": HOSTILE},
    ),
    "unknown_severity": from_event(
        {"TOTAL": 2}, [make_finding(8, severity="CATASTROPHIC"), make_finding(9)]
    ),
    **FALLBACK_CASES,
}

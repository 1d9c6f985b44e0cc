"""ignore: what the settings' list takes out of a brief, and that nothing else does."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scan_brief.findings.finding import SEVERITIES
from scan_brief.findings.ignore_rules import IgnoreRules, read_rules
from scan_brief.findings.report import build_report
from scan_brief.findings.reported import decide_kind, find_worst, json_size, list_differences
from scan_brief.model import Report
from scan_brief_common.limits import REPORT_BYTES
from tests.shapes import assert_shape
from tests.unit.builders import (
    DIGEST,
    SCANNED_AT,
    make_brief,
    make_counts,
    make_finding,
    make_package,
    make_request,
    make_settings,
)
from tests.unit.findings.test_selection import EXPLOITED, FakeLookups

SCANNED = datetime.fromisoformat(SCANNED_AT)
ONE = "CVE-2026-0001"


def entry(*ids: str, **members: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"images": [], "purls": [], "paths": [], "until": None, "reason": ""}
    everywhere = {"ignore": True, "repositories": ["*"]}
    return {"ids": list(ids or (ONE,)), **plain, **everywhere, **members}


def rules(*entries: dict[str, Any]) -> IgnoreRules | None:
    return read_rules(json.dumps({"entries": entries}), len(entries))


def report_of(
    findings: list[dict[str, Any]],
    *entries: dict[str, Any],
    ignore: IgnoreRules | None = None,
    suppressed: list[dict[str, Any]] | None = None,
    attempt: int = 4,
    lookups: FakeLookups | None = None,
    **request: Any,
) -> Report:
    report = build_report(
        make_request(**request),
        findings,
        make_settings(),
        attempt,
        list_suppressed=lambda: suppressed or [],
        ignore=ignore or rules(*entries),
        lookups=lookups,
    )
    assert_shape(report, Report)
    return report


def ignored(findings: list[dict[str, Any]], *entries: dict[str, Any], **request: Any) -> int:
    found = report_of(findings, *entries, **request)["ignored"]
    assert found is not None
    return found["total"]


def of(*packages: dict[str, Any], **members: Any) -> list[dict[str, Any]]:
    return [make_finding(details={"vulnerablePackages": list(packages)}, **members)]


SCOPED = make_package("@a/core", packageManager="NODEPKG", filePath="srv/node_modules/@a/core/x")
MAVEN = make_package("org.a:core", version="1.2", packageManager="JAR", filePath="app/a.jar/b.jar")
DEB = make_package("openssl", epoch=1, release="4", packageManager="OS")
EXACT = make_package("x", purl="pkg:npm/%40a/core@1.2?os=linux")


@pytest.mark.parametrize(
    ("package", "purl", "matches"),
    [
        (SCOPED, "pkg:npm/%40a/core", True),
        (SCOPED, "pkg:npm/@a/core@3.0.1", True),
        (SCOPED, "pkg:npm/core", False),
        (SCOPED, "pkg:pypi/%40a/core", False),
        (MAVEN, "pkg:maven/org.a/core@1.2", True),
        (MAVEN, "pkg:maven/org.a/core@1.3", False),
        (MAVEN, "pkg:maven/core", False),
        (DEB, "pkg:deb/debian/openssl", True),
        (DEB, "pkg:deb/ubuntu/openssl", False),  # the image is a Debian
        (DEB, "pkg:rpm/openssl", True),
        (DEB, "pkg:npm/openssl", False),
        (DEB, "pkg:deb/debian/openssl@1:3.0.1-4", True),
        (DEB, "pkg:deb/debian/openssl@3.0.1-4", True),
        (DEB, "pkg:deb/debian/openssl@3.0.1-5", False),
        (DEB, "pkg:deb/debian/openss", False),
        (make_package("My_Pkg", packageManager="PIP"), "pkg:pypi/my-pkg", True),
        (make_package("openssl"), "pkg:deb/debian/openssl", True),  # no manager is stated
        (EXACT, "pkg:npm/%40a/core", True),
        (EXACT, "pkg:npm/%40a/core@1.3", False),
        (EXACT, "pkg:npm/%40a/core@1.2?os=linux&arch=arm64", True),
        (EXACT, "pkg:npm/%40a/core?os=windows", False),
        (EXACT, "pkg:npm/x", False),
        (make_package("openssl", purl="no purl"), "pkg:deb/debian/openssl", True),
    ],
)
def test_a_package_is_matched_by_its_url_or_else_by_name_version_and_manager(
    package: dict[str, Any], purl: str, matches: bool
) -> None:
    assert ignored(of(package), entry(purls=["pkg:npm/other", purl])) == matches


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("app/a.jar/b.jar", "app/a.jar/b.jar", True),
        ("app/*", "app/a.jar/b.jar", False),
        ("app/**", "app/a.jar/b.jar", True),
        ("**/b.jar", "app/a.jar/b.jar", True),
        ("**/b.jar", "b.jar", True),
        ("/app/?.jar/b.jar", "app/a.jar/b.jar", True),
        ("app/a.jar", "app/a.jar/b.jar", False),
        ("app/aXjar/b.jar", "app/a.jar/b.jar", False),
        ("**", None, False),
    ],
)
def test_a_path_is_matched_by_its_pattern(pattern: str, path: str | None, matches: bool) -> None:
    package = {**make_package(), **({"filePath": path} if path else {})}
    assert ignored(of(package), entry(paths=[pattern])) == matches


@pytest.mark.parametrize(
    ("image", "matches"),
    [
        ("pkg:oci/sample-app", True),
        ("pkg:oci/sample", False),
        (f"pkg:oci/sample-app@{DIGEST}", True),
        (f"pkg:oci/sample-app@{DIGEST.replace(':', '%3A')}", True),
        (f"pkg:oci/sample-app@sha256:{'f' * 64}", False),
        ("pkg:oci/sample-app?tag=latest", True),
        ("pkg:oci/sample-app?tag=1", False),
        ("pkg:oci/sample-app?arch=aarch64", True),
        ("pkg:oci/sample-app?arch=amd64", False),
        *(
            (f"pkg:oci/sample-app?repository_url={host}/team/sample-app", host.startswith("1111"))
            for host in (
                "111122223333.dkr.ecr.eu-central-1.amazonaws.com",
                "444455556666.dkr.ecr.eu-central-1.amazonaws.com",
            )
        ),
    ],
)
def test_an_image_is_matched_by_repository_digest_tag_and_architecture(
    image: str, matches: bool
) -> None:
    finding = [make_finding()]
    repository = {"repository": "team/sample-app"}
    assert ignored(finding, entry(images=[image]), **repository) == matches


def test_a_finding_is_ignored_only_with_all_of_its_packages() -> None:
    both = of(make_package("a"), make_package("b"))
    a, b = (entry(purls=[f"pkg:npm/{name}"]) for name in "ab")
    assert ignored(both, a) == 0
    assert ignored(both, a, b) == 1
    assert ignored(of(), entry()) == 1
    assert ignored(of(), a) == 0
    assert ignored([make_finding()], entry("CVE-2026-0002")) == 0
    assert ignored([make_finding()], entry("GHSA-x", ONE.lower())) == 1
    assert ignored([make_finding(details={"vulnerabilityId": None}, title=ONE)], entry()) == 0


@pytest.mark.parametrize(("seconds", "valid"), [(-1, False), (0, False), (1, True)])
def test_an_entry_ends_by_the_time_of_the_scan(seconds: int, valid: bool) -> None:
    until = (SCANNED + timedelta(seconds=seconds)).isoformat()
    report = report_of([make_finding()], entry(until=until, reason="later"))
    found = report["ignored"]
    assert found is not None
    assert (found["total"], report["total"]) == (int(valid), int(not valid))
    end = until.replace("+00:00", "Z")
    group = {"id": ONE, "findings": 1, "knownExploited": False, "until": end, "reason": "later"}
    assert (found["groups"], found["expired"]) == (([group], []) if valid else ([], [group]))


def test_the_first_end_counts_and_a_valid_entry_replaces_an_expired_one() -> None:
    past, soon, late = ((SCANNED + timedelta(days=n)).isoformat() for n in (-1, 1, 9))
    a, b = (make_package(name) for name in "ab")
    entries = [entry(purls=["pkg:npm/a"], until=late), entry(purls=["pkg:npm/b"], until=soon)]
    found = report_of(of(a, b), *entries)["ignored"]
    assert found is not None
    assert found["groups"][0]["until"] == soon.replace("+00:00", "Z")
    for order in ((entry(until=past), entry()), (entry(), entry(until=past))):
        assert ignored(of(a, b), *order) == 1
    assert ignored(of(a, b), entries[0], entry(purls=["pkg:npm/b"], until=past)) == 0
    assert ignored(of(a), entry(until=late), scanned_at=None) == 0  # nobody knows when


def test_a_later_statement_takes_an_earlier_one_back() -> None:
    back = entry(ignore=False)
    assert ignored([make_finding()], entry(), back) == 0
    assert ignored([make_finding()], back, entry()) == 1
    other = entry(ignore=False, purls=["pkg:npm/other"])
    assert ignored([make_finding()], entry(), other) == 1


SEVERAL = [
    make_finding(number, severity=severity)
    for number, severity in enumerate(["CRITICAL", "HIGH", "HIGH", "MEDIUM", "LOW"], 1)
]
ANNOUNCED = make_counts(1, 2, 1, TOTAL=5)


def test_ignored_findings_are_out_of_the_top_the_counts_and_the_severity() -> None:
    report = report_of(SEVERAL, entry(ONE, "CVE-2026-0002"), announced=ANNOUNCED)
    found = report["ignored"]
    assert found is not None
    assert (found["total"], report["total"], report["fixable"]) == (2, 3, 3)
    assert [top["id"] for top in report["topFindings"]] == [f"CVE-2026-000{n}" for n in (3, 4, 5)]
    assert found["counts"] == {**dict.fromkeys(SEVERITIES, 0), "CRITICAL": 1, "HIGH": 1}
    assert (report["settled"], list_differences(report)) == ("YES", [])
    worst = find_worst(report)
    assert worst is not None
    assert worst.severity == "HIGH"
    assert make_brief(report)["attributes"]["severity"] == "HIGH"


def test_listed_suppressed_ignored_and_missing_add_up() -> None:
    report = report_of(
        SEVERAL[:3],
        entry(ONE),
        announced=make_counts(2, 2, 1, TOTAL=6),
        suppressed=[make_finding(9, severity="MEDIUM")],
    )
    assert report["settled"] == "NO"
    rows = {row["severity"]: tuple(row.values())[1:] for row in list_differences(report)}
    assert rows == {
        "CRITICAL": (2, 0, 0, 1),
        "HIGH": (2, 2, 0, 0),
        "MEDIUM": (1, 0, 1, 0),
        "TOTAL": (6, 2, 1, 1),
    }
    worst = find_worst(report)
    assert worst is not None
    assert (worst.severity, worst.announced) == ("CRITICAL", 2)  # one of the two is ignored


def test_an_ignored_finding_is_not_missing_where_another_count_differs() -> None:
    report = report_of(SEVERAL, entry(ONE), announced=make_counts(1, 1, 1, TOTAL=4), attempt=1)
    assert list_differences(report)
    assert (report["settled"], report["suppressed"]) == ("YES", None)


@pytest.mark.parametrize("announced", [ANNOUNCED, None])
def test_an_image_whose_findings_are_all_ignored_is_not_clear(announced: Any) -> None:
    everything = entry(*(f"CVE-2026-000{number}" for number in range(1, 6)))
    report = report_of(SEVERAL, everything, announced=announced)
    assert (report["total"], report["settled"], report["unconfirmed"]) == (0, "YES", None)
    assert report["image"]["platform"] == "DEBIAN_12"
    assert report["suppressed"] is None
    assert decide_kind(report) == "FINDINGS"
    brief = make_brief(report)
    assert brief["subject"] == "NO ACTIVE FINDINGS · sample-app:latest · 5 ignored"
    assert brief["attributes"]["severity"] == "NONE"


def test_a_missing_finding_is_asked_for_again_whatever_is_ignored() -> None:
    report = report_of(SEVERAL[1:], entry("CVE-2026-0002"), announced=ANNOUNCED, attempt=1)
    assert report["settled"] == "WAIT"


MANY_IGNORED = [entry(f"CVE-2026-000{number}") for number in range(1, 8)]


@pytest.mark.parametrize("active", [0, 2])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_ignored_findings_that_are_known_to_be_exploited_are_counted_and_named_first(
    active: int, language: str
) -> None:
    """Also if nothing else is found; the least severe of seven, of which five are named."""
    found = [make_finding(n, severity="HIGH") for n in range(1, 7)]
    found += [make_finding(7, severity="LOW"), make_finding(7, findingArn="arn:7")]
    found += [make_finding(n) for n in range(20, 20 + active)]
    lookups = FakeLookups({"CVE-2026-0007": EXPLOITED, "CVE-2026-0020": EXPLOITED})
    report = report_of(found, *MANY_IGNORED, lookups=lookups)
    told = report["ignored"]
    assert told is not None
    assert (told["knownExploited"], report["knownExploited"]) == (2, min(1, active))
    assert told["lookedUp"] == {"findings": 8, "left": 0, "failure": None}
    assert [(group["id"], group["knownExploited"]) for group in told["groups"]][:2] == [
        ("CVE-2026-0007", True),
        (ONE, False),
    ]
    message = make_brief(report, language)["message"]
    words = {"en": "2 of them known to be exploited", "ja": "うち悪用確認済み 2件"}[language]
    assert words in message["email"]
    assert words in json.loads(message["https"])["content"]["description"]
    assert json.loads(message["sqs"])["ignored"]["knownExploited"] == 2


def test_ignored_findings_are_looked_up_after_the_others_and_those_left_are_counted() -> None:
    found = [make_finding(n) for n in range(1, 10)]
    lookups = FakeLookups({ONE: EXPLOITED}, most=3)
    report = report_of(found, *MANY_IGNORED, lookups=lookups)
    assert lookups.asked == ["CVE-2026-0008", "CVE-2026-0009", ONE]
    told = report["ignored"]
    assert told is not None
    assert (told["knownExploited"], told["lookedUp"]) == (
        1,
        {"findings": 1, "left": 6, "failure": None},
    )
    assert report["lookedUp"] == {"findings": 2, "left": 0, "failure": None}
    assert (
        "    6 of them without details on exploitation\n" in make_brief(report)["message"]["email"]
    )


WHOLE = json.dumps({"entries": [entry()]})
BROKEN: list[Any] = [
    *([], [entry(), entry()], [7], [None], [[]], "x", {}, [entry(until="2027-01-01")]),
    *([{key: value for key, value in entry().items() if key != name}] for name in entry()),
    *([entry(**{name: 7})] for name in ("images", "purls", "paths", "until", "reason", "ignore")),
    *([entry(**{name: ["no purl"]})] for name in ("images", "purls")),
    *([{**entry(), "ids": value}] for value in (7, None, [7])),
]


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        (None, "MISSING"),
        *((text, "BROKEN") for text in ("", "{", "[]", "null", "{}", WHOLE[:-9], "[" * 100_000)),
        *((json.dumps({"entries": entries}), "BROKEN") for entries in BROKEN),
    ],
    ids=itertools.count(),
)
def test_a_missing_or_broken_list_silences_nothing_and_is_said(
    text: str | None, failure: str
) -> None:
    report = report_of(SEVERAL, ignore=read_rules(text, 1), announced=ANNOUNCED)
    assert report["total"] == 5
    assert report["ignored"] is not None
    assert report["ignored"]["failure"] == failure
    for language, said in (("en", "WARNING: nothing is ignored"), ("ja", "【警告】")):
        message = make_brief(report, language)["message"]
        assert said in message["email"]
        assert said in json.loads(message["https"])["content"]["description"]


def test_without_a_list_nothing_is_said_of_it() -> None:
    assert read_rules(None, 0) is None
    report = build_report(make_request(), SEVERAL, make_settings(), 1)
    assert report["ignored"] is None
    assert "gnored" not in make_brief(report)["message"]["email"]


def test_a_few_groups_are_listed_the_most_severe_first_and_the_rest_counted() -> None:
    findings = [
        make_finding(
            number,
            severity="CRITICAL" if number == 40 else "LOW",
            details={"vulnerabilityId": f"CVE-2026-{number % 9:04}"},
        )
        for number in range(1, 41)
    ]
    reason = "\U0001f600\n" * 5_000
    entries = [entry(f"CVE-2026-000{n}", reason=reason) for n in range(9)]
    past = datetime(2020, 1, 1, tzinfo=UTC).isoformat()
    found = report_of(findings, *entries)["ignored"]
    assert found is not None
    assert found["groups"][0]["id"] == "CVE-2026-0004"
    assert len(found["groups"]) == 5
    assert sum(group["findings"] for group in found["groups"]) + found["findingsOmitted"] == 40
    expired = report_of(findings, *({**each, "until": past} for each in entries))
    assert json_size(expired) < REPORT_BYTES
    assert expired["ignored"] is not None
    assert (len(expired["ignored"]["expired"]), expired["ignored"]["expiredOmitted"]) == (5, 4)
    assert expired["total"] == 40
    mail = make_brief(expired)["message"]["email"]
    assert "expired on 2020-01-01" in mail
    assert "and 4 more" in mail

"""finding: how a finding is read, whatever is missing or odd in it."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from scan_brief.findings import finding
from scan_brief.findings.summary import summarize
from scan_brief.model import FindingSummary, Package
from tests.shapes import assert_shape
from tests.unit.builders import make_finding, make_package


def cvss(score: object, version: object = "3.1") -> dict[str, Any]:
    return {"baseScore": score, "version": version, "source": "NVD", "scoringVector": "-"}


def test_a_known_severity_is_read() -> None:
    read = [finding.severity({"severity": name}) for name in finding.SEVERITIES]
    assert read == list(finding.SEVERITIES)


@pytest.mark.parametrize("odd", ["CATASTROPHIC", "high", "OTHER", "", None, 7, ["HIGH"], {}])
def test_any_other_severity_is_other(odd: object) -> None:
    assert finding.severity({"severity": odd}) == "OTHER"
    assert finding.severity({}) == "OTHER"


def test_the_id_is_the_vulnerabilitys_own() -> None:
    named = make_finding(details={"vulnerabilityId": "SNYK-JS-X-1"}, title="IN1-JS-X - x")
    assert finding.identifier(named) == "SNYK-JS-X-1"


@pytest.mark.parametrize("missing", [None, "", " \x00", 7])
def test_without_an_id_the_title_names_it_and_then_the_arn(missing: object) -> None:
    details = {"vulnerabilityId": missing}
    assert finding.identifier(make_finding(7, details=details, title="A title")) == "A title"
    assert finding.identifier(make_finding(7, details=details)) == f"{7:032x}"
    assert finding.identifier({}) == "?"


def test_a_long_id_is_cut() -> None:
    assert (
        finding.identifier(make_finding(details={"vulnerabilityId": "C" * 100})) == "C" * 79 + "…"
    )


@pytest.mark.parametrize(
    ("given", "read"), [("YES", True), ("NO", False), ("yes", False), (None, False), (1, False)]
)
def test_only_yes_means_that_an_exploit_is_available(given: object, read: bool) -> None:
    assert finding.exploit_available({"exploitAvailable": given}) is read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"score": 0.5}, 0.5),
        ({"score": 0}, 0.0),
        ({"score": 1}, 1.0),
        ({"score": 1.01}, None),
        ({"score": -0.1}, None),
        ({"score": math.nan}, None),
        ({"score": True}, None),
        ({"score": "0.5"}, None),
        ({}, None),
        (0.5, None),
        (None, None),
    ],
)
def test_epss_is_a_probability_or_none(given: object, read: float | None) -> None:
    assert finding.epss({"epss": given}) == read


def test_inspectors_score_wins_over_cvss() -> None:
    assert finding.score(make_finding(inspectorScore=5.0, details={"cvss": [cvss(9.8)]})) == 5.0
    assert finding.score(make_finding(inspectorScore=0, details={"cvss": [cvss(9.8)]})) == 0.0


@pytest.mark.parametrize("odd", [None, 10.1, -1, math.inf, math.nan, "9.8", True])
def test_without_inspectors_score_the_best_cvss_counts(odd: object) -> None:
    scores = [cvss(6.1), cvss(7.5, "4.0"), cvss(7.0, None)]
    assert finding.score(make_finding(inspectorScore=odd, details={"cvss": scores})) == 7.5


def test_cvss_of_version_2_counts_only_without_a_newer_one() -> None:
    assert (
        finding.score(make_finding(details={"cvss": [cvss(9.9, "2.0"), cvss(4.0, "3.0")]})) == 4.0
    )
    assert (
        finding.score(make_finding(details={"cvss": [cvss(9.9, "2.0"), cvss(5.0, "2.0")]})) == 9.9
    )


@pytest.mark.parametrize("scores", [None, [], "many", [None, 7], [cvss("9"), cvss(11), {}]])
def test_without_any_score_there_is_none(scores: object) -> None:
    assert finding.score(make_finding(details={"cvss": scores})) is None


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("YES", "YES"),
        ("PARTIAL", "PARTIAL"),
        ("NO", "NO"),
        ("SOON", "UNKNOWN"),
        (None, "UNKNOWN"),
        ([], "UNKNOWN"),
    ],
)
def test_a_fix_is_one_of_four_values(given: object, read: str) -> None:
    assert finding.fix({"fixAvailable": given}) == read


def test_a_summary_has_all_that_a_brief_needs() -> None:
    package = make_package(
        "openssl",
        epoch=1,
        release="4.el9",
        remediation="yum update openssl",
        filePath="opt/openssl",
    )
    found = make_finding(
        3,
        exploitAvailable="YES",
        epss={"score": 0.25},
        inspectorScore=7.5,
        details={"vulnerablePackages": [package]},
    )
    assert summarize(found) == {
        "id": "CVE-2026-0003",
        "title": "A flaw",
        "severity": "HIGH",
        "score": 7.5,
        "cvss": None,
        "epss": 0.25,
        "exploitAvailable": True,
        "lastExploitAt": None,
        "intelligence": None,
        "reachability": "UNKNOWN",
        "reachabilityReason": None,
        "fix": "YES",
        "firstObservedAt": None,
        "packages": [
            {
                "name": "openssl",
                "installed": "1:3.0.1-4.el9",
                "fixedIn": "3.0.2",
                "upgradeTo": "3.0.2",
                "subscription": None,
                "command": "yum update openssl",
                "purl": None,
                "manager": None,
                "place": {"path": "opt/openssl", "others": 0, "holder": None},
            }
        ],
        "packagesOmitted": 0,
        "findingArn": f"arn:aws:inspector2:eu-central-1:111122223333:finding/{3:032x}",
        "isNew": None,
    }


def package_of(**members: Any) -> Package:
    found = make_finding(details={"vulnerablePackages": [make_package(**members)]})
    return summarize(found)["packages"][0]


@pytest.mark.parametrize(
    "none", ["NotAvailable", "NOTAVAILABLE", "Not available", "none", "N/A", "", " ", None, 3]
)
def test_the_words_of_inspector_for_no_version_are_none(none: object) -> None:
    assert package_of(fixedInVersion=none)["fixedIn"] is None


@pytest.mark.parametrize(
    ("given", "installed"),
    [
        ({"version": "1"}, "1"),
        ({"version": "1", "release": "2", "epoch": 0}, "1-2"),
        ({"version": "1", "epoch": True}, "1"),
        ({"version": "1", "epoch": "2"}, "1"),
        ({"version": None}, "?"),
        ({"version": "v\n1"}, "v 1"),
    ],
)
def test_the_installed_version_is_written_as_package_managers_do(
    given: dict[str, Any], installed: str
) -> None:
    assert package_of(**given)["installed"] == installed


@pytest.mark.parametrize("none", ["None Provided", "none", "", None, ["apt"], "x" * 201, "N/A"])
def test_a_command_that_is_none_or_too_long_is_left_out(none: object) -> None:
    assert package_of(remediation=none)["command"] is None


def test_a_command_is_complete_and_in_one_line() -> None:
    assert package_of(remediation="x" * 200)["command"] == "x" * 200
    assert (
        package_of(remediation=" apt update &&\n apt upgrade\u202e ")["command"]
        == "apt update && apt upgrade"
    )
    assert package_of(remediation="dnf \\\n update a")["command"] == "dnf update a"


@pytest.mark.parametrize("lines", ["apt update\napt upgrade", "a\r\nb", "a\u2028b", "a  \n\n b"])
def test_lines_that_do_not_continue_each_other_are_no_command(lines: str) -> None:
    assert package_of(remediation=lines)["command"] is None


def test_a_package_without_a_name_is_a_question_mark() -> None:
    assert package_of(name="\u200b")["name"] == "?"


def test_each_package_is_listed_once_and_at_most_three() -> None:
    packages = [make_package(f"p{n}", filePath=path) for n in range(5) for path in ("/a", "/b")]
    summary = summarize(make_finding(details={"vulnerablePackages": packages}))
    assert [package["name"] for package in summary["packages"]] == ["p0", "p1", "p2"]
    assert summary["packagesOmitted"] == 2
    assert [package["place"] for package in summary["packages"]] == [
        {"path": "/a", "others": 1, "holder": None}
    ] * 3


def test_a_package_that_is_also_part_of_something_is_listed_twice() -> None:
    npm = "usr/local/lib/node_modules/npm/node_modules/tar/package.json"
    packages = [
        make_package("tar", filePath=path, packageManager="NODEPKG", remediation="npm install tar")
        for path in ("app/node_modules/tar/package.json", npm, f"opt/{npm}", None)
    ]
    summary = summarize(make_finding(details={"vulnerablePackages": packages}))
    places = [package["place"] for package in summary["packages"]]
    assert places == [
        {"path": "app/node_modules/tar/package.json", "others": 0, "holder": None},
        {"path": npm, "others": 1, "holder": {"kind": "RUNTIME", "name": "Node.js (npm)"}},
    ]
    # No command for what belongs to the base image.
    assert [package["command"] for package in summary["packages"]] == ["npm install tar", None]


def test_a_long_path_is_cut_at_its_start() -> None:
    place = package_of(filePath="a/" * 200 + "package.json")["place"]
    assert place is not None
    assert (len(place["path"]), place["path"][:2], place["path"][-4:]) == (120, "…/", "json")


@pytest.mark.parametrize(
    "odd", [None, "x", 7, [], {"packageVulnerabilityDetails": 7}, {"vulnerablePackages": "x"}]
)
def test_an_odd_finding_still_has_a_summary(odd: Any) -> None:
    members = {"packageVulnerabilityDetails": odd, "epss": odd, "title": odd, "findingArn": odd}
    summary = summarize(members)
    assert_shape(summary, FindingSummary)
    assert (summary["packages"], summary["severity"], summary["score"]) == ([], "OTHER", None)
    json.dumps(summary, allow_nan=False)

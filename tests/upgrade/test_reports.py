"""A brief of the report that an older release's FetchFindings made, just before an upgrade."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scan_brief.findings.older import complete_report
from scan_brief.model import Brief, Report
from tests.shapes import assert_shape
from tests.unit.brief.document_schema import validate
from tests.unit.builders import make_brief, make_finding, make_package, make_report
from tests.upgrade import keep_release

REPORTS = sorted((Path(__file__).parent / "releases").glob("*.report.json"))
NO_COUNTS: dict[str, Any] = {"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "TOTAL": 0}

FAILED = {"status": "FAILED", "scannedAt": None, "byHand": False}


def read(file: Path = REPORTS[0]) -> Any:
    return json.loads(file.read_text("utf-8"))


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("file", REPORTS, ids=lambda file: file.name)
def test_a_release_s_report_becomes_a_brief(file: Path, language: str) -> None:
    report = complete_report(read(file))
    assert_shape(report, Report)
    brief = make_brief(report, language)
    assert_shape(brief, Brief)
    mail = brief["message"]["email"]
    for finding in report["topFindings"]:
        assert finding["id"] in mail
    # What the old code did not count is no zero, and what it did not compare is not incomparable.
    unknown = ("can be fixed now", "修正版はまだありません", "すぐに", "cannot be compared", "比較")
    assert not [text for text in unknown if text in mail]
    document = validate(brief["message"]["sqs"])
    assert not document.keys() & {"exploitAvailable", "fixAvailable"}


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"announced": NO_COUNTS}, "CLEAR"),
        ({"announced": None}, "UNCONFIRMED"),
        (
            {
                "announced": NO_COUNTS,
                "scan": {"status": "FAILED", "scannedAt": None, "byHand": False},
            },
            "UNCONFIRMED",
        ),
    ],
)
def test_an_empty_list_is_clear_only_if_the_event_announced_nothing(
    changed: dict[str, Any], kind: str
) -> None:
    report = read()
    nothing = {"total": 0, "topFindings": [], "counts": dict.fromkeys(report["counts"], 0)}
    report.update({**nothing, **changed})
    brief = make_brief(complete_report(report))
    assert brief["attributes"]["kind"] == kind


def test_a_report_of_this_version_stays_as_it_is() -> None:
    package = make_package(filePath="srv/node_modules/a/node_modules/b/package.json")
    report = make_report([make_finding(details={"vulnerablePackages": [package]})])
    assert json.dumps(complete_report(report)) == json.dumps(report)


def test_a_release_keeps_its_report() -> None:
    assert_shape(keep_release.make_report(), Report)

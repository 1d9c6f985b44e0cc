"""The corpus: 242 recorded findings of one image, in the folder that the environment names."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scan_brief.findings.reported import json_size
from scan_brief.model import Report
from scan_brief_common.limits import BRIEF_BYTES, REPORT_BYTES
from tests.unit.builders import make_brief, make_report

FOLDER = os.environ.get("FINDINGS_CORPUS_DIR", "")

pytestmark = pytest.mark.skipif(
    not FOLDER,
    reason="FINDINGS_CORPUS_DIR is not set: the folder of recorded ListFindings responses",
)


@cache
def corpus() -> list[dict[str, Any]]:
    files = sorted(Path(FOLDER).glob("list-findings-*.json"))
    return [
        finding for file in files for finding in json.loads(file.read_text("utf-8"))["findings"]
    ]


@cache
def report(top: int = 10) -> Report:
    return make_report(corpus(), top=top)


def test_all_findings_are_counted() -> None:
    assert report()["total"] == 242
    assert report()["counts"] == {
        "CRITICAL": 0,
        "HIGH": 20,
        "MEDIUM": 141,
        "LOW": 66,
        "INFORMATIONAL": 13,
        "UNTRIAGED": 2,
    }


def test_the_top_ten_are_different() -> None:
    top = report()["topFindings"]
    assert len({finding["findingArn"] for finding in top}) == 10


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("top", [10, 50])
def test_the_words_of_inspector_for_nothing_are_never_printed(language: str, top: int) -> None:
    brief = make_brief(report(top), language)
    for nothing in ("NotAvailable", "None Provided", "None", "null"):
        assert nothing not in brief["message"]["email"]
        assert nothing not in json.loads(brief["message"]["https"])["content"]["description"]


def test_the_subject_has_severity_image_and_total() -> None:
    assert make_brief(report())["subject"] == "HIGH 20 · sample-app:latest · 242 findings"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_fifty_findings_keep_the_limits(language: str) -> None:
    assert json_size(report(50)) <= REPORT_BYTES
    assert len(report(50)["topFindings"]) == 50
    brief = make_brief(report(50), language)
    assert json_size(brief) <= BRIEF_BYTES
    assert len(json.loads(brief["message"]["sqs"])["vulnerabilities"]) >= 28


def test_any_order_gives_the_same_report() -> None:
    assert make_report(reversed(corpus())) == report()

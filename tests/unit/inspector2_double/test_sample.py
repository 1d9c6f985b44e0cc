"""The project's own sample scan, served by the double: event and findings agree."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from local.inspector2_double import Inspector2Double

SAMPLE = Path(__file__).parents[3] / "cli" / "scan_brief_cli" / "sample"


@pytest.fixture
def findings() -> list[dict[str, Any]]:
    return list(json.loads((SAMPLE / "findings.json").read_text("utf-8"))["findings"])


@pytest.fixture
def event() -> dict[str, Any]:
    return dict(json.loads((SAMPLE / "event.json").read_text("utf-8")))


def test_the_event_has_the_counts_of_the_findings(
    event: dict[str, Any], findings: list[dict[str, Any]]
) -> None:
    counted = Counter(finding["severity"] for finding in findings if finding["status"] == "ACTIVE")
    expected = {severity: counted[severity] for severity in ("CRITICAL", "HIGH", "MEDIUM")}
    assert event["detail"]["finding-severity-counts"] == {**expected, "TOTAL": counted.total()}


def test_the_double_serves_the_scan_of_the_event(
    double: Inspector2Double, client: Any, event: dict[str, Any], findings: list[dict[str, Any]]
) -> None:
    double.findings = findings
    criteria = {
        "ecrImageHash": [{"comparison": "EQUALS", "value": event["detail"]["image-digest"]}]
    }
    listed = client.list_findings(filterCriteria=criteria)["findings"]
    assert [finding["findingArn"] for finding in listed] == [
        finding["findingArn"] for finding in findings
    ]
    covered = client.list_coverage()["coveredResources"]
    assert covered[0]["resourceId"] == f"{event['resources'][0]}/{event['detail']['image-digest']}"
    assert covered[0]["resourceMetadata"]["ecrImage"]["tags"] == event["detail"]["image-tags"]


def test_the_sample_has_the_oddities_of_real_scans(findings: list[dict[str, Any]]) -> None:
    vulnerabilities = [finding["packageVulnerabilityDetails"] for finding in findings]
    packages = [
        package
        for vulnerability in vulnerabilities
        for package in vulnerability["vulnerablePackages"]
    ]
    managers = {package["packageManager"] for package in packages}
    severities = {finding["severity"] for finding in findings}
    assert severities == {"CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNTRIAGED"}
    assert managers > {"OS", "PYTHONPKG", "NODEPKG", "GOBINARY", "GOMOD", "JAR"}
    for member in ("title", "inspectorScore", "epss"):
        assert any(member not in finding for finding in findings)
    assert any("fixedInVersion" not in package for package in packages)
    assert any(len(finding["description"]) == 1024 for finding in findings)
    assert any("\u202e" in finding.get("title", "") for finding in findings)


def test_the_sample_stays_small() -> None:
    assert (SAMPLE / "findings.json").stat().st_size < 150_000

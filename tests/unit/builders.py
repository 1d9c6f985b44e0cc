"""Complete scan events, requests, findings, reports and briefs; a test replaces what it needs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from scan_brief.brief.message import Formatter
from scan_brief.findings.report import build_report
from scan_brief.model import AnnouncedCounts, Brief, Report
from scan_brief.scan.request import Registry, ScanRequest
from scan_brief.settings import FetchSettings, FormatSettings

REGISTRY = Registry(account="111122223333", region="eu-central-1", partition="aws")
DIGEST = "sha256:" + "0123456789abcdef" * 4
REPOSITORY_ARN = "arn:aws:ecr:eu-central-1:111122223333:repository/sample-app"
SCANNED_AT = "2026-01-31T23:30:00Z"
COUNTS: AnnouncedCounts = {"CRITICAL": 1, "HIGH": 2, "MEDIUM": 3, "TOTAL": 9}


def make_event(detail: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """A scan event; a member of None is left out."""
    whole = {
        "scan-status": "INITIAL_SCAN_COMPLETE",
        "repository-name": REPOSITORY_ARN,
        "finding-severity-counts": COUNTS,
        "image-digest": DIGEST,
        "image-tags": ["latest"],
        "version": "1.0",
        **(detail or {}),
    }
    event = {
        "version": "0",
        "id": "5d0c2f0e-7b1f-4f0a-9c3e-2a6d8c41e7b9",
        "detail-type": "Inspector2 Scan",
        "source": "aws.inspector2",
        "account": "111122223333",
        "time": SCANNED_AT,
        "region": "eu-central-1",
        "resources": [REPOSITORY_ARN],
        "detail": {name: value for name, value in whole.items() if value is not None},
        **members,
    }
    return {name: value for name, value in event.items() if value is not None}


def make_request(**members: Any) -> ScanRequest:
    """What read_request returns for a scan event without counts."""
    whole: dict[str, Any] = {
        "registry": REGISTRY,
        "repository": "sample-app",
        "digest": DIGEST,
        "tags": ("latest",),
        "scanned_at": SCANNED_AT,
        "status": "INITIAL_SCAN_COMPLETE",
        **members,
    }
    return ScanRequest(**whole)


def make_package(name: str = "openssl", **members: Any) -> dict[str, Any]:
    return {"name": name, "version": "3.0.1", "fixedInVersion": "3.0.2", **members}


def make_image(platform: str = "DEBIAN_12", architecture: str = "arm64") -> dict[str, Any]:
    details = {
        "repositoryName": "sample-app",
        "imageHash": DIGEST,
        "registry": "111122223333",
        "platform": platform,
        "architecture": architecture,
    }
    return {
        "type": "AWS_ECR_CONTAINER_IMAGE",
        "id": f"{REPOSITORY_ARN}/{DIGEST}",
        "details": {"awsEcrContainerImage": {**details, "imageTags": ["latest"]}},
    }


def make_finding(
    number: int = 1, *, details: dict[str, Any] | None = None, **members: Any
) -> dict[str, Any]:
    """Finding `number` as the API sends it; `details` go into packageVulnerabilityDetails.

    A member of None is left out.
    """
    vulnerability = {
        "vulnerabilityId": f"CVE-2026-{number:04}",
        "source": "NVD",
        "vulnerablePackages": [make_package()],
        **(details or {}),
    }
    finding = {
        "findingArn": f"arn:aws:inspector2:eu-central-1:111122223333:finding/{number:032x}",
        "awsAccountId": "111122223333",
        "type": "PACKAGE_VULNERABILITY",
        "description": "A flaw.",
        "remediation": {"recommendation": {"text": "None Provided"}},
        "severity": "HIGH",
        "firstObservedAt": 1769902200.0,
        "lastObservedAt": 1769902200.0,
        "status": "ACTIVE",
        "resources": [make_image()],
        "fixAvailable": "YES",
        "packageVulnerabilityDetails": {
            key: value for key, value in vulnerability.items() if value is not None
        },
        **members,
    }
    return {name: value for name, value in finding.items() if value is not None}


def make_counts(critical: int = 0, high: int = 0, medium: int = 0, **total: int) -> Any:
    """What a scan event announced; TOTAL only if it is given."""
    return {"CRITICAL": critical, "HIGH": high, "MEDIUM": medium, **total}


def make_settings(top_findings: int = 10, settle_attempts: int = 4) -> FetchSettings:
    return FetchSettings(
        top_findings=top_findings,
        settle_attempts=settle_attempts,
        settle_wait_seconds=30,
        detail_calls=200,
        ignore_entries=0,
    )


def make_report(
    findings: Iterable[dict[str, Any]] = (), *, top: int = 10, attempt: int = 1, **request: Any
) -> Report:
    return build_report(make_request(**request), findings, make_settings(top), attempt)


@cache
def make_formatter(language: str = "en", zone: str = "UTC") -> Formatter:
    return Formatter(FormatSettings(language=language, time_zone=ZoneInfo(zone)))


def make_brief(report: Report, language: str = "en", zone: str = "UTC") -> Brief:
    return make_formatter(language, zone).format({"request": {}, "report": report})


def describe(brief: Brief) -> str:
    """The chat's text."""
    return str(json.loads(brief["message"]["https"])["content"]["description"])


def facts_of(brief: Brief) -> Any:
    """The document in a brief."""
    return json.loads(brief["message"]["sqs"])

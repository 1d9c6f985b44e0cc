""" "Inspector2 Finding" events of made-up images, and the findings that Inspector lists of them."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

from scan_brief_cli.scan_files import SAMPLE, read_findings

_REGISTRY = "arn:aws:ecr:ap-northeast-1:111122223333:repository/"


def make_listed(number: int, repository: str) -> dict[str, Any]:
    """A new CRITICAL finding, in an image of its own that runs, as the API lists it."""
    finding: dict[str, Any] = copy.deepcopy(read_findings([SAMPLE / "findings.json"])[0])
    digest = f"sha256:{number:064x}"
    (resource,) = finding["resources"]
    resource["id"] = f"{_REGISTRY}{repository}/{digest}"
    image = resource["details"]["awsEcrContainerImage"]
    image |= {"repositoryName": repository, "imageHash": digest, "inUseCount": 1}
    arn = f"arn:aws:inspector2:ap-northeast-1:111122223333:finding/{number:032x}"
    vulnerability = finding["packageVulnerabilityDetails"]
    vulnerability |= {"vulnerabilityId": f"CVE-2026-{number:04}"}
    return {**finding, "findingArn": arn, "severity": "CRITICAL", "status": "ACTIVE"}


def make_event(finding: dict[str, Any]) -> dict[str, Any]:
    """The event of such a finding, which was first observed now."""
    now = datetime.now(UTC)
    detail = copy.deepcopy(finding) | {"firstObservedAt": f"{now:%b %-d, %Y, %-I:%M:%S %p}"}
    image = detail["resources"][0]["details"]["awsEcrContainerImage"]
    image["pushedAt"] = "Jan 19, 2023, 7:46:15 PM"
    return {
        "version": "0",
        "id": "42dbea55-45ad-b2b4-87a8-afa000000001",
        "detail-type": "Inspector2 Finding",
        "source": "aws.inspector2",
        "account": "111122223333",
        "time": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "region": "ap-northeast-1",
        "resources": [finding["resources"][0]["id"]],
        "detail": detail,
    }

"""A scan of the size and kind of a recorded one: each finding has a vulnerability of its own."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from local.inspector2_double import FaultPlan, Inspector2Double, Slow
from tests.bench.served import make_event, make_findings

FINDINGS = 903
NEW = 27  # findings of the second image whose vulnerability the first one has not
SECOND_DIGEST = "sha256:" + "b" * 64
_WITH_EPSS = 0.16  # of the recorded findings
_KNOWN_EXPLOITED = 3
_CYCLE, _KINDS = 60, 3  # the sample's findings, and how often its packages come with another name
_CALLS = (
    "ListFindings",
    "BatchGetFindingDetails",
    "ListFindingAggregations",
    "GetClustersForImage",
)


def make_image(digest: str = "", first: int = 0, count: int = FINDINGS) -> list[dict[str, Any]]:
    """Findings first, first + 1, … of an image. digest: "" for the sample's."""
    made = [_make(number, finding) for number, finding in enumerate(make_findings(first + count))]
    text = json.dumps(made[first:])
    return json.loads(text.replace(_sample_digest(), digest) if digest else text)  # type: ignore[no-any-return]


def make_scan_event(findings: list[dict[str, Any]]) -> dict[str, Any]:
    """Of the image with these findings."""
    event = make_event(1)
    image = findings[0]["resources"][0]["details"]["awsEcrContainerImage"]
    found = Counter(finding["severity"] for finding in findings)
    counts = {name: found[name] for name in ("CRITICAL", "HIGH", "MEDIUM")}
    event["detail"]["finding-severity-counts"] = {**counts, "TOTAL": len(findings)}
    event["detail"]["image-digest"] = image["imageHash"]
    return event


def open_double(findings: list[dict[str, Any]], seconds: float) -> Inspector2Double:
    """A double that answers each call after `seconds`, with details of each finding.

    Another repository has one of the image's layers, and the image runs on a cluster.
    """
    plan = FaultPlan([Slow(operation=name, seconds=seconds) for name in _CALLS])
    double = Inspector2Double(details=map(_make_details, findings), plan=plan)
    fill(double, findings)
    return double


def fill(double: Inspector2Double, findings: list[dict[str, Any]]) -> None:
    """Let the double have these findings of an image."""
    double.findings = [*findings, _make_neighbour(findings[0])]
    double.details = [_make_details(finding) for finding in findings]
    image = findings[0]["resources"][0]["id"]
    double.clusters = {image: [_make_cluster(number) for number in range(2)]}


def count_lookups(double: Inspector2Double) -> int:
    """The calls of BatchGetFindingDetails since the plan was set."""
    return sum(call.operation == "BatchGetFindingDetails" for call in double.calls)


def _sample_digest() -> str:
    return str(make_event(1)["detail"]["image-digest"])


def _make(number: int, finding: dict[str, Any]) -> dict[str, Any]:
    name = f"CVE-{2014 + number % 11}-{10_000 + number}"
    details = finding["packageVulnerabilityDetails"]
    kind = number // _CYCLE % _KINDS
    packages = [_rename(package, kind) for package in details["vulnerablePackages"]]
    details = {**details, "vulnerabilityId": name, "vulnerablePackages": packages}
    made = {
        **finding,
        "title": f"{name} - {packages[0]['name']}",
        "packageVulnerabilityDetails": details,
    }
    if number % 100 >= 100 * _WITH_EPSS:
        made.pop("epss", None)
    return made


def _rename(package: dict[str, Any], kind: int) -> dict[str, Any]:
    if not kind:
        return package
    name = package["name"]
    path = package.get("filePath", "").replace(name, f"{name}{kind}")
    return {**package, "name": f"{name}{kind}", **({"filePath": path} if path else {})}


def _make_details(finding: dict[str, Any]) -> dict[str, Any]:
    number = int(finding["packageVulnerabilityDetails"]["vulnerabilityId"].rpartition("-")[2])
    made = {"findingArn": finding["findingArn"], "epssScore": 0.002, "cwes": ["CWE-79", "CWE-400"]}
    if number % (FINDINGS // _KNOWN_EXPLOITED) == 0:
        made["cisaData"] = {"dateAdded": 1_696_896_000, "dateDue": 1_698_710_400, "action": "Patch"}
    return made


def _make_neighbour(finding: dict[str, Any]) -> dict[str, Any]:
    """The same finding in an image of another repository."""
    other: dict[str, Any] = json.loads(json.dumps(finding).replace("sample-app", "other-app"))
    return {**other, "findingArn": f"{finding['findingArn'][:-32]}{'f' * 32}"}


def _make_cluster(number: int) -> dict[str, Any]:
    return {
        "clusterArn": f"arn:aws:ecs:ap-northeast-1:111122223333:cluster/bench-{number}",
        "clusterDetails": [
            {
                "lastInUse": 1_763_052_109,
                "runningUnitCount": 3,
                "clusterMetadata": {
                    "awsEcsMetadataDetails": {"detailsGroup": "web", "taskDefinitionArn": "arn"}
                },
            }
        ],
    }

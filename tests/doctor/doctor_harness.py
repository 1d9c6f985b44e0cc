"""The deployed harness for the doctor's tests: its faults, and how they read a report."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.loaders import create_loader

from local.inspector2_double import Denied, FaultPlan
from scan_brief_cli.main import main
from tests.gate import Answer, Error, Gate, serve_gate
from tests.harness import StackHarness

CHECKS = [
    *("inspector", "registry-scanning", "repository-policy", "registry-policy", "image"),
    *("stack", "rule", "watched", "dead-letter-queue", "workflow", "fetch-concurrency"),
    "topic",
]
LOCK = {
    "Version": "2012-10-17",
    "Statement": {
        "Sid": "Lock",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "ecr:*",
        "Condition": {
            "StringNotEquals": {"aws:sourceVpce": "vpce-0a0a0a0a"},
            "NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"},
        },
    },
}
REPOSITORIES = "arn:aws:ecr:ap-northeast-1:111122223333:repository"
_QUERY_CODES = {"sns": "AuthorizationError", "cloudformation": "AccessDenied"}
MODELS = create_loader()


class DoctorHarness:
    """The harness behind a gate, with a scanned image: runs the doctor and causes faults."""

    def __init__(
        self, harness: StackHarness, gate: Gate, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.harness = harness
        self.gate = gate
        self._capsys = capsys

    def client(self, service: str) -> Any:
        return self.harness.deployment.emulator.client(service)

    def examine(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Exit status and report."""
        status = main(["doctor", "--json", *arguments])
        captured = self._capsys.readouterr()
        assert captured.err == ""
        report: dict[str, Any] = json.loads(captured.out)
        return status, report

    def find(self, kind: str) -> str:
        """The physical id of the stack's one resource of this type, not counting the alarms' and
        the digests'; and of rules the one for scans.
        """
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        listed = [
            resource
            for page in pages.paginate(StackName="ScanBrief")
            for resource in page["StackResourceSummaries"]
        ]
        (found,) = [
            subscription["PhysicalResourceId"]
            for subscription in listed
            if subscription["ResourceType"] == kind
            and not re.search("OperationsTopic|Digests", subscription["LogicalResourceId"])
            and not re.search("(Push|Coverage)Rule", subscription["LogicalResourceId"])
        ]
        return str(found)

    def deny(self, permission: str) -> None:
        """The caller lacks this permission, in the form of the service."""
        prefix, _, operation = permission.partition(":")
        if prefix == "inspector2":
            self.harness.double.plan = FaultPlan((Denied(operation=operation),))
        elif prefix in _QUERY_CODES:
            self.gate.turns[operation] = Error(_QUERY_CODES[prefix], status=403)
        else:
            self.gate.turns[operation] = Error("AccessDeniedException")

    def refuse(self, operation: str, code: str, *, status: int = 400) -> None:
        self.gate.turns[operation] = Error(code, status=status)

    def cover(self, reason: str, digest: str | None = None) -> None:
        """Inspector's coverage of the pushed image, or of another."""
        self.harness.double.coverage = [
            describe_coverage("sample-app", digest or self.digest, reason)
        ]

    def scan_registry(self, kind: str) -> None:
        """BASIC, or ENHANCED for every repository."""
        rule = {
            "scanFrequency": "CONTINUOUS_SCAN",
            "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}],
        }
        rules = [rule] if kind == "ENHANCED" else []
        self.client("ecr").put_registry_scanning_configuration(scanType=kind, rules=rules)

    def push(self, repository: str = "sample-app") -> None:
        images = self.client("ecr")
        pushed = images.put_image(repositoryName=repository, imageManifest="{}", imageTag="1.4.2")[
            "image"
        ]
        self.digest = str(pushed["imageId"]["imageDigest"])

    def remove(self, repository: str = "sample-app") -> None:
        self.client("ecr").batch_delete_image(
            repositoryName=repository, imageIds=[{"imageDigest": self.digest, "imageTag": "1.4.2"}]
        )

    @contextmanager
    def scanned(self, *repositories: str) -> Iterator[None]:
        """An image is in each, and Inspector has scanned it."""
        for name in repositories:
            self.push(name)
        self.harness.double.coverage = [
            describe_coverage(name, self.digest, "SUCCESSFUL") for name in repositories
        ]
        try:
            yield
        finally:
            self.harness.double.coverage = None
            for name in repositories:
                self.remove(name)


def describe_coverage(repository: str, digest: str, reason: str) -> dict[str, Any]:
    """A CoveredResource of ListCoverage."""
    scanned = {"lastScannedAt": 1763052109} if reason == "SUCCESSFUL" else {}
    return {
        "resourceType": "AWS_ECR_CONTAINER_IMAGE",
        "resourceId": f"{REPOSITORIES}/{repository}/{digest}",
        "accountId": "111122223333",
        "scanType": "PACKAGE",
        "scanStatus": {"statusCode": "ACTIVE" if scanned else "INACTIVE", "reason": reason},
        "resourceMetadata": {
            "ecrRepository": {"name": repository},
            "ecrImage": {"tags": ["1.4.2"]},
        },
        **scanned,
    }


@contextmanager
def operate(
    harness: StackHarness, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[DoctorHarness]:
    """The doctor's AWS is the harness, behind a gate, and its registry has no policy."""
    with serve_gate(harness.deployment.emulator, monkeypatch) as gate:
        # A session of boto3 reads the models of all its services anew, which would be most of these
        # tests' time.
        monkeypatch.setattr("botocore.session.create_loader", lambda *_: MODELS)
        monkeypatch.setenv("AWS_ENDPOINT_URL_INSPECTOR2", harness.double.endpoint_url)
        gate.turns["GetRegistryPolicy"] = Error("RegistryPolicyNotFoundException")
        yield DoctorHarness(harness, gate, capsys)


def list_executions(
    status: str, arn: str = "arn:aws:states:ap-northeast-1:111122223333:execution:Brief:1"
) -> Answer:
    """A single execution. Only the tests of executions run real ones, which take seconds."""
    execution = {
        "executionArn": arn,
        "stateMachineArn": "x",
        "name": "1",
        "status": status,
        "startDate": 1763052109.0,
    }
    return Answer({"executions": [execution]})


def by_name(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """One check for each name, in their order: of two topics, the one with a problem."""
    found: dict[str, dict[str, Any]] = {}
    for check in report["checks"]:
        if found.get(check["check"], {"verdict": "ok"})["verdict"] == "ok":
            found[check["check"]] = check
    return found


def assert_only_problem(report: dict[str, Any], check: str, verdict: str, expected: str) -> None:
    """The check has this verdict and text; all others are ok."""
    found = by_name(report)[check]
    assert (found["verdict"], expected in found["said"], found["advice"] != "") == (
        verdict,
        True,
        True,
    ), found
    assert [check["check"] for check in report["checks"] if check["verdict"] != "ok"] == [check]
    assert report["verdict"] == verdict

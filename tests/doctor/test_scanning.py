"""`scan-brief doctor` against the deployed stack: the checks of everything before the event."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from scan_brief_cli.doctor.calls import PERMISSIONS
from scan_brief_cli.main import main
from tests.doctor.doctor_harness import (
    CHECKS,
    LOCK,
    REPOSITORIES,
    DoctorHarness,
    assert_only_problem,
    by_name,
)
from tests.gate import Answer

# Three rules, two queues of dead letters, six state machines and two topics.
TIMES = {"rule": 3, "dead-letter-queue": 2, "workflow": 6, "topic": 2}
EVERY = [name for name in CHECKS for _ in range(TIMES.get(name, 1))]


def test_every_check_of_a_good_repository_is_ok(doctor: DoctorHarness) -> None:
    status, report = doctor.examine()
    assert status == 0, report
    assert [check["check"] for check in report["checks"]] == EVERY
    assert {check["verdict"] for check in report["checks"]} == {"ok"}
    assert {check["advice"] for check in report["checks"]} == {""}
    del report["checks"]
    assert report == {
        "stack": "ScanBrief",
        "repositories": ["sample-app"],
        "account": "111122223333",
        "region": "ap-northeast-1",
        "verdict": "ok",
    }


def test_the_doctor_makes_only_documented_calls(doctor: DoctorHarness) -> None:
    doctor.examine()
    allowed = {permission.partition(":")[2] for permission in PERMISSIONS} | {"GetCallerIdentity"}
    assert set(doctor.gate.calls) <= allowed
    assert {operation for operation, _ in doctor.harness.double.calls} <= allowed
    repeated = Counter(doctor.gate.calls) - Counter(set(doctor.gate.calls))
    # All else only once.
    assert repeated == Counter(
        {
            "DescribeRule": 2,
            "ListTargetsByRule": 2,
            "TestEventPattern": 2,
            "ListExecutions": 5,
            "GetQueueAttributes": 1,
            "ListStackResources": 1,  # the second page
            "ListSubscriptionsByTopic": 1,
        }
    )


def test_the_report_has_a_line_for_each_check(
    doctor: DoctorHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor.harness.double.statuses = {"111122223333": "DISABLED"}
    assert main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert (
        lines[0]
        == "failure  Inspector is not enabled for ECR in 111122223333 ap-northeast-1: DISABLED"
    )
    assert lines[1].startswith("         do: aws inspector2 enable")
    assert (
        lines[2] == 'ok       registry scanning is ENHANCED; its filter "*" covers sample-app'
        " (CONTINUOUS_SCAN)"
    )
    assert lines[-1] == "ok: 20, warning: 0, failure: 1"


@pytest.mark.parametrize(("state", "verdict"), [("SUSPENDED", "failure"), ("ENABLING", "warning")])
def test_inspector_is_not_enabled(doctor: DoctorHarness, state: str, verdict: str) -> None:
    doctor.harness.double.statuses = {"111122223333": state}
    status, report = doctor.examine()
    assert status == (verdict == "failure")
    assert_only_problem(
        report, "inspector", verdict, "enabled for ECR in 111122223333 ap-northeast-1"
    )


def test_the_registry_does_not_scan_the_repository(doctor: DoctorHarness) -> None:
    doctor.scan_registry("BASIC")
    status, report = doctor.examine()
    assert status == 1
    assert_only_problem(report, "registry-scanning", "failure", "BASIC, not ENHANCED")


@contextmanager
def repository_policy(doctor: DoctorHarness, policy: dict[str, Any]) -> Iterator[None]:
    repositories = doctor.client("ecr")
    good = repositories.get_repository_policy(repositoryName="sample-app")["policyText"]
    repositories.set_repository_policy(repositoryName="sample-app", policyText=json.dumps(policy))
    try:
        yield
    finally:
        repositories.set_repository_policy(repositoryName="sample-app", policyText=good)


def test_the_repository_denies_inspector(doctor: DoctorHarness) -> None:
    doctor.cover("ACCESS_DENIED")
    with repository_policy(doctor, LOCK):
        status, report = doctor.examine()
    assert status == 1
    found = by_name(report)
    assert [name for name, check in found.items() if check["verdict"] != "ok"] == [
        "repository-policy",
        "image",
    ]
    assert 'statement "Lock" (ecr:BatchGetImage, ' in found["repository-policy"]["said"]
    assert "AWSServiceRoleForAmazonInspector2" in found["repository-policy"]["advice"]
    assert "(ACCESS_DENIED)" in found["image"]["said"]


def test_a_policy_that_cannot_be_evaluated_is_a_warning(doctor: DoctorHarness) -> None:
    unknown = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
    statement = {**LOCK["Statement"], "Condition": unknown}  # type: ignore[dict-item]
    with repository_policy(doctor, {"Statement": statement}):
        status, report = doctor.examine()
    assert status == 0
    assert_only_problem(report, "repository-policy", "warning", 'statement "Lock"')


@pytest.mark.parametrize("resource", ["*", f"{REPOSITORIES}/sample-app"])
def test_the_registry_denies_inspector(doctor: DoctorHarness, resource: str) -> None:
    policy = {"Statement": [{**LOCK["Statement"], "Resource": resource}]}  # type: ignore[dict-item]
    doctor.gate.turns["GetRegistryPolicy"] = Answer({"policyText": json.dumps(policy)})
    doctor.gate.turns["GetAccountSetting"] = Answer(
        {"name": "REGISTRY_POLICY_SCOPE", "value": "V2"}
    )
    assert_only_problem(doctor.examine()[1], "registry-policy", "failure", 'statement "Lock"')
    doctor.gate.turns["GetAccountSetting"] = Answer(
        {"name": "REGISTRY_POLICY_SCOPE", "value": "V1"}
    )
    assert doctor.examine()[1]["verdict"] == "ok"
    doctor.deny("ecr:GetAccountSetting")
    checks = [
        check for check in doctor.examine()[1]["checks"] if check["check"] == "registry-policy"
    ]
    assert [check["verdict"] for check in checks] == ["warning", "failure"]

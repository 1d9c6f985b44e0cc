"""`scan-brief doctor` against the deployed stack: a failed call is a warning, not the end."""

from __future__ import annotations

import pytest

from local.inspector2_double import FaultPlan, Throttle
from scan_brief_cli.doctor.calls import PERMISSIONS
from scan_brief_cli.main import main
from tests.doctor.doctor_harness import CHECKS, DoctorHarness, by_name
from tests.gate import Answer, Error

LINE_OF = {
    "cloudformation:DescribeStacks": "stack",
    "cloudformation:ListStackResources": "stack",
    "ecr:DescribeImages": "image",
    "ecr:GetRegistryPolicy": "registry-policy",
    "ecr:GetRegistryScanningConfiguration": "registry-scanning",
    "ecr:GetRepositoryPolicy": "repository-policy",
    "events:DescribeRule": "rule",
    "events:ListTargetsByRule": "rule",
    "events:TestEventPattern": "watched",
    "inspector2:BatchGetAccountStatus": "inspector",
    "inspector2:ListCoverage": "image",
    "lambda:GetAccountSettings": "fetch-concurrency",
    "lambda:GetFunctionConcurrency": "fetch-concurrency",
    "sns:ListSubscriptionsByTopic": "topic",
    "sqs:GetQueueAttributes": "dead-letter-queue",
    "states:ListExecutions": "workflow",
}
ASKED_WHERE_SOMETHING_IS_WRONG = {
    "ecr:GetAccountSetting",
    "states:DescribeExecution",
}  # tested above


def test_every_permission_has_a_line() -> None:
    assert set(LINE_OF) | ASKED_WHERE_SOMETHING_IS_WRONG == set(PERMISSIONS)


@pytest.mark.parametrize("permission", LINE_OF)
def test_a_missing_permission_is_a_warning_with_its_name(
    doctor: DoctorHarness, permission: str
) -> None:
    doctor.deny(permission)
    status, report = doctor.examine("--repository", "sample-app")
    assert (status, report["verdict"]) == (0, "warning")
    missing = [check for check in report["checks"] if permission in check["said"]]
    assert LINE_OF[permission] in [check["check"] for check in missing]
    assert {check["said"] for check in missing} == {
        f"not checked: the permission {permission} is missing"
    }
    others = [check for check in report["checks"] if check not in missing]
    assert {check["verdict"] for check in others} == {"ok"}


def test_throttling_is_a_warning(doctor: DoctorHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.retries.standard.time.sleep", lambda _: None)
    doctor.harness.double.plan = FaultPlan((Throttle(operation="BatchGetAccountStatus"),))
    doctor.refuse("DescribeRule", "ThrottlingException")
    _, report = doctor.examine("--repository", "sample-app")
    bad = {check["check"] for check in report["checks"] if "AWS throttles" in check["said"]}
    assert bad == {"inspector", "rule", "watched"}
    assert report["verdict"] == "warning"


@pytest.mark.parametrize(
    ("operation", "check"),
    [
        ("GetRegistryScanningConfiguration", "registry-scanning"),
        ("GetRepositoryPolicy", "repository-policy"),
        ("DescribeRule", "rule"),
        ("GetQueueAttributes", "dead-letter-queue"),
        ("ListExecutions", "workflow"),
    ],
)
def test_an_unexpected_response_does_not_stop_other_checks(
    doctor: DoctorHarness, operation: str, check: str
) -> None:
    doctor.gate.turns[operation] = Answer({})
    _, report = doctor.examine("--repository", "sample-app")
    assert list(by_name(report)) == CHECKS
    assert by_name(report)[check]["verdict"] != "ok"


def test_invalid_credentials_end_the_examination(
    doctor: DoctorHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor.gate.turns["GetCallerIdentity"] = Error("ExpiredToken", "too old", status=403)
    assert main(["doctor"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert (
        captured.err
        == "scan-brief: sts:GetCallerIdentity: no valid credentials: ExpiredToken; sign in again\n"
    )


@pytest.mark.parametrize(("code", "status"), [("ServiceUnavailable", 503), ("AccessDenied", 403)])
def test_without_sts_the_account_comes_from_the_stack(
    doctor: DoctorHarness, monkeypatch: pytest.MonkeyPatch, code: str, status: int
) -> None:
    monkeypatch.setattr("botocore.retries.standard.time.sleep", lambda _: None)
    doctor.gate.turns["GetCallerIdentity"] = Error(code, status=status)
    exit_status, report = doctor.examine()
    assert (exit_status, report["account"], report["verdict"]) == (0, "111122223333", "ok")


def test_an_invalid_endpoint_is_reported(
    doctor: DoctorHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_EVENTBRIDGE", "not an endpoint")
    _, report = doctor.examine()
    bad = [
        check for check in report["checks"] if "Invalid endpoint: not an endpoint" in check["said"]
    ]
    assert [check["check"] for check in bad] == ["rule", "rule", "rule", "watched"]


def test_without_an_account_no_policy_and_no_image_is_checked(
    doctor: DoctorHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.retries.standard.time.sleep", lambda _: None)
    doctor.gate.turns["GetCallerIdentity"] = Error("ServiceUnavailable", status=503)
    _, report = doctor.examine("--stack-name", "Nothing", "--repository", "sample-app")
    unknown = [
        check["check"] for check in report["checks"] if "the account is unknown" in check["said"]
    ]
    assert unknown == ["repository-policy", "image"]
    assert [check["check"] for check in report["checks"] if check["verdict"] == "failure"] == [
        "stack"
    ]

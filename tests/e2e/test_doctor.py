"""`scan-brief doctor` against the deployed stack: all well, and each thing that can be wrong.

The gate answers what the emulator cannot, and the double is Inspector.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from xml.sax.saxutils import escape

import pytest
from botocore.loaders import create_loader

from local.cli import main
from local.doctor.calls import PERMISSIONS, connect
from local.doctor.notifier import Notifier
from local.doctor.scanning import check_scanning
from local.doctor.stack import RULE, Stack
from local.inspector2_double import Denied, FaultPlan, Throttle
from scan_brief.request import Registry
from tests.gate import Answer, Gate, error
from tests.stage import Stage

ENHANCED = {
    "registryId": "111122223333",
    "scanningConfiguration": {
        "scanType": "ENHANCED",
        "rules": [
            {
                "scanFrequency": "CONTINUOUS_SCAN",
                "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}],
            }
        ],
    },
}
CHECKS = [
    *("inspector", "registry-scanning", "repository-policy", "registry-policy", "image"),
    *("stack", "rule", "watched", "dead-letter-queue", "workflow", "topic"),
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
_QUERY = ("sns", "cloudformation")
_MODELS = create_loader()


class Surgery:
    """The stage with an image pushed and scanned, and what can go wrong there."""

    def __init__(self, stage: Stage, gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
        self.stage = stage
        self.gate = gate
        self._capsys = capsys

    def client(self, service: str) -> Any:
        return self.stage.deployment.emulator.client(service)

    def examine(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Exit status and report."""
        status = main(["doctor", "--json", *arguments])
        captured = self._capsys.readouterr()
        assert captured.err == ""
        report: dict[str, Any] = json.loads(captured.out)
        return status, report

    def find(self, kind: str) -> str:
        """The physical id of the stack's one resource of this type."""
        listed = self.client("cloudformation").list_stack_resources(StackName="ScanBrief")["StackResourceSummaries"]
        (found,) = [one["PhysicalResourceId"] for one in listed if one["ResourceType"] == kind]
        return str(found)

    def deny(self, permission: str) -> None:
        """The caller lacks this permission, in the form of the service."""
        prefix, _, operation = permission.partition(":")
        if prefix == "inspector2":
            self.stage.double.plan = FaultPlan((Denied(operation=operation),))
        elif prefix in _QUERY:
            code = "AuthorizationError" if prefix == "sns" else "AccessDenied"
            self.gate.answers[operation] = error(code, status=403, query=True)
        else:
            self.gate.answers[operation] = error("AccessDeniedException")

    def refuse(self, operation: str, code: str, *, status: int = 400) -> None:
        self.gate.answers[operation] = error(code, status=status)

    def cover(self, reason: str, digest: str | None = None) -> None:
        """What Inspector has of the pushed image, or of another."""
        scanned = {"lastScannedAt": 1763052109} if reason == "SUCCESSFUL" else {}
        self.stage.double.coverage = [
            {
                "resourceType": "AWS_ECR_CONTAINER_IMAGE",
                "resourceId": f"{REPOSITORIES}/sample-app/{digest or self.digest}",
                "accountId": "111122223333",
                "scanType": "PACKAGE",
                "scanStatus": {"statusCode": "ACTIVE" if scanned else "INACTIVE", "reason": reason},
                "resourceMetadata": {"ecrRepository": {"name": "sample-app"}, "ecrImage": {"tags": ["1.4.2"]}},
                **scanned,
            }
        ]

    def push(self) -> None:
        images = self.client("ecr")
        pushed = images.put_image(repositoryName="sample-app", imageManifest="{}", imageTag="1.4.2")["image"]
        self.digest = str(pushed["imageId"]["imageDigest"])

    def remove(self) -> None:
        self.client("ecr").batch_delete_image(
            repositoryName="sample-app", imageIds=[{"imageDigest": self.digest, "imageTag": "1.4.2"}]
        )


@pytest.fixture
def surgery(stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Surgery]:
    """All is well."""
    with Gate(stage.deployment.emulator.endpoint_url) as gate:
        for name in [name for name in os.environ if name.startswith("AWS_") or name.lower().endswith("_proxy")]:
            monkeypatch.delenv(name)
        # A session of boto3 reads the models of all its services anew, which would be most of these tests' time.
        monkeypatch.setattr("botocore.session.create_loader", lambda *_: _MODELS)
        for name, value in stage.deployment.emulator.environment.items():
            if name.startswith("AWS_"):
                monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_ENDPOINT_URL", gate.endpoint_url)
        monkeypatch.setenv("AWS_ENDPOINT_URL_INSPECTOR2", stage.double.endpoint_url)
        gate.answers["GetRegistryScanningConfiguration"] = Answer(ENHANCED)
        gate.answers["GetRegistryPolicy"] = error("RegistryPolicyNotFoundException")
        prepared = Surgery(stage, gate, capsys)
        prepared.push()
        prepared.cover("SUCCESSFUL")
        gate.answers["ListExecutions"] = list_executions("SUCCEEDED")
        try:
            yield prepared
        finally:
            prepared.remove()
            stage.double.statuses = {}


def list_executions(status: str, arn: str = "arn:aws:states:ap-northeast-1:111122223333:execution:Brief:1") -> Answer:
    """Of the emulator's own executions only the tests that are about them make use: each takes seconds."""
    one = {"executionArn": arn, "stateMachineArn": "x", "name": "1", "status": status, "startDate": 1763052109.0}
    return Answer({"executions": [one]})


def by_name(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["check"]: one for one in report["checks"]}


def assert_one_bad(report: dict[str, Any], check: str, verdict: str, told: str) -> None:
    """This check is so, and no other is anything but ok."""
    found = by_name(report)[check]
    assert (found["verdict"], told in found["said"], found["advice"] != "") == (verdict, True, True), found
    assert [one["check"] for one in report["checks"] if one["verdict"] != "ok"] == [check]
    assert report["verdict"] == verdict


def test_all_is_well(surgery: Surgery) -> None:
    status, report = surgery.examine()
    assert status == 0, report
    assert [one["check"] for one in report["checks"]] == CHECKS
    assert {one["verdict"] for one in report["checks"]} == {"ok"}
    assert {one["advice"] for one in report["checks"]} == {""}
    del report["checks"]
    assert report == {
        "stack": "ScanBrief",
        "repositories": ["sample-app"],
        "account": "111122223333",
        "region": "ap-northeast-1",
        "verdict": "ok",
    }


def test_it_asks_for_nothing_that_is_not_documented(surgery: Surgery) -> None:
    surgery.examine()
    allowed = {permission.partition(":")[2] for permission in PERMISSIONS} | {"GetCallerIdentity"}
    assert set(surgery.gate.asked) <= allowed
    assert {operation for operation, _ in surgery.stage.double.calls} <= allowed
    assert len(surgery.gate.asked) == len(set(surgery.gate.asked))  # and for each thing only once


def test_lines_for_a_person(surgery: Surgery, capsys: pytest.CaptureFixture[str]) -> None:
    surgery.stage.double.statuses = {"111122223333": "DISABLED"}
    assert main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "failure  Inspector is not enabled for ECR in 111122223333 ap-northeast-1: DISABLED"
    assert lines[1].startswith("         do: aws inspector2 enable")
    assert lines[2] == 'ok       registry scanning is ENHANCED; its filter "*" covers sample-app (CONTINUOUS_SCAN)'
    assert lines[-1] == "ok: 10, warning: 0, failure: 1"


@pytest.mark.parametrize(("state", "verdict"), [("SUSPENDED", "failure"), ("ENABLING", "warning")])
def test_inspector_is_not_enabled(surgery: Surgery, state: str, verdict: str) -> None:
    surgery.stage.double.statuses = {"111122223333": state}
    status, report = surgery.examine()
    assert status == (verdict == "failure")
    assert_one_bad(report, "inspector", verdict, "enabled for ECR in 111122223333 ap-northeast-1")


def test_the_registry_does_not_have_it_scanned(surgery: Surgery) -> None:
    surgery.gate.answers["GetRegistryScanningConfiguration"] = Answer(
        {"scanningConfiguration": {"scanType": "BASIC"}}
    )
    status, report = surgery.examine()
    assert status == 1
    assert_one_bad(report, "registry-scanning", "failure", "BASIC, not ENHANCED")


@contextmanager
def repository_policy(surgery: Surgery, policy: dict[str, Any]) -> Iterator[None]:
    repositories = surgery.client("ecr")
    good = repositories.get_repository_policy(repositoryName="sample-app")["policyText"]
    repositories.set_repository_policy(repositoryName="sample-app", policyText=json.dumps(policy))
    try:
        yield
    finally:
        repositories.set_repository_policy(repositoryName="sample-app", policyText=good)


def test_the_repository_shuts_inspector_out(surgery: Surgery) -> None:
    surgery.cover("ACCESS_DENIED")
    with repository_policy(surgery, LOCK):
        status, report = surgery.examine()
    assert status == 1
    found = by_name(report)
    assert [name for name, one in found.items() if one["verdict"] != "ok"] == ["repository-policy", "image"]
    assert 'statement "Lock" (ecr:BatchGetImage, ' in found["repository-policy"]["said"]
    assert "AWSServiceRoleForAmazonInspector2" in found["repository-policy"]["advice"]
    assert "(ACCESS_DENIED)" in found["image"]["said"]


def test_a_policy_that_cannot_be_judged_is_a_warning(surgery: Surgery) -> None:
    unknown = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
    with repository_policy(surgery, {"Statement": {**LOCK["Statement"], "Condition": unknown}}):  # type: ignore[dict-item]
        status, report = surgery.examine()
    assert status == 0
    assert_one_bad(report, "repository-policy", "warning", 'statement "Lock"')


@pytest.mark.parametrize("resource", ["*", f"{REPOSITORIES}/sample-app"])
def test_the_registry_shuts_inspector_out(surgery: Surgery, resource: str) -> None:
    policy = {"Statement": [{**LOCK["Statement"], "Resource": resource}]}  # type: ignore[dict-item]
    surgery.gate.answers["GetRegistryPolicy"] = Answer({"policyText": json.dumps(policy)})
    surgery.gate.answers["GetAccountSetting"] = Answer({"name": "REGISTRY_POLICY_SCOPE", "value": "V2"})
    assert_one_bad(surgery.examine()[1], "registry-policy", "failure", 'statement "Lock"')
    surgery.gate.answers["GetAccountSetting"] = Answer({"name": "REGISTRY_POLICY_SCOPE", "value": "V1"})
    assert surgery.examine()[1]["verdict"] == "ok"
    surgery.deny("ecr:GetAccountSetting")
    judged = [one for one in surgery.examine()[1]["checks"] if one["check"] == "registry-policy"]
    assert [one["verdict"] for one in judged] == ["warning", "failure"]


def test_the_image_was_not_scanned(surgery: Surgery) -> None:
    surgery.cover("UNSUPPORTED_OS")
    status, report = surgery.examine()
    assert status == 1
    assert_one_bad(
        report, "image", "failure", "its operating system is not one that Inspector scans (UNSUPPORTED_OS)"
    )


def test_the_image_is_not_known_yet(surgery: Surgery) -> None:
    surgery.cover("SUCCESSFUL", digest="sha256:" + "b" * 64)  # of the image before
    assert_one_bad(surgery.examine()[1], "image", "warning", "sample-app:1.4.2")


def test_nothing_was_pushed_yet(surgery: Surgery) -> None:
    surgery.remove()
    assert_one_bad(surgery.examine()[1], "image", "warning", "no image was pushed to sample-app yet")


def test_locked_out_by_the_repository_it_asks_inspector(surgery: Surgery) -> None:
    message = "not authorized to perform … with an explicit deny in a resource-based policy"
    for operation in ("DescribeImages", "GetRepositoryPolicy"):
        surgery.gate.answers[operation] = error("AccessDeniedException", message)
    status, report = surgery.examine()
    assert (status, report["verdict"]) == (0, "warning")
    bad = {one["said"] for one in report["checks"] if one["verdict"] != "ok"}
    locked = "the lock is on: a policy of the repository or registry denies this caller ecr:"
    assert bad == {locked + "DescribeImages", locked + "GetRepositoryPolicy"}
    assert report["checks"][5]["said"].startswith("Inspector has scanned 1 images of sample-app, last at ")


@contextmanager
def disabled_rule(surgery: Surgery) -> Iterator[None]:
    rules, name = surgery.client("events"), surgery.find("AWS::Events::Rule")
    rules.disable_rule(Name=name)
    try:
        yield
    finally:
        rules.enable_rule(Name=name)


@contextmanager
def other_target(surgery: Surgery) -> Iterator[None]:
    rules, name = surgery.client("events"), surgery.find("AWS::Events::Rule")
    targets = rules.list_targets_by_rule(Rule=name)["Targets"]
    rules.put_targets(Rule=name, Targets=[{**targets[0], "Arn": targets[0]["Arn"] + "2"}])
    try:
        yield
    finally:
        rules.put_targets(Rule=name, Targets=targets)


@contextmanager
def dead_letter(surgery: Surgery) -> Iterator[None]:
    queues, url = surgery.client("sqs"), surgery.find("AWS::SQS::Queue")
    queues.send_message(QueueUrl=url, MessageBody="{}")
    try:
        yield
    finally:
        queues.purge_queue(QueueUrl=url)


BROKEN: dict[str, tuple[Callable[[Surgery], AbstractContextManager[None]], str]] = {
    "rule": (disabled_rule, "is DISABLED: no scan starts the workflow"),
    "rule, target": (other_target, "does not start the stack's state machine"),
    "dead-letter-queue": (dead_letter, "holds about 1 scan events"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_the_notifier_is_broken(surgery: Surgery, what: str) -> None:
    break_it, told = BROKEN[what]
    with break_it(surgery):
        status, report = surgery.examine()
    assert status == 1
    assert_one_bad(report, what.partition(",")[0], "failure", told)
    assert surgery.examine()[1]["verdict"] == "ok"


def test_the_last_execution(surgery: Surgery) -> None:
    """The emulator's own: one that fails, then one that does not."""
    del surgery.gate.answers["ListExecutions"]
    outcome = surgery.stage.run({"repository": "sample-app"})
    assert outcome.status == "FAILED"
    status, report = surgery.examine()
    assert status == 1
    assert_one_bad(report, "workflow", "failure", "ended as FAILED: InvalidRequest: ")
    newest = surgery.stage.list_executions()
    assert any(f"#/v2/executions/details/{arn}" in by_name(report)["workflow"]["advice"] for arn in newest)
    surgery.stage.double.coverage = None
    assert surgery.stage.run({"repository": "sample-app", "imageTag": "1.4.2"}).status == "SUCCEEDED"
    surgery.cover("SUCCESSFUL")
    assert surgery.examine()[1]["verdict"] == "ok"


def test_a_failed_execution_that_may_not_be_read_is_still_a_failure(surgery: Surgery) -> None:
    surgery.gate.answers["ListExecutions"] = list_executions("FAILED")
    surgery.deny("states:DescribeExecution")
    judged = [one for one in surgery.examine()[1]["checks"] if one["check"] == "workflow"]
    assert [one["verdict"] for one in judged] == ["warning", "failure"]
    assert "states:DescribeExecution" in judged[0]["said"]


def test_no_execution_yet(surgery: Surgery) -> None:
    surgery.gate.answers["ListExecutions"] = Answer({"executions": []})
    assert_one_bad(surgery.examine()[1], "workflow", "warning", "was never started")


def list_subscriptions(*arns: str) -> Answer:
    """The emulator confirms a mail's subscription by itself."""
    members = "".join(
        f"<member><SubscriptionArn>{escape(arn)}</SubscriptionArn><Protocol>email</Protocol>"
        "<Endpoint>a@example.com</Endpoint></member>"
        for arn in arns
    )
    result = f"<ListSubscriptionsByTopicResult><Subscriptions>{members}</Subscriptions>"
    return Answer(
        f"<ListSubscriptionsByTopicResponse>{result}</ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>"
    )


@pytest.mark.parametrize(
    ("arns", "verdict", "told"),
    [
        (["PendingConfirmation"], "failure", "not confirmed: 1 email; confirmed: none"),
        (["PendingConfirmation", "arn:aws:sns:x:1:t:1"], "warning", "not confirmed: 1 email; confirmed: 1 email"),
        ([], "warning", "nobody is subscribed"),
    ],
)
def test_subscriptions(surgery: Surgery, arns: list[str], verdict: str, told: str) -> None:
    surgery.gate.answers["ListSubscriptionsByTopic"] = list_subscriptions(*arns)
    assert_one_bad(surgery.examine()[1], "topic", verdict, told)


def test_a_repository_that_no_rule_takes(surgery: Surgery) -> None:
    repositories = surgery.client("ecr")
    repositories.create_repository(repositoryName="team/other")
    try:
        status, report = surgery.examine("--repository", "team/other")
    finally:
        repositories.delete_repository(repositoryName="team/other")
    assert status == 1
    found = by_name(report)
    assert found["repository-policy"]["said"].startswith("the repository team/other has no policy")
    assert found["watched"]["verdict"] == "failure"
    assert report["repositories"] == ["team/other"]


def test_without_a_stack_the_repository_is_looked_at_all_the_same(surgery: Surgery) -> None:
    status, report = surgery.examine("--stack-name", "Nothing", "--repository", "sample-app")
    assert status == 1
    assert [one["check"] for one in report["checks"]] == CHECKS[:6]
    assert_one_bad(report, "stack", "failure", "there is no stack Nothing in 111122223333 ap-northeast-1")


def test_without_a_stack_or_a_repository_it_asks_for_one(surgery: Surgery) -> None:
    _, report = surgery.examine("--stack-name", "Nothing")
    found = by_name(report)
    assert list(found) == ["inspector", "registry-scanning", "repository-policy", "stack"]
    assert found["repository-policy"]["advice"] == "name one: --repository NAME"


def test_another_stack_is_not_a_notifier(surgery: Surgery) -> None:
    _, report = surgery.examine("--stack-name", "CDKToolkit", "--repository", "sample-app")
    found = by_name(report)
    assert [name for name, one in found.items() if one["verdict"] == "failure"] == CHECKS[6:]
    assert found["rule"]["said"] == "the stack CDKToolkit has no rule"


def test_a_repository_that_does_not_exist(surgery: Surgery) -> None:
    _, report = surgery.examine("--repository", "nothing")
    found = by_name(report)
    assert found["repository-policy"]["said"] == "there is no repository nothing in 111122223333 ap-northeast-1"
    assert "image" not in found


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
    "sns:ListSubscriptionsByTopic": "topic",
    "sqs:GetQueueAttributes": "dead-letter-queue",
    "states:ListExecutions": "workflow",
}
ASKED_WHERE_SOMETHING_IS_WRONG = {"ecr:GetAccountSetting", "states:DescribeExecution"}  # tested above


def test_every_permission_has_a_line() -> None:
    assert set(LINE_OF) | ASKED_WHERE_SOMETHING_IS_WRONG == set(PERMISSIONS)


@pytest.mark.parametrize("permission", LINE_OF)
def test_a_missing_permission_is_a_warning_that_names_it(surgery: Surgery, permission: str) -> None:
    surgery.deny(permission)
    status, report = surgery.examine("--repository", "sample-app")
    assert (status, report["verdict"]) == (0, "warning")
    missing = [one for one in report["checks"] if permission in one["said"]]
    assert LINE_OF[permission] in [one["check"] for one in missing]
    assert {one["said"] for one in missing} == {f"not seen: the permission {permission} is missing"}
    beside = [one for one in report["checks"] if one not in missing]
    assert {one["verdict"] for one in beside} == {"ok"}


def test_throttling_is_a_warning_that_says_so(surgery: Surgery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.retries.standard.time.sleep", lambda _: None)
    surgery.stage.double.plan = FaultPlan((Throttle(operation="BatchGetAccountStatus"),))
    surgery.refuse("DescribeRule", "ThrottlingException")
    _, report = surgery.examine("--repository", "sample-app")
    bad = {one["check"] for one in report["checks"] if "AWS throttles" in one["said"]}
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
def test_an_unexpected_answer_stops_nothing_else(surgery: Surgery, operation: str, check: str) -> None:
    surgery.gate.answers[operation] = Answer({})
    _, report = surgery.examine("--repository", "sample-app")
    assert list(by_name(report)) == CHECKS
    assert by_name(report)[check]["verdict"] != "ok"


def test_credentials_that_aws_does_not_take_end_it(surgery: Surgery, capsys: pytest.CaptureFixture[str]) -> None:
    surgery.gate.answers["GetCallerIdentity"] = error("ExpiredToken", "too old", status=403, query=True)
    assert main(["doctor"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "scan-brief: credentials: AWS does not take them: ExpiredToken: too old\n"


def test_without_an_answer_of_sts_the_stack_tells_the_account(
    surgery: Surgery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.retries.standard.time.sleep", lambda _: None)
    surgery.gate.answers["GetCallerIdentity"] = error("ServiceUnavailable", status=503, query=True)
    status, report = surgery.examine()
    assert (status, report["account"]) == (0, "111122223333")


def test_without_an_account_no_policy_and_no_image_is_judged(
    surgery: Surgery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.retries.standard.time.sleep", lambda _: None)
    surgery.gate.answers["GetCallerIdentity"] = error("ServiceUnavailable", status=503, query=True)
    _, report = surgery.examine("--stack-name", "Nothing", "--repository", "sample-app")
    unknown = [one["check"] for one in report["checks"] if "which account this is cannot be told" in one["said"]]
    assert unknown == ["repository-policy", "image"]
    assert [one["check"] for one in report["checks"] if one["verdict"] == "failure"] == ["stack"]


def describe_rule(*names: object) -> Answer:
    """The rule as it is, but for the repositories."""
    pattern = {
        "source": ["aws.inspector2"],
        "detail-type": ["Inspector2 Scan"],
        "detail": {"repository-name": list(names)},
    }
    return Answer({"Name": "x", "State": "ENABLED", "EventPattern": json.dumps(pattern)})


def test_each_repository_that_the_rules_name_is_looked_at(surgery: Surgery) -> None:
    surgery.gate.answers["DescribeRule"] = describe_rule(f"{REPOSITORIES}/sample-app", f"{REPOSITORIES}/team/other")
    _, report = surgery.examine()
    assert report["repositories"] == ["sample-app", "team/other"]
    names = [one["check"] for one in report["checks"]]
    assert [names.count(name) for name in ("registry-scanning", "repository-policy", "watched")] == [2, 2, 2]
    assert names.count("inspector") == names.count("rule") == 1


def test_a_rule_that_only_describes_leaves_the_stacks_own_repository(surgery: Surgery) -> None:
    surgery.gate.answers["DescribeRule"] = describe_rule({"prefix": f"{REPOSITORIES}/sample"})
    status, report = surgery.examine()
    assert (status, report["repositories"], report["verdict"]) == (0, ["sample-app"], "ok")


def test_a_rule_that_only_describes_and_no_repository(surgery: Surgery) -> None:
    surgery.gate.answers["DescribeRule"] = describe_rule({"prefix": f"{REPOSITORIES}/sample"})
    registry = Registry(account="111122223333", region="ap-northeast-1", partition="aws")
    stack = Stack("Other", "111122223333", "CREATE_COMPLETE", {RULE: [surgery.find(RULE)]})
    account = connect()
    assert Notifier(account, registry, stack).list_watched() == []
    assert [one.verdict for one in check_scanning(account, registry, [])] == ["ok", "ok", "warning"]
    account.close()


def test_the_pattern_has_to_be_of_inspectors_scans(surgery: Surgery) -> None:
    pattern = {"source": ["aws.ecr"], "detail": {"repository-name": [f"{REPOSITORIES}/sample-app"]}}
    answer = {"Name": "x", "State": "ENABLED", "EventPattern": json.dumps(pattern)}
    surgery.gate.answers["DescribeRule"] = Answer(answer)
    assert_one_bad(surgery.examine()[1], "watched", "failure", "no rule of the stack takes scans of sample-app")

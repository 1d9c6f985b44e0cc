"""`scan-brief doctor` against the deployed stack: all is well, and what can be wrong before the
event.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from scan_brief_cli.doctor.calls import PERMISSIONS
from scan_brief_cli.main import main
from tests.doctor.answer_edits import (
    CHECKS,
    LOCK,
    REPOSITORIES,
    AnswerEdit,
    assert_one_bad,
    by_name,
    describe_coverage,
)
from tests.gate import Answer, Error


def test_all_is_well(surgery: AnswerEdit) -> None:
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


def test_it_asks_for_nothing_that_is_not_documented(surgery: AnswerEdit) -> None:
    surgery.examine()
    allowed = {permission.partition(":")[2] for permission in PERMISSIONS} | {"GetCallerIdentity"}
    assert set(surgery.gate.calls) <= allowed
    assert {operation for operation, _ in surgery.harness.double.calls} <= allowed
    assert len(surgery.gate.calls) == len(set(surgery.gate.calls))  # and for each thing only once


def test_lines_for_a_person(surgery: AnswerEdit, capsys: pytest.CaptureFixture[str]) -> None:
    surgery.harness.double.statuses = {"111122223333": "DISABLED"}
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
    assert lines[-1] == "ok: 10, warning: 0, failure: 1"


@pytest.mark.parametrize(("state", "verdict"), [("SUSPENDED", "failure"), ("ENABLING", "warning")])
def test_inspector_is_not_enabled(surgery: AnswerEdit, state: str, verdict: str) -> None:
    surgery.harness.double.statuses = {"111122223333": state}
    status, report = surgery.examine()
    assert status == (verdict == "failure")
    assert_one_bad(report, "inspector", verdict, "enabled for ECR in 111122223333 ap-northeast-1")


def test_the_registry_does_not_have_it_scanned(surgery: AnswerEdit) -> None:
    surgery.scan_registry("BASIC")
    status, report = surgery.examine()
    assert status == 1
    assert_one_bad(report, "registry-scanning", "failure", "BASIC, not ENHANCED")


@contextmanager
def repository_policy(surgery: AnswerEdit, policy: dict[str, Any]) -> Iterator[None]:
    repositories = surgery.client("ecr")
    good = repositories.get_repository_policy(repositoryName="sample-app")["policyText"]
    repositories.set_repository_policy(repositoryName="sample-app", policyText=json.dumps(policy))
    try:
        yield
    finally:
        repositories.set_repository_policy(repositoryName="sample-app", policyText=good)


def test_the_repository_shuts_inspector_out(surgery: AnswerEdit) -> None:
    surgery.cover("ACCESS_DENIED")
    with repository_policy(surgery, LOCK):
        status, report = surgery.examine()
    assert status == 1
    found = by_name(report)
    assert [name for name, one in found.items() if one["verdict"] != "ok"] == [
        "repository-policy",
        "image",
    ]
    assert 'statement "Lock" (ecr:BatchGetImage, ' in found["repository-policy"]["said"]
    assert "AWSServiceRoleForAmazonInspector2" in found["repository-policy"]["advice"]
    assert "(ACCESS_DENIED)" in found["image"]["said"]


def test_a_policy_that_cannot_be_judged_is_a_warning(surgery: AnswerEdit) -> None:
    unknown = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
    with repository_policy(surgery, {"Statement": {**LOCK["Statement"], "Condition": unknown}}):  # type: ignore[dict-item]
        status, report = surgery.examine()
    assert status == 0
    assert_one_bad(report, "repository-policy", "warning", 'statement "Lock"')


@pytest.mark.parametrize("resource", ["*", f"{REPOSITORIES}/sample-app"])
def test_the_registry_shuts_inspector_out(surgery: AnswerEdit, resource: str) -> None:
    policy = {"Statement": [{**LOCK["Statement"], "Resource": resource}]}  # type: ignore[dict-item]
    surgery.gate.turns["GetRegistryPolicy"] = Answer({"policyText": json.dumps(policy)})
    surgery.gate.turns["GetAccountSetting"] = Answer(
        {"name": "REGISTRY_POLICY_SCOPE", "value": "V2"}
    )
    assert_one_bad(surgery.examine()[1], "registry-policy", "failure", 'statement "Lock"')
    surgery.gate.turns["GetAccountSetting"] = Answer(
        {"name": "REGISTRY_POLICY_SCOPE", "value": "V1"}
    )
    assert surgery.examine()[1]["verdict"] == "ok"
    surgery.deny("ecr:GetAccountSetting")
    judged = [one for one in surgery.examine()[1]["checks"] if one["check"] == "registry-policy"]
    assert [one["verdict"] for one in judged] == ["warning", "failure"]


def test_the_image_was_not_scanned(surgery: AnswerEdit) -> None:
    surgery.cover("UNSUPPORTED_OS")
    status, report = surgery.examine()
    assert status == 1
    assert_one_bad(
        report,
        "image",
        "failure",
        "its operating system is not one that Inspector scans (UNSUPPORTED_OS)",
    )


def test_the_image_is_not_known_yet(surgery: AnswerEdit) -> None:
    surgery.cover("SUCCESSFUL", digest="sha256:" + "b" * 64)  # of the image before
    assert_one_bad(surgery.examine()[1], "image", "warning", "sample-app:1.4.2")


@contextmanager
def pushed_by_buildx(surgery: AnswerEdit) -> Iterator[dict[str, str]]:
    """In the place of the image: one image, its attestation, and the index over both, which has the
    tag.
    """
    surgery.remove()
    images = surgery.client("ecr")
    digests = {}
    for what, kind in (("image", "manifest"), ("attestation", "manifest"), ("index", "index")):
        put = images.put_image(
            repositoryName="sample-app",
            imageManifest=json.dumps({"schemaVersion": 2, "annotations": {"what": what}}),
            imageManifestMediaType=f"application/vnd.oci.image.{kind}.v1+json",
            **({"imageTag": "2.0"} if what == "index" else {}),
        )
        digests[what] = put["image"]["imageId"]["imageDigest"]
    try:
        yield digests
    finally:
        ids = [{"imageDigest": digest} for digest in digests.values()]
        images.batch_delete_image(repositoryName="sample-app", imageIds=ids)


def test_an_image_that_buildx_pushed(surgery: AnswerEdit) -> None:
    with pushed_by_buildx(surgery) as digests:
        image = describe_coverage("sample-app", digests["image"], "SUCCESSFUL")
        attestation = describe_coverage(
            "sample-app", digests["attestation"], "UNSUPPORTED_MEDIA_TYPE"
        )
        for covered in ([image], [image, attestation]):
            surgery.harness.double.coverage = covered
            status, report = surgery.examine()
            assert (status, report["verdict"]) == (0, "ok")
            assert f"sample-app@{digests['image']} of" in by_name(report)["image"]["said"]
        surgery.cover("ACCESS_DENIED", digests["image"])
        report = surgery.examine()[1]
        assert_one_bad(report, "image", "failure", f"sample-app@{digests['image']} of")
        assert "(ACCESS_DENIED)" in by_name(report)["image"]["said"]


def test_nothing_was_pushed_yet(surgery: AnswerEdit) -> None:
    surgery.remove()
    assert_one_bad(
        surgery.examine()[1], "image", "warning", "no image was pushed to sample-app yet"
    )


def lock_out(surgery: AnswerEdit) -> None:
    message = "not authorized to perform … with an explicit deny in a resource-based policy"
    for operation in ("DescribeImages", "GetRepositoryPolicy"):
        surgery.gate.turns[operation] = Error("AccessDeniedException", message)


@pytest.mark.parametrize("reason", ["SUCCESSFUL", "ACCESS_DENIED"])
def test_another_accounts_repository_of_the_same_name_is_not_judged(
    surgery: AnswerEdit, reason: str
) -> None:
    """Inspector's delegated administrator gets the coverage of every member account."""
    lock_out(surgery)
    surgery.harness.double.coverage = [
        {**describe_coverage("sample-app", surgery.digest, reason), "accountId": "444455556666"},
    ]
    images = [one for one in surgery.examine()[1]["checks"] if one["check"] == "image"]
    assert [one["verdict"] for one in images] == ["warning", "warning"]
    assert images[1]["said"] == "Inspector has scanned no image of sample-app"


def test_locked_out_by_the_repository_it_asks_inspector(surgery: AnswerEdit) -> None:
    lock_out(surgery)
    status, report = surgery.examine()
    assert (status, report["verdict"]) == (0, "warning")
    bad = {one["said"] for one in report["checks"] if one["verdict"] != "ok"}
    locked = "the lock is on: a policy of the repository or registry denies this caller ecr:"
    assert bad == {locked + "DescribeImages", locked + "GetRepositoryPolicy"}
    assert report["checks"][5]["said"].startswith(
        "Inspector has scanned images of sample-app (1), last at "
    )

"""`scan-brief doctor` against the deployed stack: whether the image pushed last was scanned."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.doctor.doctor_harness import (
    DoctorHarness,
    assert_only_problem,
    by_name,
    describe_coverage,
)
from tests.gate import Error


def test_the_image_was_not_scanned(doctor: DoctorHarness) -> None:
    doctor.cover("UNSUPPORTED_OS")
    status, report = doctor.examine()
    assert status == 1
    assert_only_problem(
        report,
        "image",
        "failure",
        "its operating system is not one that Inspector scans (UNSUPPORTED_OS)",
    )


def test_the_image_is_not_known_yet(doctor: DoctorHarness) -> None:
    doctor.cover("SUCCESSFUL", digest="sha256:" + "b" * 64)  # of the image before
    assert_only_problem(doctor.examine()[1], "image", "warning", "sample-app:1.4.2")


@contextmanager
def pushed_by_buildx(doctor: DoctorHarness) -> Iterator[dict[str, str]]:
    """Instead of the image: an image, its attestation and their index, which has the
    tag.
    """
    doctor.remove()
    images = doctor.client("ecr")
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


def test_an_image_that_buildx_pushed(doctor: DoctorHarness) -> None:
    with pushed_by_buildx(doctor) as digests:
        image = describe_coverage("sample-app", digests["image"], "SUCCESSFUL")
        attestation = describe_coverage(
            "sample-app", digests["attestation"], "UNSUPPORTED_MEDIA_TYPE"
        )
        for covered in ([image], [image, attestation]):
            doctor.harness.double.coverage = covered
            status, report = doctor.examine()
            assert (status, report["verdict"]) == (0, "ok")
            assert f"sample-app@{digests['image']} of" in by_name(report)["image"]["said"]
        doctor.cover("ACCESS_DENIED", digests["image"])
        report = doctor.examine()[1]
        assert_only_problem(report, "image", "failure", f"sample-app@{digests['image']} of")
        assert "(ACCESS_DENIED)" in by_name(report)["image"]["said"]


def test_a_signature_that_was_pushed_last(doctor: DoctorHarness) -> None:
    """cosign's, without a subject and with an image's media type."""
    images = doctor.client("ecr")
    attached = f"{doctor.digest.replace(':', '-')}.sig"
    images.put_image(
        repositoryName="sample-app",
        imageManifest=json.dumps({"schemaVersion": 2, "annotations": {"what": "signature"}}),
        imageManifestMediaType="application/vnd.oci.image.manifest.v1+json",
        imageTag=attached,
    )
    try:
        report = doctor.examine("--strict")[1]
        assert by_name(report)["image"]["said"].startswith(
            "the last pushed image, sample-app:1.4.2"
        )
        assert report["verdict"] == "ok"
    finally:
        images.batch_delete_image(repositoryName="sample-app", imageIds=[{"imageTag": attached}])


def test_nothing_was_pushed_yet(doctor: DoctorHarness) -> None:
    doctor.remove()
    assert_only_problem(
        doctor.examine()[1], "image", "warning", "no image was pushed to sample-app yet"
    )


def lock_out(doctor: DoctorHarness) -> None:
    message = "not authorized to perform … with an explicit deny in a resource-based policy"
    for operation in ("DescribeImages", "GetRepositoryPolicy"):
        doctor.gate.turns[operation] = Error("AccessDeniedException", message)


@pytest.mark.parametrize("reason", ["SUCCESSFUL", "ACCESS_DENIED"])
def test_another_accounts_repository_of_the_same_name_is_not_checked(
    doctor: DoctorHarness, reason: str
) -> None:
    """Inspector's delegated administrator gets the coverage of every member account."""
    lock_out(doctor)
    doctor.harness.double.coverage = [
        {**describe_coverage("sample-app", doctor.digest, reason), "accountId": "444455556666"},
    ]
    images = [check for check in doctor.examine()[1]["checks"] if check["check"] == "image"]
    assert [image["verdict"] for image in images] == ["warning", "warning"]
    assert images[1]["said"] == "Inspector has scanned no image of sample-app"


def test_if_the_repository_denies_the_caller_coverage_is_checked(doctor: DoctorHarness) -> None:
    lock_out(doctor)
    status, report = doctor.examine()
    assert (status, report["verdict"]) == (0, "warning")
    bad = {check["said"] for check in report["checks"] if check["verdict"] != "ok"}
    locked = "the lock works: a policy of the repository or registry denies this caller ecr:"
    assert bad == {locked + "DescribeImages", locked + "GetRepositoryPolicy"}
    assert report["checks"][5]["said"].startswith(
        "Inspector has scanned images of sample-app (1), last at "
    )

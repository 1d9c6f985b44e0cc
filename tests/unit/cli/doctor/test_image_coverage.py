"""What coverage says of the image pushed last, or of a whole repository."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scan_brief.scan.reasons import IMAGE_REASONS
from scan_brief.scan.request import Registry
from scan_brief_cli.doctor.check import Check
from scan_brief_cli.doctor.image_coverage import (
    Pushed,
    check_image,
    check_push,
    check_repository,
    image_request,
    list_last_push,
)

REGISTRY = Registry(account="111122223333", region="eu-central-1", partition="aws")
NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
DIGEST = "sha256:" + "a" * 64
ARN = "arn:aws:ecr:eu-central-1:111122223333:repository/"


def image(number: int, **members: Any) -> dict[str, Any]:
    pushed_at = NOW - timedelta(days=number)
    return {"imageDigest": f"sha256:{number:064}", "imagePushedAt": pushed_at, **members}


def test_the_newest_image() -> None:
    index = "application/vnd.oci.image.index.v1+json"
    listed = "application/vnd.docker.distribution.manifest.list.v2+json"
    images = [
        image(5),
        image(
            4,
            imageTags=["1.0"],
            imageManifestMediaType="application/vnd.oci.image.manifest.v1+json",
        ),
        image(3, imageManifestMediaType=index),
        image(2, imageManifestMediaType=listed),
        image(1, subjectManifestDigest="sha256:" + "b" * 64),
        image(6),
    ]
    (newest,) = list_last_push(images)
    assert newest["imageTags"] == ["1.0"]
    assert list_last_push([]) == list_last_push(images[2:3]) == []


MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def pushed_at(seconds: int, **members: Any) -> dict[str, Any]:
    """That many seconds before the newest image."""
    at = NOW - timedelta(days=1, seconds=seconds)
    members.setdefault("imageManifestMediaType", MANIFEST)
    return {"imageDigest": f"sha256:{seconds:064}", "imagePushedAt": at, **members}


def test_images_pushed_with_the_newest_belong_to_the_last_push() -> None:
    images = [
        pushed_at(121, imageTags=["0.9"]),
        pushed_at(0),
        pushed_at(120),
        pushed_at(60, imageTags=["1.0"]),
    ]
    for listed in (images, images[::-1]):
        assert list_last_push(listed) == [images[3], images[1], images[2]]


def test_an_index_does_not_count_as_a_push() -> None:
    index = pushed_at(
        0, imageManifestMediaType="application/vnd.oci.image.index.v1+json", imageTags=["1.0"]
    )
    assert list_last_push([index, pushed_at(200)]) == [pushed_at(200)]


def covered(reason: str | None, scanned_at: datetime | None = None) -> dict[str, Any]:
    status = {"scanStatus": {"statusCode": "INACTIVE", "reason": reason}} if reason else {}
    return {
        "resourceId": f"{ARN}a/{DIGEST}",
        **status,
        **({"lastScannedAt": scanned_at} if scanned_at else {}),
    }


def check_coverage(coverage: dict[str, Any] | None, age: timedelta = timedelta(days=1)) -> Check:
    request = image_request(REGISTRY, "a", {"imageDigest": DIGEST, "imageTags": ["1.0", "latest"]})
    return check_image(Pushed(request, NOW - age, [coverage] if coverage else []), NOW)


VERDICTS = {
    "warning": (
        *("INTERNAL_ERROR", "PENDING_INITIAL_SCAN", "PENDING_REVIVAL_SCAN", "SCAN_IN_PROGRESS"),
        *("IMAGE_ARCHIVED", "SCAN_ELIGIBILITY_EXPIRED"),
    ),
    "failure": (
        *(
            "ACCESS_DENIED",
            "ACCESS_DENIED_TO_ENCRYPTION_KEY",
            "IMAGE_SIZE_EXCEEDED",
            "NO_RESOURCES_FOUND",
        ),
        *(
            "PENDING_DISABLE",
            "SCAN_FREQUENCY_MANUAL",
            "EXTRACTION_COLLECTION_TIME_LIMIT_EXCEEDED",
            "INVALID_ARTIFACT",
            "RESOURCE_TERMINATED",
            "STORAGE_LIMIT_EXCEEDED",
            "UNSUPPORTED_CONFIG_FILE",
            "UNSUPPORTED_MEDIA_TYPE",
            "UNSUPPORTED_OS",
            "SOMETHING_NEW",
        ),
    ),
}


def test_every_reason_has_a_verdict() -> None:
    assert set(IMAGE_REASONS) <= {reason for reasons in VERDICTS.values() for reason in reasons}


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [(verdict, reason) for verdict, reasons in VERDICTS.items() for reason in reasons],
)
def test_an_image_that_was_not_scanned(verdict: str, reason: str) -> None:
    check = check_coverage(covered(reason))
    assert check.verdict == verdict
    assert check.text.startswith(
        "the last pushed image, a:1.0 of 2026-01-30T09:30:00Z, is not scanned, because "
    )
    assert reason in check.text
    assert check.advice


@pytest.mark.parametrize(
    "reason", ["SUCCESSFUL", "SCAN_FREQUENCY_SCAN_ON_PUSH", "SCAN_IN_PROGRESS"]
)
def test_an_image_that_was_scanned(reason: str) -> None:
    check = check_coverage(covered(reason, NOW))
    assert (check.verdict, check.text[-41:]) == ("ok", "was scanned, last at 2026-01-31T09:30:00Z")


def test_an_image_that_inspector_does_not_know() -> None:
    assert check_coverage(None).verdict == "failure"
    assert check_coverage(None, age=timedelta(minutes=59)).verdict == "warning"


def test_an_image_without_a_tag_has_its_digest() -> None:
    request = image_request(REGISTRY, "a", {"imageDigest": DIGEST})
    check = check_image(Pushed(request, NOW, [covered("UNSUPPORTED_OS")]), NOW)
    assert f"a@{DIGEST} of" in check.text


def push(**reasons: str | None) -> Check:
    """By names: those that begin with tag_ have one, `unknown` as a reason means that Inspector
    does not know it.
    """
    pushed = []
    for number, (name, reason) in enumerate(reasons.items()):
        tags = [name] if name.startswith("tag_") else []
        request = image_request(
            REGISTRY, "a", {"imageDigest": f"sha256:{number}", "imageTags": tags}
        )
        known = (
            []
            if reason == "unknown"
            else [covered(reason, NOW if reason == "SUCCESSFUL" else None)]
        )
        pushed.append(Pushed(request, NOW - timedelta(days=1, seconds=number), known))
    return check_push(pushed, NOW)


@pytest.mark.parametrize(
    "reasons",
    [
        {"attestation": "UNSUPPORTED_MEDIA_TYPE", "amd64": "SUCCESSFUL"},
        {"attestation": "unknown", "amd64": "SUCCESSFUL"},
        {"amd64": "SUCCESSFUL", "attestation": "NO_RESOURCES_FOUND"},
        {"tag_1": "UNSUPPORTED_OS", "arm64": "ACCESS_DENIED", "amd64": "SUCCESSFUL"},
    ],
)
def test_one_scanned_image_of_a_push_is_enough(reasons: dict[str, str]) -> None:
    number = list(reasons.values()).index("SUCCESSFUL")
    check = push(**reasons)
    assert check.verdict == "ok"
    assert f"a@sha256:{number} of" in check.text


@pytest.mark.parametrize(
    ("reasons", "verdict", "expected"),
    [
        (
            {"attestation": "ACCESS_DENIED", "tag_1": "PENDING_INITIAL_SCAN"},
            "warning",
            "a:tag_1 of",
        ),
        ({"attestation": "ACCESS_DENIED", "tag_1": "unknown"}, "failure", "a:tag_1 of"),
        ({"tag_1": "unknown", "tag_2": "ACCESS_DENIED"}, "failure", "a:tag_2 of"),
        ({"attestation": "unknown", "amd64": "UNSUPPORTED_OS"}, "failure", "a@sha256:1 of"),
        ({"amd64": "SCAN_IN_PROGRESS", "attestation": "unknown"}, "warning", "a@sha256:0 of"),
        (
            {"attestation": "UNSUPPORTED_MEDIA_TYPE", "amd64": "PENDING_INITIAL_SCAN"},
            "warning",
            "a@sha256:1 of",
        ),
        (
            {"attestation": "NO_RESOURCES_FOUND", "amd64": "ACCESS_DENIED"},
            "failure",
            "a@sha256:1 of",
        ),
        ({"amd64": "UNSUPPORTED_OS", "arm64": "UNSUPPORTED_OS"}, "failure", "a@sha256:0 of"),
    ],
)
def test_a_push_without_a_scanned_image_has_the_check_that_explains_most(
    reasons: dict[str, str], verdict: str, expected: str
) -> None:
    check = push(**reasons)
    assert (check.verdict, expected in check.text) == (verdict, True), check


@pytest.mark.parametrize(
    ("items", "verdict", "expected"),
    [
        (
            [covered("SUCCESSFUL", NOW), covered("UNSUPPORTED_OS")],
            "ok",
            "scanned images of a (1), last at 2026-01-31",
        ),
        (
            [covered("SUCCESSFUL", NOW), covered("UNSUPPORTED_OS")],
            "ok",
            "not scanned: 1 UNSUPPORTED_OS",
        ),
        ([covered("SUCCESSFUL", NOW), covered("ACCESS_DENIED")], "failure", "1 ACCESS_DENIED"),
        ([covered("UNSUPPORTED_OS"), covered(None)], "warning", "1 UNKNOWN, 1 UNSUPPORTED_OS"),
        ([], "warning", "scanned no image of a"),
    ],
)
def test_the_coverage_of_a_whole_repository(
    items: list[dict[str, Any]], verdict: str, expected: str
) -> None:
    check = check_repository("a", items)
    assert (check.verdict, expected in check.text) == (verdict, True)

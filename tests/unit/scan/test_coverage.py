"""coverage: an image's digest, tags and state as Inspector reports them, or why it has none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from scan_brief.scan.coverage import resolve_image
from scan_brief.scan.errors import ImageNotScanned
from scan_brief.scan.reasons import IMAGE_REASONS, SCANNING
from scan_brief.scan.request import ScanRequest
from tests.unit.builders import DIGEST, REGISTRY, REPOSITORY_ARN

BY_TAG = ScanRequest(registry=REGISTRY, repository="sample-app", by_hand=True, tag="latest")
BY_DIGEST = ScanRequest(registry=REGISTRY, repository="sample-app", by_hand=True, digest=DIGEST)
NOON = datetime(2026, 1, 31, 12, 0, 5, tzinfo=UTC)
OTHER = "sha256:" + "f" * 64


def covered(
    digest: str = DIGEST, reason: str | None = "SUCCESSFUL", **members: Any
) -> dict[str, Any]:
    return {
        "resourceType": "AWS_ECR_CONTAINER_IMAGE",
        "resourceId": f"{REPOSITORY_ARN}/{digest}",
        "scanStatus": {"statusCode": "ACTIVE", "reason": reason},
        "resourceMetadata": {"ecrImage": {"tags": ["1.4.2", "latest", "prod"]}},
        "lastScannedAt": NOON,
        **members,
    }


def refusal(request: ScanRequest, images: list[dict[str, Any]]) -> str:
    with pytest.raises(ImageNotScanned) as raised:
        resolve_image(request, images)
    return str(raised.value)


def test_a_tag_is_resolved_and_comes_first() -> None:
    resolved = resolve_image(BY_TAG, [covered()])
    assert resolved.digest == DIGEST
    assert resolved.tags == ("latest", "1.4.2", "prod")
    assert resolved.scanned_at == "2026-01-31T12:00:05Z"
    assert resolved.status == "SUCCESSFUL"
    assert (resolved.by_hand, resolved.tag, resolved.repository) == (True, "latest", "sample-app")
    assert resolved.announced is None


def test_the_tags_of_a_digest_keep_their_order() -> None:
    assert resolve_image(BY_DIGEST, [covered()]).tags == ("1.4.2", "latest", "prod")


def test_the_time_is_utc() -> None:
    tokyo = timezone(timedelta(hours=9))
    resolved = resolve_image(
        BY_TAG, [covered(lastScannedAt=datetime(2026, 2, 1, 6, 0, tzinfo=tokyo))]
    )
    assert resolved.scanned_at == "2026-01-31T21:00:00Z"


def test_the_image_with_the_newest_scan_is_chosen_in_any_order() -> None:
    older = covered(OTHER, lastScannedAt=NOON - timedelta(days=1))
    never = covered("sha256:" + "e" * 64, lastScannedAt=None)
    for images in ([older, covered(), never], [never, covered(), older]):
        assert resolve_image(BY_TAG, images).digest == DIGEST


def test_a_scanned_image_comes_before_one_that_is_not() -> None:
    newer = covered(OTHER, "UNSUPPORTED_OS", lastScannedAt=NOON + timedelta(days=1))
    assert resolve_image(BY_TAG, [covered(), newer]).digest == DIGEST


@pytest.mark.parametrize(
    "reason", ["SUCCESSFUL", "SCAN_FREQUENCY_SCAN_ON_PUSH", "SCAN_IN_PROGRESS"]
)
def test_an_image_that_was_scanned_before_is_resolved(reason: str) -> None:
    assert resolve_image(BY_TAG, [covered(reason=reason)]).status == reason


def test_an_image_in_its_first_scan_is_not_scanned() -> None:
    message = refusal(BY_TAG, [covered(reason="SCAN_IN_PROGRESS", lastScannedAt=None)])
    assert (
        message
        == "sample-app:latest: not scanned, because its scan is still running (SCAN_IN_PROGRESS)"
    )


def test_an_unknown_image_is_named_with_its_repository() -> None:
    unknown = f"Inspector does not know this image in {REPOSITORY_ARN}"
    assert refusal(BY_TAG, []).startswith(f"sample-app:latest: {unknown}")
    assert refusal(BY_DIGEST, []) == f"sample-app@{DIGEST}: {unknown}"


def test_only_a_request_by_tag_gets_the_hint_about_indexes() -> None:
    assert refusal(BY_TAG, []).endswith(
        "give the digest of an image in it, or build a single image with --provenance=false"
    )
    assert "pushed as an index" in refusal(BY_TAG, [])
    both = replace(BY_TAG, digest=DIGEST)
    for request, images in (
        (BY_DIGEST, []),
        (both, []),
        (BY_TAG, [covered(reason="UNSUPPORTED_OS")]),
    ):
        assert "index" not in refusal(request, images)


@pytest.mark.parametrize("reason", sorted(set(IMAGE_REASONS) - {SCANNING}))
def test_every_reason_has_words(reason: str) -> None:
    message = refusal(BY_TAG, [covered(reason=reason, lastScannedAt=None)])
    assert message.startswith("sample-app:latest: not scanned, because ")
    assert message.endswith(f" ({reason})")
    assert len(message) > len(f"sample-app:latest: not scanned, because  ({reason})")


def test_a_reason_without_words_is_shown_clean() -> None:
    assert refusal(BY_TAG, [covered(reason="NEW_\x1b[1mREASON")]).endswith(
        "because Inspector says NEW_REASON"
    )
    for nothing in (covered(reason=None), covered(scanStatus=None), covered(scanStatus=["x"])):
        assert refusal(BY_TAG, [nothing]).endswith("because Inspector says nothing of its state")


@pytest.mark.parametrize(
    "metadata", [None, {}, {"ecrImage": None}, {"ecrImage": {}}, {"ecrImage": {"tags": "latest"}}]
)
def test_without_tags_and_time_there_are_none(metadata: object) -> None:
    resolved = resolve_image(
        BY_DIGEST, [covered(resourceMetadata=metadata, lastScannedAt="yesterday")]
    )
    assert resolved.tags == ()
    assert resolved.scanned_at is None

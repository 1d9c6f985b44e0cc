"""What the watchdog makes of pushes and of changes of coverage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scan_brief.scan import reasons
from scan_brief.scan.errors import UnreadableEvent
from scan_brief.scan.request import read_request
from scan_brief.scan.watch import decide, read_watched
from tests.unit.builders import DIGEST, REGISTRY, REPOSITORY_ARN
from tests.unit.scan.test_coverage import covered

OCI = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
ATTACHED = f"sha256-{'0' * 64}"
UNTAGGED = {"image-tag": None}


def push(**changed: Any) -> dict[str, Any]:
    detail = {
        "action-type": "PUSH",
        "result": "SUCCESS",
        "repository-name": "sample-app",
        "image-digest": DIGEST,
        "image-tag": "1.4.2",
        "manifest-media-type": OCI,
        "artifact-media-type": CONFIG,
    } | changed
    return {
        "detail-type": "ECR Image Action",
        "source": "aws.ecr",
        "time": "2026-01-31T23:30:00Z",
        "detail": {name: value for name, value in detail.items() if value is not None},
    }


def changed_coverage(*resources: Any) -> dict[str, Any]:
    return {
        "detail-type": "Inspector2 Coverage",
        "source": "aws.inspector2",
        "resources": list(resources) or [f"{REPOSITORY_ARN}/{DIGEST}"],
        "detail": {"scanStatus": {"statusCodeValue": "INACTIVE", "reason": "ACCESS_DENIED"}},
    }


def never() -> str:
    raise AssertionError("it is known to Inspector")


def answer(
    event: dict[str, Any],
    images: list[dict[str, Any]],
    find_state: Callable[[], str] = never,
) -> Any:
    return decide(read_watched(event, REGISTRY), images, find_state, 30)


def reason_of(result: Any) -> str | None:
    return result["request"]["watchdog"]["reason"] if result["request"] else None


def unscanned(reason: str | None, tags: list[str] | None = None) -> dict[str, Any]:
    image = covered(reason=reason)
    image["resourceMetadata"] = {"ecrImage": {"tags": tags or []}}
    return image | {"lastScannedAt": None}


@pytest.mark.parametrize("reason", ["SUCCESSFUL", "SCAN_FREQUENCY_SCAN_ON_PUSH"])
def test_a_scanned_push_asks_for_the_scans_own_brief(reason: str) -> None:
    result = answer(push(), [covered(reason=reason)])
    assert result == {
        "why": "scanned",
        "request": {
            "repository": "sample-app",
            "imageDigest": DIGEST,
            "watchdog": {
                "reason": "",
                "imageTag": "1.4.2",
                "pushedAt": "2026-01-31T23:30:00Z",
                "minutes": 30,
            },
        },
    }
    assert read_request(result["request"], REGISTRY).by_hand


@pytest.mark.parametrize("reason", sorted({*reasons.IMAGE_REASONS} - {reasons.DELETED}))
def test_a_push_that_is_not_scanned_is_reported_with_its_reason(reason: str) -> None:
    assert reason_of(answer(push(), [unscanned(reason)])) == reason


@pytest.mark.parametrize("reason", ["NEW_REASON", None])
def test_a_new_reason_is_reported_as_it_is(reason: str | None) -> None:
    assert reason_of(answer(push(), [unscanned(reason)])) == (reason or "NOT_KNOWN")


@pytest.mark.parametrize("state", [reasons.NOT_KNOWN, reasons.NOT_COVERED, reasons.SCANNING_OFF])
def test_a_push_that_inspector_does_not_know_is_reported(state: str) -> None:
    assert reason_of(answer(push(), [], lambda: state)) == state


@pytest.mark.parametrize(
    "changed",
    [
        {"manifest-media-type": INDEX},
        {"manifest-media-type": "application/vnd.docker.distribution.manifest.list.v2+json"},
        {"image-tag": f"{ATTACHED}.sig"},
        {"image-tag": f"{ATTACHED}.att"},
        {"image-tag": f"{ATTACHED}.sbom"},
        {"artifact-media-type": "application/vnd.cncf.helm.config.v1+json"},
        {"artifact-media-type": "application/vnd.dev.sigstore.bundle.v0.3+json"},
        {"artifact-media-type": "application/spdx+json"},
        {"artifact-media-type": "application/vnd.in-toto+json", "image-tag": None},
    ],
)
def test_what_is_no_image_raises_no_alarm(changed: dict[str, Any]) -> None:
    result = answer(push(**changed), [], never)
    assert result["request"] is None
    assert result["why"].startswith("no image: ")


@pytest.mark.parametrize("reason", reasons.NOTHING_TO_SCAN)
def test_what_buildx_pushes_next_to_an_image_raises_no_alarm(reason: str) -> None:
    untagged = push(**UNTAGGED)
    assert reason_of(answer(untagged, [unscanned(reason)])) is None
    assert reason_of(answer(untagged, [], lambda: reasons.NOT_KNOWN)) is None
    # With a tag, it is an image that somebody wants scanned.
    assert reason_of(answer(untagged, [unscanned(reason, ["1.4.2"])])) == reason


@pytest.mark.parametrize("reason", ["ACCESS_DENIED", "IMAGE_SIZE_EXCEEDED", "PENDING_INITIAL_SCAN"])
def test_an_image_of_an_index_is_reported_though_it_has_no_tag(reason: str) -> None:
    assert reason_of(answer(push(**UNTAGGED), [unscanned(reason)])) == reason
    assert reason_of(answer(push(**UNTAGGED), [], lambda: reasons.SCANNING_OFF)) == "SCANNING_OFF"


def test_a_deleted_image_is_nobodys_work() -> None:
    assert answer(push(), [unscanned(reasons.DELETED)]) == {
        "request": None,
        "why": reasons.DELETED,
    }


@pytest.mark.parametrize(
    "reason", sorted({*reasons.IMAGE_REASONS, "NEW_REASON"} - {*reasons.NO_ERROR})
)
def test_an_image_that_cannot_be_scanned_any_more_is_reported(reason: str) -> None:
    result = answer(changed_coverage(), [unscanned(reason, ["latest"])])
    assert result["request"]["watchdog"] == {
        "reason": reason,
        "imageTag": "latest",
        "pushedAt": None,
        "minutes": None,
    }


@pytest.mark.parametrize("reason", reasons.NO_ERROR)
def test_scans_that_end_as_they_should_are_no_news(reason: str) -> None:
    assert answer(changed_coverage(), [unscanned(reason, ["latest"])])["request"] is None
    assert answer(changed_coverage(), [])["request"] is None


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (push(**{"repository-name": None}), "repository"),
        (push(**{"repository-name": "Sample App"}), "repository"),
        (push(**{"image-digest": "latest"}), "imageDigest"),
        ({**push(), "detail": None}, "repository"),
        ({**push(), "detail": []}, "repository"),
        (changed_coverage("i-0123456789abcdef0"), "resources"),
        (changed_coverage(None, {}), "resources"),
        ({}, "resources"),
        ([], "resources"),
    ],
)
def test_an_event_that_cannot_be_read_is_refused_by_field(event: Any, field: str) -> None:
    with pytest.raises(UnreadableEvent, match=f"^{field}: given "):
        read_watched(event, REGISTRY)


@pytest.mark.parametrize("time", [None, "yesterday", 5, "2026-13-31T23:30:00Z"])
def test_an_odd_time_costs_only_the_time(time: Any) -> None:
    result = answer({**push(), "time": time}, [unscanned("ACCESS_DENIED")])
    assert result["request"]["watchdog"]["pushedAt"] is None
    assert result["request"]["watchdog"]["minutes"] == 30


@pytest.mark.parametrize(
    ("watchdog", "field"),
    [
        ([], "watchdog"),
        ({}, "watchdog.reason"),
        ({"reason": "no code"}, "watchdog.reason"),
        ({"reason": "", "minutes": "30"}, "watchdog.minutes"),
        ({"reason": "", "minutes": True}, "watchdog.minutes"),
        ({"reason": "", "pushedAt": "today"}, "time"),
    ],
)
def test_a_persons_own_watchdog_is_refused_by_field(watchdog: Any, field: str) -> None:
    request = {"repository": "sample-app", "imageDigest": DIGEST, "watchdog": watchdog}
    with pytest.raises(Exception, match=f"^{field}: given "):
        read_request(request, REGISTRY)

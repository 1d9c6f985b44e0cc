"""Each reason for which Inspector does not scan an image has its words and its remedy."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from scan_brief.brief.language_files import TEMPLATES
from scan_brief.scan import reasons
from scan_brief_cdk.bundle import build_bundle
from scan_brief_common.limits import CHAT_STEP_CHARACTERS, LANGUAGES

# Of EC2 instances, Lambda functions and code repositories: no image can have them.
OTHER_RESOURCES = {
    *("AGENTLESS_INSTANCE_COLLECTION_TIME_LIMIT_EXCEEDED", "RESOURCE_UNMANAGED"),
    *("AGENTLESS_INSTANCE_STORAGE_LIMIT_EXCEEDED", "DEEP_INSPECTION_NO_INVENTORY"),
    "DEEP_INSPECTION_COLLECTION_TIME_LIMIT_EXCEEDED",
    "DEEP_INSPECTION_DAILY_SSM_INVENTORY_LIMIT_EXCEEDED",
    "DEEP_INSPECTION_PACKAGE_COLLECTION_LIMIT_EXCEEDED",
    *("EC2_INSTANCE_STOPPED", "EXCLUDED_BY_TAG", "INTEGRATION_CONNECTION_LOST", "NO_INVENTORY"),
    *("NO_SCAN_CONFIGURATION_ASSOCIATED", "RESOURCE_STOPPED", "STALE_INVENTORY"),
    *("UNMANAGED_EC2_INSTANCE", "UNSUPPORTED_CODE_ARTIFACTS", "UNSUPPORTED_LANGUAGE"),
    "UNSUPPORTED_RUNTIME",
}
OWN = {reasons.NOT_KNOWN, reasons.NOT_COVERED, reasons.SCANNING_OFF}


def read_model() -> set[str]:
    """The values of ScanStatusReason in the newest model that there is: the bundle's."""
    (path,) = build_bundle().glob("aws-models/inspector2/*/service-2.json.gz")
    shapes: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))["shapes"]
    return set(shapes["ScanStatusReason"]["enum"])


def read_notices(language: str) -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = json.loads(
        (TEMPLATES / language / "notice.json").read_text("utf-8")
    )
    return read


def test_a_reason_of_the_model_is_one_of_images_or_of_something_else() -> None:
    of_images = {*reasons.IMAGE_REASONS, *reasons.SCANNED}
    assert not of_images & OTHER_RESOURCES
    assert of_images | OTHER_RESOURCES == read_model()


def test_groups_have_only_known_reasons() -> None:
    groups = {*reasons.NO_ERROR, *reasons.NOTHING_TO_SCAN, reasons.DELETED, reasons.SCANNING}
    assert groups <= {*reasons.IMAGE_REASONS, *reasons.SCANNED}
    assert not set(reasons.NO_ERROR) & set(reasons.NOTHING_TO_SCAN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_has_a_remedy_in_words(language: str) -> None:
    notices = read_notices(language)
    assert set(notices) == {*reasons.IMAGE_REASONS, *OWN, "OTHER"}
    for reason, said in notices.items():
        assert set(said) == {"short", "why", "next"}, reason
        assert all(said.values()), reason
        assert not said["why"].endswith((".", "。")), reason  # the templates end the sentence
        assert said["next"].endswith((".", "。")), reason
        assert len(said["next"]) <= CHAT_STEP_CHARACTERS, reason

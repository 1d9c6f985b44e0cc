"""console: the link to one image's findings, in each partition."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest

from scan_brief.brief.console import link_image
from tests.unit.builders import DIGEST, make_report


def test_the_link_is_the_images_own() -> None:
    assert link_image(make_report()["image"]) == (
        "https://eu-central-1.console.aws.amazon.com/inspector/v2/home?region=eu-central-1"
        "#/findings/container-image/arn%3Aaws%3Aecr%3Aeu-central-1%3A111122223333%3Arepository%2Fsample-app%2F"
        f"sha256%3A{DIGEST[7:]}"
    )


@pytest.mark.parametrize(
    ("partition", "host"),
    [
        ("aws", "eu-central-1.console.aws.amazon.com"),
        ("aws-cn", "eu-central-1.console.amazonaws.cn"),
        ("aws-us-gov", "eu-central-1.console.amazonaws-us-gov.com"),
        ("aws-of-a-later-day", "eu-central-1.console.aws.amazon.com"),
    ],
)
def test_each_partition_has_its_console(partition: str, host: str) -> None:
    image = {**make_report()["image"], "partition": partition}
    link = urlsplit(link_image(image))
    assert link.hostname == host
    assert unquote(link.fragment) == f"/findings/container-image/{image['repositoryArn']}/{DIGEST}"

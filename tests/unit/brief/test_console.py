"""console: the link to an image's findings in each partition, and briefs without a link."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from scan_brief.brief.console import link_image
from scan_brief.model import Report
from tests.unit.builders import DIGEST, make_brief, make_finding, make_report


def test_the_link_is_the_images_own() -> None:
    arn = "arn%3Aaws%3Aecr%3Aeu-central-1%3A111122223333%3Arepository%2Fsample-app%2F"
    assert link_image(make_report()["image"]) == (
        "https://eu-central-1.console.aws.amazon.com/inspector/v2/home?region=eu-central-1"
        f"#/findings/container-image/{arn}sha256%3A{DIGEST[7:]}"
    )


@pytest.mark.parametrize(
    ("partition", "host"),
    [
        ("aws", "eu-central-1.console.aws.amazon.com"),
        ("aws-cn", "eu-central-1.console.amazonaws.cn"),
        ("aws-eusc", "eu-central-1.console.amazonaws-eusc.eu"),
        ("aws-us-gov", "eu-central-1.console.amazonaws-us-gov.com"),
    ],
)
def test_each_partition_has_its_own_console(partition: str, host: str) -> None:
    image = make_report()["image"]
    link = urlsplit(link_image({**image, "partition": partition}) or "")
    assert link.hostname == host
    assert unquote(link.fragment) == f"/findings/container-image/{image['repositoryArn']}/{DIGEST}"


@pytest.mark.parametrize("findings", [[], [make_finding()]], ids=["clear", "findings"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_without_a_known_console_only_the_link_is_missing(
    language: str, findings: list[Any]
) -> None:
    report = make_report(findings, announced={"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "TOTAL": 0})
    elsewhere: Report = {**report, "image": {**report["image"], "partition": "aws-iso"}}
    assert link_image(elsewhere["image"]) is None
    linked, unlinked = (make_brief(given, language)["message"] for given in (report, elsewhere))
    link = link_image(report["image"])
    described = [
        [message["email"], json.loads(message["https"])["content"]["description"]]
        for message in (linked, unlinked)
    ]
    for with_link, without in zip(*described, strict=True):
        lines = with_link.splitlines()
        assert lines.count(str(link)) == 1
        # On the first screen.
        assert lines.index(str(link)) < 10
        assert without.splitlines() == [line for line in lines if line != link]

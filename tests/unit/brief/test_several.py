"""The messages of a summary and a digest: bounds, attributes, numbers that reconcile."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest

from scan_brief.brief.digest import DigestFormatter
from scan_brief.brief.summary import SummaryFormatter
from scan_brief.model import Brief
from scan_brief.settings import FormatSettings
from scan_brief_common.limits import LANGUAGES, VALUES_OF_ATTRIBUTE
from tests.shapes import assert_shape
from tests.unit.brief.several_cases import ARN, make_digest, make_summary
from tests.unit.builders import make_formatter


def settings_of(language: str) -> FormatSettings:
    return FormatSettings(language=language, time_zone=ZoneInfo("UTC"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_summary_has_the_shape_of_a_brief(language: str) -> None:
    brief = SummaryFormatter(settings_of(language)).format(make_summary())
    assert_shape(brief, Brief)
    assert (brief["attributes"]["kind"], brief["remember"]) == ("SUMMARY", None)
    assert json.loads(brief["attributes"]["repository"]) == ["team-a/*"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_keeps_its_mark_and_is_formatted_like_a_report(language: str) -> None:
    mark = {"audience": "a", "until": "2026-01-30T23:00:00Z", "unfixed": None, "parts": 0}
    digest = make_digest(remember=mark)
    brief = DigestFormatter(settings_of(language)).format(digest)
    assert_shape(brief, Brief)
    assert brief == make_formatter(language).format_digest(digest)
    assert (brief["attributes"]["kind"], brief["remember"]) == ("DIGEST", mark)


def test_the_attributes_have_as_many_repositories_as_sns_accepts() -> None:
    arns = [f"{ARN}/team/{number}" for number in range(500)]
    brief = SummaryFormatter(settings_of("en")).format(make_summary(arns=arns))
    attributes = brief["attributes"]
    assert json.loads(attributes["repositoryArn"]) == arns[:VALUES_OF_ATTRIBUTE]
    assert json.loads(attributes["repository"])[0] == "team/0"

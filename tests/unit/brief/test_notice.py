"""The brief of an image that was not scanned: its reason, its remedy, its limits."""

from __future__ import annotations

import json
import re

import pytest

from scan_brief.scan.reasons import IMAGE_REASONS, NOT_COVERED, NOT_KNOWN, SCANNING_OFF
from scan_brief_common import limits
from tests.unit.brief.document_schema import validate
from tests.unit.brief.notice_cases import format_notice, make_notice_of

REASONS = [*IMAGE_REASONS, NOT_KNOWN, NOT_COVERED, SCANNING_OFF, "NEW_REASON"]


@pytest.mark.parametrize("language", limits.LANGUAGES)
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_a_brief_within_the_limits(reason: str, language: str) -> None:
    notice = make_notice_of(reason)
    notice["image"]["repository"] = "team/" + "n" * 240 + "-end"
    brief = format_notice(notice, language)
    chat = json.loads(brief["message"]["https"])["content"]
    assert 1 <= len(brief["subject"]) <= limits.SUBJECT_CHARACTERS
    assert len(chat["nextSteps"][0]) <= limits.CHAT_STEP_CHARACTERS
    assert not chat["nextSteps"][0].endswith("…")
    assert reason in brief["message"]["email"]
    assert reason in chat["description"]
    document = validate(brief["message"]["sqs"])
    assert (document["kind"], document["reason"]) == (notice["notice"], reason)
    assert brief["attributes"] | {"total": "0", "severity": "UNKNOWN"} == brief["attributes"]
    assert not re.search(r"None|undefined|\{reason\}", brief["message"]["email"])


def test_a_notice_says_where_and_when() -> None:
    text = format_notice(make_notice_of("ACCESS_DENIED"), "en")["message"]["email"]
    assert "team/sample-app:1.4.2" in text
    assert "2026-01-31 23:30 UTC, 30 minutes before it was checked" in text
    assert "scan-brief doctor --repository team/sample-app" in text


def test_what_a_push_does_not_say_is_left_out() -> None:
    notice = make_notice_of("ACCESS_DENIED", pushedAt=None, minutes=None, imageTag=None)
    text = format_notice(notice, "en")["message"]["email"]
    assert "Pushed" not in text
    assert (
        not {"pushTime", "waitedMinutes"}
        & validate(format_notice(notice, "en")["message"]["lambda"]).keys()
    )

"""The fallback machine bears any JSON and keeps the limits of every channel."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scan_brief_common import limits
from scan_brief_common.defusing import MARKUP
from tests.unit.brief.document_schema import validate
from tests.workflow.fallback_inputs import (
    DETAIL,
    EVENT,
    EXECUTION,
    FAILURES,
    HOSTILE,
    REPOSITORIES,
    REQUESTS,
    publish,
    with_detail,
)

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
OURS = re.compile(r"https://[a-z]+-[a-z]+-1\.console\.aws\.amazon\.com/\S+")


def check(published: Any) -> None:
    message = published["Message"]
    content = json.loads(message["https"])["content"]
    report = validate(message["sqs"])
    assert 1 <= len(published["Subject"]) <= limits.SUBJECT_CHARACTERS
    assert not CONTROL.search(published["Subject"])
    assert 1 <= len(content["title"]) <= limits.CHAT_TITLE_CHARACTERS
    assert 1 <= len(content["description"]) <= limits.CHAT_DESCRIPTION_CHARACTERS
    assert (message["email"], message["lambda"]) == (message["default"], message["sqs"])
    assert not CONTROL.search(message["email"].replace("\n", ""))
    assert report["kind"] == "DETAILS_UNAVAILABLE"
    assert EXECUTION in message["email"]
    assert EXECUTION in content["description"]
    for name in ("repository", "repositoryArn"):
        value = published["MessageAttributes"][name]["StringValue"]
        assert 1 <= len(value) <= limits.REPOSITORY_ARN_CHARACTERS
        assert not CONTROL.search(value)
    assert len(json.dumps(published)) < limits.STATE_BYTES / 2
    check_nothing_is_live(message["email"], content)


def check_nothing_is_live(text: str, content: dict[str, str]) -> None:
    """No link but our own, and in a chat no markup but that of our own links."""
    assert not re.search(r"://|www\.|mailto:", OURS.sub("", text))
    shown = OURS.sub("", content["description"] + content["title"])
    assert not set(shown) & set(MARKUP)


# One language does for the odd ones: only texts differ.
BRIEFS = [(name, "en") for name in REQUESTS] + [(name, "ja") for name in list(REQUESTS)[:12]]


@pytest.mark.parametrize(("name", "language"), BRIEFS)
def test_every_request_has_a_brief_within_the_limits(name: str, language: str) -> None:
    published = publish(REQUESTS[name], language)
    check(published)
    words = f"{published['Subject']}\n{published['Message']['email']}"
    assert not {"null", "undefined", "None", "-1", "{repository}"} & set(
        re.sub(r"(Request|依頼内容)\n.*", "", words).split()
    )


@pytest.mark.parametrize("name", FAILURES)
def test_every_failure_has_a_brief_within_the_limits(name: str) -> None:
    published = publish(EVENT, failure=FAILURES[name])
    check(published)
    assert "x" * 301 not in json.dumps(published)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([*DETAIL.values(), EVENT["time"], HOSTILE, "aws.inspector2", REPOSITORIES])
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from([*EVENT, *DETAIL, "CRITICAL", "TOTAL", "x"]), inner),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(odd=JSON, field=st.sampled_from(list(EVENT)), part=st.sampled_from(list(DETAIL)), fail=JSON)
def test_any_json_in_any_place_has_a_brief(odd: Any, field: str, part: str, fail: Any) -> None:
    for request in (odd, {**EVENT, field: odd}, {**EVENT, "detail": {**DETAIL, part: odd}}):
        check(publish(request, failure={"Error": fail, "Cause": odd}))


def test_a_long_name_keeps_its_end_in_the_subject_and_is_whole_elsewhere() -> None:
    name = f"sample-{'n' * 240}/the-end"
    published = publish(with_detail(repository_name=REPOSITORIES + name))
    assert len(published["Subject"]) == limits.SUBJECT_CHARACTERS
    assert "/the-end · details unavailable" in published["Subject"]
    assert f"A scan of {name} ended" in published["Message"]["default"]
    attributes = published["MessageAttributes"]
    assert attributes["repository"]["StringValue"] == name
    assert attributes["repositoryArn"]["StringValue"] == REPOSITORIES + name


def test_a_request_by_hand_is_quoted_and_a_long_one_is_cut() -> None:
    short, long = REQUESTS["byHand"], {"repository": "sample-app", "imageTag": "x" * 200_000}
    assert json.loads(publish(short)["Message"]["sqs"])["request"] == short
    published = publish(long)
    check(published)
    quoted = json.loads(published["Message"]["sqs"])["request"]
    assert (len(quoted), quoted[-1]) == (limits.QUOTED_REQUEST_CHARACTERS, "…")


def test_an_event_whose_repository_is_one_of_a_list_reaches_its_subscribers() -> None:
    # EventBridge matches each text of a list, so the rule starts an execution for it.
    attributes = publish(REQUESTS["names"])["MessageAttributes"]
    assert attributes["repositoryArn"]["StringValue"] == f"{REPOSITORIES}sample-app"

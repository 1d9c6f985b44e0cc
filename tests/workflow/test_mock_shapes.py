"""Every mocked result of a function has the shape that scan_brief.model declares."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scan_brief.model import FetchResult, FormatResult, GatherBriefResult, RememberResult
from tests.shapes import assert_shape

WORKFLOW = Path(__file__).resolve().parents[2] / "workflow"
# By state.
SHAPES: dict[str, Any] = {
    "FetchFindings": FetchResult,
    "FormatMessage": FormatResult,
    "GatherBrief": GatherBriefResult,
    "RememberBrief": RememberResult,
}
# Answers that lack something, as old code gives them to a new definition during a deployment.
INCOMPLETE = {
    *("FetchOldAnswer", "FetchNothing", "FetchWaitWithoutSeconds"),
    *("FormatNothing", "FormatWithoutAttribute", "GatherNothing"),
}


def list_results() -> Iterator[tuple[str, str, Any]]:
    """State, response and payload of each."""
    for file in sorted(WORKFLOW.rglob("*mocks.json")):
        mocks = json.loads(file.read_text("utf-8"))
        used = {
            (state, response)
            for machine in mocks["StateMachines"].values()
            for case in machine["TestCases"].values()
            for state, response in case.items()
        }
        for state, response in sorted(used):
            for answer in mocks["MockedResponses"][response].values():
                if state in SHAPES and "Return" in answer:
                    yield state, response, answer["Return"]["Payload"]


@pytest.mark.parametrize(("state", "response", "payload"), list(list_results()))
def test_a_mocked_result_has_the_declared_shape(state: str, response: str, payload: Any) -> None:
    if response in INCOMPLETE:
        with pytest.raises(AssertionError, match="not of the shape"):
            assert_shape(payload, SHAPES[state])
    else:
        assert_shape(payload, SHAPES[state])


def test_every_function_is_mocked() -> None:
    assert {state for state, *_ in list_results()} == set(SHAPES)

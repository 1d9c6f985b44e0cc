"""The mock file against the definition, the list of cases, and what the functions really return."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from local.workflow_cases import MACHINE, MOCKS, Case, load_cases, render_for_cases
from scan_brief.scan.request import read_request
from tests.workflow.examples import BESIDE, real_brief, real_report
from tests.workflow.flow_rules import next_states
from tests.workflow.task_rules import own_errors

NAMED = {
    *(
        "FirstTry",
        "SettleLoop",
        "SettledNever",
        "RetryThenSuccess",
        "RetriesExhausted",
        "FormatFailure",
    ),
    *(
        "PublishFailure",
        "FallbackUnpublished",
        "InvalidRequest",
        "ImageNotScanned",
        "ByHandByTag",
        "ByHandByDigest",
    ),
}
DEFINITION = render_for_cases()
STATES: dict[str, Any] = DEFINITION["States"]
FILE: dict[str, Any] = json.loads(MOCKS.read_text("utf-8"))
MOCKED: dict[str, dict[str, str]] = FILE["StateMachines"][MACHINE]["TestCases"]
RESPONSES: dict[str, dict[str, Any]] = FILE["MockedResponses"]
CASES = load_cases()
TASKS = {name for name, state in STATES.items() if state["Type"] == "Task"}


def tries(response: str) -> list[dict[str, Any]]:
    """One entry for each call: "0-2" counts three times."""
    found: list[dict[str, Any]] = []
    for key, answer in RESPONSES[response].items():
        first, _, last = key.partition("-")
        assert int(first) == len(found), f"{response}: {key} does not follow"
        found += [answer] * (int(last or first) - int(first) + 1)
    return found


def answers(kind: str, *states: str) -> list[dict[str, Any]]:
    used = {
        response for case in MOCKED.values() for state, response in case.items() if state in states
    }
    return [
        answer[kind] for response in sorted(used) for answer in tries(response) if kind in answer
    ]


def shape(value: Any) -> Any:
    """Keys and types, of a list those of its first."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    return [shape(one) for one in value[:1]] if isinstance(value, list) else type(value).__name__


def top(value: dict[str, Any]) -> dict[str, str]:
    return {key: type(one).__name__ for key, one in value.items()}


def test_every_case_stands_in_both_files() -> None:
    assert set(MOCKED) == {case.name for case in CASES}
    assert set(MOCKED) >= NAMED


def test_every_mocked_response_is_used_and_every_used_one_is_there() -> None:
    assert {response for case in MOCKED.values() for response in case.values()} == set(RESPONSES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_states_are_a_way_that_the_definition_allows(case: Case) -> None:
    first, *_, last = case.expected.states
    assert first == DEFINITION["StartAt"]
    for state, after in zip(case.expected.states, case.expected.states[1:], strict=False):
        assert after in next_states(STATES[state])
    ending = (STATES[last]["Type"] == "Fail", STATES[last].get("End", False))
    assert ending == ((True, False) if case.expected.status == "FAILED" else (False, True))
    assert case.expected.error == STATES[last].get("Error", "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_task_on_the_way_is_mocked_and_no_other(case: Case) -> None:
    # A task without a mock would call AWS.
    assert set(MOCKED[case.name]) == TASKS & set(case.expected.states)


def retried(state: str, error: str) -> int:
    """How often the state asks again after this error."""
    timeouts = ("States.Timeout", "States.TaskFailed")
    for retrier in STATES[state].get("Retry", []):
        names = retrier["ErrorEquals"]
        if error in names or ("States.TaskFailed" in names and error not in timeouts):
            return int(retrier["MaxAttempts"])
    return 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_as_many_tries_are_mocked_as_the_task_makes(case: Case) -> None:
    visits = Counter(case.expected.states)
    for state, response in MOCKED[case.name].items():
        made, ended = 0, 0
        retries: Counter[str] = Counter()
        for answer in tries(response):
            made += 1
            error = answer.get("Throw", {}).get("Error", "")
            if error and retries[error] < retried(state, error):
                retries[error] += 1
            else:
                ended, retries = ended + 1, Counter()
        assert (made, ended) == (len(tries(response)), visits[state]), f"{state}: {response}"


def test_every_state_is_visited_by_a_case() -> None:
    assert {state for case in CASES for state in case.expected.states} == set(STATES)


@pytest.mark.parametrize(
    "report", answers("Return", "FetchFindings"), ids=lambda one: one["Payload"]["settled"]
)
def test_a_mocked_report_is_as_fetch_findings_makes_it(report: dict[str, Any]) -> None:
    real, mocked = real_report(), report["Payload"]
    assert report.keys() == {"StatusCode", "Payload"}
    by_hand = mocked["scan"]["byHand"]
    assert top(mocked) == {**top(dict(real)), "announced": "NoneType" if by_hand else "dict"}
    assert shape(mocked["image"]) == shape(real["image"])
    assert shape(mocked["scan"]) == shape(real["scan"])
    assert shape(mocked["counts"]) == shape(real["counts"])
    for finding in mocked["topFindings"]:
        assert finding.keys() == real["topFindings"][0].keys()


@pytest.mark.parametrize(
    "brief", answers("Return", "FormatMessage"), ids=lambda one: one["Payload"]["subject"][:30]
)
def test_a_mocked_brief_is_as_format_message_makes_it(brief: dict[str, Any]) -> None:
    assert brief.keys() == {"StatusCode", "Payload"}
    assert shape(brief["Payload"]) == shape(real_brief())


@pytest.mark.parametrize(
    "failure", answers("Throw", "FetchFindings", "FormatMessage"), ids=lambda one: one["Error"]
)
def test_a_function_fails_as_lambda_reports_it(failure: dict[str, str]) -> None:
    cause = json.loads(failure["Cause"])
    assert cause["errorType"] == failure["Error"]
    assert isinstance(cause["errorMessage"], str)
    assert failure["Error"] in own_errors() | {"UndefinedError"}


def test_each_of_our_errors_is_thrown_in_some_case() -> None:
    assert own_errors() <= {failure["Error"] for failure in answers("Throw", "FetchFindings")}


def test_the_requests_are_such_as_the_case_says() -> None:
    for case in CASES:
        if case.name == "InvalidRequest":
            with pytest.raises(Exception, match="exactly one of the two"):
                read_request(case.request, BESIDE)
        else:
            by_hand = read_request(case.request, BESIDE).by_hand
            assert by_hand == ("repository" in case.request)

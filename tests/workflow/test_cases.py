"""The brief machine's named cases on the emulator, and whether their mocks are complete."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from local.emulator.process import Emulator
from local.step_functions_local import main
from local.workflow_cases import MACHINE, MOCKS, Case, compare, load_cases, render_for_cases
from scan_brief.scan.errors import InvalidRequest
from scan_brief.scan.request import Registry, read_request
from tests.workflow.conftest import Recording
from tests.workflow.contracts import next_states
from tests.workflow.retry_contracts import retries_after

# MiniStack decides a mocked Throw once for each visit of a state, so its Retry meets the same error
# each time. That a retry recovers is tested on the deployed stack, with a double that fails first.
LEFT_OUT = {"RetryThenSuccess"}
DEFINITION = render_for_cases()
STATES: dict[str, Any] = DEFINITION["States"]
MOCK_FILE: dict[str, Any] = json.loads(MOCKS.read_text("utf-8"))
MOCKED: dict[str, dict[str, str]] = MOCK_FILE["StateMachines"][MACHINE]["TestCases"]
RESPONSES: dict[str, dict[str, Any]] = MOCK_FILE["MockedResponses"]
CASES = load_cases()
TASKS = {name for name, state in STATES.items() if state["Type"] == "Task"}
REGISTRY = Registry(account="111122223333", region="ap-northeast-1", partition="aws")


def tries(response: str) -> list[dict[str, Any]]:
    """One entry for each call: "0-2" counts three times."""
    found: list[dict[str, Any]] = []
    for key, answer in RESPONSES[response].items():
        first, _, last = key.partition("-")
        assert int(first) == len(found), f"{response}: {key} does not follow"
        found += [answer] * (int(last or first) - int(first) + 1)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_ends_as_expected(case: Case, recording: Recording) -> None:
    differences = compare(case.expected, recording.outcomes[case.name])
    # Once a case that is left out passes, MiniStack has learned it: take it out of LEFT_OUT.
    assert bool(differences) == (case.name in LEFT_OUT), differences


def test_both_files_have_the_same_cases_and_every_response_is_used() -> None:
    assert list(MOCKED) == [case.name for case in CASES]
    assert {name for case in MOCKED.values() for name in case.values()} == set(RESPONSES)


def test_every_transition_of_every_state_has_a_case() -> None:
    taken = {
        pair
        for case in CASES
        for pair in zip(case.expected.states, case.expected.states[1:], strict=False)
    }
    assert taken == {(name, after) for name in STATES for after in next_states(STATES[name])}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_exactly_the_calls_of_each_case_are_mocked(case: Case) -> None:
    # A task without a mock would call AWS.
    visits = Counter(case.expected.states)
    assert MOCKED[case.name].keys() == TASKS & visits.keys()
    for state, response in MOCKED[case.name].items():
        ended, retried = 0, Counter[str]()
        for answer in tries(response):
            error = answer.get("Throw", {}).get("Error", "")
            if error and retried[error] < retries_after(STATES[state], error):
                retried[error] += 1
            else:
                ended, retried = ended + 1, Counter()
        assert (ended, retried) == (visits[state], Counter()), f"{state}: {response}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_request_has_the_kind_that_the_case_names(case: Case) -> None:
    refused = {"InvalidRequest": "exactly one of the two", "UnreadableEvent": "image-digest"}
    if case.name in refused:
        with pytest.raises(InvalidRequest, match=refused[case.name]):
            read_request(case.request, REGISTRY)
    else:
        by_hand = read_request(case.request, REGISTRY).by_hand
        assert by_hand == ("repository" in case.request)


def test_the_command_prints_a_line_for_each_case(
    case_emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SFN_LOCAL_ENDPOINT", case_emulator.endpoint_url)
    assert main() == 1
    lines = capsys.readouterr().out.splitlines()
    results = {line[5:]: line[:4] for line in lines if line.startswith(("ok", "FAIL"))}
    assert results == {c.name: "FAIL" if c.name in LEFT_OUT else "ok  " for c in CASES}
    assert lines[-1] == f"{len(CASES) - len(LEFT_OUT)} passed, {len(LEFT_OUT)} failed"

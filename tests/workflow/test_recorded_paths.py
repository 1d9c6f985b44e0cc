"""Every path of the brief machine, against what each of its states was entered with."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from local.workflow_cases import MACHINE, MOCKS, render_for_cases
from tests.workflow.conftest import Recording
from tests.workflow.recorded_paths import find_missing, find_missing_in_result

STATES: dict[str, Any] = render_for_cases()["States"]
MOCK_FILE: dict[str, Any] = json.loads(MOCKS.read_text("utf-8"))


def results_of(state: str) -> list[Any]:
    """What the state's task returns in some case."""
    cases = MOCK_FILE["StateMachines"][MACHINE]["TestCases"].values()
    responses = {case[state] for case in cases if state in case}
    answers = [a for name in responses for a in MOCK_FILE["MockedResponses"][name].values()]
    return [answer["Return"] for answer in answers if "Return" in answer]


def missing(name: str, state: dict[str, Any], recording: Recording) -> list[str]:
    found = {path for entered in recording.inputs[name] for path in find_missing(state, entered)}
    for result in results_of(name):
        found |= set(find_missing_in_result(state, result))
    return sorted(found)


def misspelled(state: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Copies of the state, each with one misspelled path."""
    for place, key, text in list(_paths(state)):
        for path in set(re.findall(r"\$\$?\.[\w.-]+", text)):
            mutant = copy.deepcopy(state)
            holder: Any = mutant
            for step in place:
                holder = holder[step]
            holder[key] = text.replace(path, f"{path}x", 1)
            yield path, mutant


def _paths(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any, str]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        if isinstance(inner, dict | list):
            yield from _paths(inner, (*place, key))
        elif isinstance(inner, str) and "$." in inner and key not in ("ResultPath", "OutputPath"):
            yield place, key, inner


def test_a_case_enters_every_state(recording: Recording) -> None:
    assert recording.inputs.keys() == STATES.keys()


@pytest.mark.parametrize("name", STATES)
def test_every_path_leads_somewhere_in_every_recorded_input(
    name: str, recording: Recording
) -> None:
    assert missing(name, STATES[name], recording) == []


@pytest.mark.parametrize("name", [name for name in STATES if STATES[name]["Type"] != "Choice"])
def test_a_misspelled_path_is_found(name: str, recording: Recording) -> None:
    mutants = list(misspelled(STATES[name]))
    unseen = [path for path, mutant in mutants if not missing(name, mutant, recording)]
    assert unseen == []


@pytest.mark.parametrize("name", [name for name in STATES if STATES[name]["Type"] == "Choice"])
def test_a_choice_asks_whether_a_field_is_present_before_it_reads_it(
    name: str, recording: Recording
) -> None:
    # The recorded answers include those that lack a field: without IsPresent, AWS would end here.
    unguarded = copy.deepcopy(STATES[name])
    for rule in unguarded["Choices"]:
        rule["And"] = [test for test in rule["And"] if "IsPresent" not in test]
    assert missing(name, unguarded, recording)

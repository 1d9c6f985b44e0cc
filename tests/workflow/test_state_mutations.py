"""The cases of every state find every small break of it."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from local.emulator.process import Emulator
from tests.workflow.state_cases import Call, StateCase, definition, list_states, load_cases, run
from tests.workflow.state_mutations import Place, mutate_state

# MiniStack reads null for a path that leads nowhere, and takes null for absent. AWS does not.
SURVIVORS = {
    ("brief", "WaitForFindings"): ["SecondsPath misspelled"],
    ("brief", "FindingsSettled"): ["Choices/4/And/1 gone"],
}


@pytest.mark.parametrize(("machine", "state"), list_states())
def test_a_broken_state_fails_a_case(machine: str, state: str, case_emulator: Emulator) -> None:
    whole = definition(machine)
    call = case_emulator.client("stepfunctions").test_state
    mutants = list(mutate_state(whole["States"][state]))
    survivors = [
        f"{'/'.join(map(str, place))} {change}"
        for place, change, mutant in mutants
        if passes(machine, state, place, call, {**whole["States"], state: mutant})
    ]
    assert survivors == SURVIVORS.get((machine, state), [])
    assert all(mutant != whole["States"][state] for *_, mutant in mutants)


def passes(machine: str, state: str, place: Place, call: Call, states: dict[str, object]) -> bool:
    """Whether no case fails. The most likely ones to fail run first."""
    cases = sorted(load_cases(machine, state), key=lambda case: not _is_about(case, place))
    broken = {**definition(machine), "States": states}
    try:
        return not any(run(case, call, broken) for case in cases)
    except ClientError:
        return False


def _is_about(case: StateCase, place: Place) -> bool:
    handlers = {"Retry": ("retry",), "Catch": ("catch",), "Choices": ("arm",)}
    about = [case.expected.get(key) for key in handlers.get(place[0], ())]
    last = place[-1] == "MaxAttempts" and "attempts" in (case.mock or {})
    return last or (len(place) > 1 and place[1] in about)

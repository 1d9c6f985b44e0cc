"""The named cases of workflow/mocks/ on MiniStack, through the runner that runs them on Step
Functions Local.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.emulator.process import Emulator
from local.step_functions_local import connect, main, run_cases
from local.workflow_cases import MOCKS, Case, Outcome, compare, load_cases

# MiniStack decides a mocked Throw once for each visit of a state, so that its Retry meets the same
# error again and again. That a retry does recover is shown on the deployed stack, with a double
# that fails and then answers.
LEFT_OUT = {"RetryThenSuccess"}
CASES = [case for case in load_cases() if case.name not in LEFT_OUT]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(
        account="111122223333", region="eu-central-1", wait_scale=0.01, mocks=MOCKS
    ) as running:
        yield running


@pytest.fixture(scope="module")
def outcomes(emulator: Emulator) -> dict[str, Outcome]:
    return run_cases(connect(emulator.endpoint_url), CASES, seconds=60)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_goes_as_it_is_written_down(case: Case, outcomes: dict[str, Outcome]) -> None:
    assert compare(case.expected, outcomes[case.name]) == []


def test_what_is_left_out_would_fail_here(emulator: Emulator) -> None:
    # Once this fails, MiniStack has learned it, and the case need not be left out any more.
    cases = [case for case in load_cases() if case.name in LEFT_OUT]
    outcomes = run_cases(connect(emulator.endpoint_url), cases, seconds=60)
    assert all(compare(case.expected, outcomes[case.name]) for case in cases)


def test_the_command_says_line_by_line_how_each_case_went(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SFN_LOCAL_ENDPOINT", emulator.endpoint_url)
    status = main()
    lines = capsys.readouterr().out.splitlines()
    assert status == 1
    assert [line for line in lines if line.startswith("FAIL")] == [
        f"FAIL {name}" for name in LEFT_OUT
    ]
    assert [line for line in lines if line.startswith("ok")] == [
        f"ok   {case.name}" for case in CASES
    ]
    assert lines[-1] == f"{len(CASES)} passed, {len(LEFT_OUT)} failed"

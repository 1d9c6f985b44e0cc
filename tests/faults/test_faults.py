"""Each fault, once and always: exactly one right brief, or one fallback brief and a failure."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby

import pytest

from tests.faults.cases import Brief, Case, Fallback, Nothing
from tests.faults.conftest import CASES
from tests.faults.run import Ended, FaultRun


def check_end(case: Case, ended: Ended, explain: Callable[[Case], str]) -> None:
    outcome = ended.outcome
    if isinstance(case.end, Nothing):
        assert (outcome.status, outcome.error) == ("FAILED", case.end.error)
        assert case.end.cause in outcome.cause
        assert ended.messages == []
        return
    assert len(ended.messages) == 1, explain(case)
    (message,) = ended.messages
    if isinstance(case.end, Brief):
        assert outcome.status == "SUCCEEDED", outcome
        expected = case.end.attributes
        assert {name: message.attributes[name] for name in expected} == expected
        assert message.subject.startswith(case.end.subject)
        assert case.end.says in " ".join(message.text.split())
    else:
        assert isinstance(case.end, Fallback)
        assert (outcome.status, outcome.error) == ("FAILED", case.end.error)
        assert message.attributes["kind"] == "DETAILS_UNAVAILABLE"
        assert case.end.reason in " ".join(message.text.split())
        assert case.end.cause in outcome.cause


def summarize(errors: list[str]) -> str:
    """The errors of tasks, each with + if it comes several times in a row."""
    runs = [(name, len(list(group))) for name, group in groupby(errors)]
    return " ".join(name + "+" * (number > 1) for name, number in runs)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_end_of_a_fault(fault_run: FaultRun, case: Case) -> None:
    ended = fault_run.end(case)
    check_end(case, ended, fault_run.explain)
    assert summarize(ended.outcome.task_errors) == case.failed
    assert ended.fired > 0 or not (case.faults or case.planned or case.proxied or case.registry)


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[A-Za-z0-9-]{1,80}", name) for name in names)

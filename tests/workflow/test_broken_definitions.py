"""The definition broken on purpose, one way after the other: a rule must complain, and name the
state.
"""

from __future__ import annotations

import pytest

from tests.workflow.data_mutations import DATA
from tests.workflow.definition_rules import RULES, complain
from tests.workflow.examples import definition
from tests.workflow.flow_mutations import FLOW
from tests.workflow.mutation import Mutation
from tests.workflow.task_mutations import TASKS
from tests.workflow.text_mutations import LIMITS, PATHS, PUBLISHES

BREAKAGES = [*FLOW, *TASKS, *PUBLISHES, *PATHS, *DATA, *LIMITS]


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.name)
def test_a_rule_complains_and_names_the_state(breakage: Mutation) -> None:
    broken = definition()
    breakage.apply(broken)
    assert broken != definition(), "nothing was broken"
    said = complain(broken)
    assert breakage.rule in said, f"{breakage.rule} said nothing; others: {said}"
    assert any(complaint.startswith(f"{breakage.state}: ") for complaint in said[breakage.rule]), (
        said
    )


def test_breakages_have_names_of_their_own() -> None:
    assert len({breakage.name for breakage in BREAKAGES}) == len(BREAKAGES)


def test_every_rule_over_states_has_been_broken() -> None:
    # Its subject is the texts, not the states: test_fallback_texts breaks it.
    assert RULES.keys() - {breakage.rule for breakage in BREAKAGES} == {"fallback_texts_are_plain"}


@pytest.mark.parametrize("text", ["a {brace", "a }", "back\\slash", "{0}"])
def test_a_fallback_text_that_would_break_the_format_is_complained_about(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.workflow.text_rules.read_fallback_texts", lambda: {"en": {"FallbackText": text}}
    )
    assert list(RULES["fallback_texts_are_plain"](definition()))


def test_a_gap_too_few_in_one_language_is_complained_about(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"en": {"FallbackText": "{}" * 12}, "ja": {"FallbackText": "{}" * 11}}
    monkeypatch.setattr("tests.workflow.text_rules.read_fallback_texts", lambda: texts)
    said = [
        one
        for one in RULES["formats_fill_their_texts"](definition())
        if one.startswith("WriteFallback: text")
    ]
    assert said == ["WriteFallback: text.$ has 12 values for 11 gaps in ja"]

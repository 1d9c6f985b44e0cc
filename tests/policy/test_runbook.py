"""Each sentence of the runbook's section on being locked out names cases that prove it."""

from __future__ import annotations

import re

import pytest

from tests.policy.callers import Verdict
from tests.policy.case import ALLOWED, DENIED, NOT_GRANTED
from tests.policy.cases import CASES
from tests.project import PROJECT_ROOT

HEADING = "## Locked out of the repository"
# The runbook's words for a case's verdicts on reading, writing and changing the policy.
SHOWN: dict[str, tuple[Verdict, Verdict, Verdict]] = {
    "allowed": ALLOWED,
    "denied": DENIED,
    "not granted": NOT_GRANTED,
    "pull only": ("allowed", "not granted", "not granted"),
    "push only": ("not granted", "allowed", "not granted"),
    "pull and push only": ("allowed", "allowed", "not granted"),
}
EVIDENCE = re.compile(rf"({'|'.join(SHOWN)}): (`[a-z0-9-]+`(?:, `[a-z0-9-]+`)*)")


def list_sentences(text: str) -> list[str]:
    """The sentences of the section, without headings and list markers, across line breaks."""
    section = text.partition(f"\n{HEADING}\n")[2].partition("\n## ")[0]
    prose = re.sub(r"^###.*$", "", section, flags=re.MULTILINE)
    blocks = re.split(r"\n\s*\n|\n(?=- |\d+\. )", prose)
    unmarked = [re.sub(r"^(?:- |\d+\. )", "", block.strip()) for block in blocks]
    joined = [" ".join(block.split()) for block in unmarked if block]
    return [
        sentence for block in joined for sentence in re.split(r"(?<=[.?!])\s+(?=[A-Z`*\[])", block)
    ]


def list_evidence(sentence: str) -> list[tuple[str, str]]:
    """(words for the verdicts, case) for each case that the sentence names."""
    return [
        (shown, case)
        for shown, names in EVIDENCE.findall(sentence)
        for case in re.findall(r"`(.+?)`", names)
    ]


SENTENCES = list_sentences((PROJECT_ROOT / "docs" / "runbook.md").read_text("utf-8"))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_has_cases_that_prove_it(sentence: str) -> None:
    evidence = list_evidence(sentence)
    assert evidence, "this sentence names no case"
    for shown, case in evidence:
        assert case in CASES, f"no such case: {case}"
        assert CASES[case].expected == SHOWN[shown], f"{case} does not show: {shown}"


def test_the_whole_section_is_found() -> None:
    assert len(SENTENCES) > 15
    assert all(sentence.endswith(").") for sentence in SENTENCES)
    named = {case for sentence in SENTENCES for _, case in list_evidence(sentence)}
    assert {
        name for name in re.findall(r"`([a-z0-9-]+)`", " ".join(SENTENCES)) if name in CASES
    } == named


def test_a_sentence_without_a_case_is_found() -> None:
    section = "One (denied: `lambda`). Two.\n\n- Three\n  lines. `Four` is one (allowed: `a`, `b`)."
    assert [
        list_evidence(sentence)
        for sentence in list_sentences(f"\n{HEADING}\n{section}\n\n## Next\n")
    ] == [
        [("denied", "lambda")],
        [],
        [],
        [("allowed", "a"), ("allowed", "b")],
    ]

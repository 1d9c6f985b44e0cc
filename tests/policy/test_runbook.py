"""The runbook's section on being locked out says nothing behind which no case of the table stands."""

from __future__ import annotations

import re

import pytest

from tests.policy.callers import Verdict
from tests.policy.cases import ALLOWED, CASES, DENIED, NOT_GRANTED
from tests.project import PROJECT_ROOT

HEADING = "## Locked out of the repository"
# What a case shows of reading, writing and changing the policy, in the runbook's words.
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
    """The sentences of the section: a heading or a list's mark is none, and a line break ends none."""
    section = text.partition(f"\n{HEADING}\n")[2].partition("\n## ")[0]
    prose = re.sub(r"^###.*$", "", section, flags=re.MULTILINE)
    blocks = re.split(r"\n\s*\n|\n(?=- |\d+\. )", prose)
    unmarked = [re.sub(r"^(?:- |\d+\. )", "", block.strip()) for block in blocks]
    joined = [" ".join(block.split()) for block in unmarked if block]
    return [
        sentence for block in joined for sentence in re.split(r"(?<=[.?!])\s+(?=[A-Z`*\[])", block)
    ]


def list_evidence(sentence: str) -> list[tuple[str, str]]:
    """(what is shown, case) for each case that the sentence names."""
    return [
        (shown, case)
        for shown, names in EVIDENCE.findall(sentence)
        for case in re.findall(r"`(.+?)`", names)
    ]


SENTENCES = list_sentences((PROJECT_ROOT / "docs" / "runbook.md").read_text("utf-8"))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_cases_stand_behind_the_sentence_and_show_what_it_says(sentence: str) -> None:
    evidence = list_evidence(sentence)
    assert evidence, "no case stands behind this sentence"
    for shown, case in evidence:
        assert case in CASES, f"no such case: {case}"
        assert CASES[case].expected == SHOWN[shown], f"{case} does not show: {shown}"


def test_the_section_is_found_whole() -> None:
    assert len(SENTENCES) > 15
    assert all(sentence.endswith(").") for sentence in SENTENCES)
    named = {case for sentence in SENTENCES for _, case in list_evidence(sentence)}
    assert {
        name for name in re.findall(r"`([a-z0-9-]+)`", " ".join(SENTENCES)) if name in CASES
    } == named


def test_a_sentence_without_a_case_would_be_seen() -> None:
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

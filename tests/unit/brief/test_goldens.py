"""Every kind of brief in both languages, as its reader gets it.

After a change that is meant: `pytest tests/unit/test_goldens.py --update-goldens`, then read the
difference.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.brief.golden_cases import CASES, Brief

FOLDER = Path(__file__).parent / "goldens"
LANGUAGES = ("en", "ja")


def render(brief: Brief) -> dict[str, str]:
    """The golden's text by the end of its file's name."""
    mail = f"Subject: {brief['subject']}\n\n{brief['message']['email']}"
    chat = json.dumps(json.loads(brief["message"]["https"]), ensure_ascii=False, indent=2) + "\n"
    return {"txt": mail, "chat.json": chat}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_a_brief_is_as_it_was_read_and_found_good(
    case: str, language: str, pytestconfig: pytest.Config
) -> None:
    for ending, text in render(CASES[case](language)).items():
        golden = FOLDER / f"{case}.{language}.{ending}"
        if pytestconfig.getoption("update_goldens"):
            golden.write_text(text, encoding="utf-8", newline="\n")
        assert text == golden.read_bytes().decode("utf-8")


def test_every_golden_is_of_a_case() -> None:
    wanted = {
        f"{case}.{language}.{end}"
        for case in CASES
        for language in LANGUAGES
        for end in ("txt", "chat.json")
    }
    assert {file.name for file in FOLDER.iterdir()} == wanted

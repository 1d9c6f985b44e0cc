"""Every kind of brief in both languages, as its reader gets it.

After an intended change: `pytest tests/unit/brief/test_goldens.py --update-goldens`, then read the
difference.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scan_brief.model import Brief, ChatMessage
from tests.shapes import assert_shape
from tests.unit.brief.golden_cases import CASES

FOLDER = Path(__file__).parent / "goldens"
LANGUAGES = ("en", "ja")


def render(brief: Any) -> dict[str, str]:
    """The golden's text by the suffix of its file."""
    mail = f"Subject: {brief['subject']}\n\n{brief['message']['email']}"
    chat = json.dumps(json.loads(brief["message"]["https"]), ensure_ascii=False, indent=2) + "\n"
    return {"txt": mail, "chat.json": chat}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_a_brief_equals_its_golden(case: str, language: str, pytestconfig: pytest.Config) -> None:
    for suffix, text in render(CASES[case](language)).items():
        golden = FOLDER / f"{case}.{language}.{suffix}"
        if pytestconfig.getoption("update_goldens"):
            golden.write_text(text, encoding="utf-8", newline="\n")
        assert text == golden.read_bytes().decode("utf-8")


@pytest.mark.parametrize("case", [case for case in CASES if not case.startswith("fallback")])
def test_a_brief_has_the_declared_shape(case: str) -> None:
    assert_shape(CASES[case]("en"), Brief)


def test_every_golden_has_a_case_and_every_chat_golden_has_the_declared_shape() -> None:
    wanted = {
        f"{case}.{language}.{suffix}"
        for case in CASES
        for language in LANGUAGES
        for suffix in ("txt", "chat.json")
    }
    assert {file.name for file in FOLDER.iterdir()} == wanted
    for golden in FOLDER.glob("*.chat.json"):
        assert_shape(json.loads(golden.read_text("utf-8")), ChatMessage)

"""layout: a rendered text as a plain-text mail of 72 columns."""

from __future__ import annotations

import pytest
import wcwidth

from scan_brief.brief.layout import lay_out

LINK = "https://console.aws.amazon.com/" + "x" * 90


def test_blank_lines_are_merged_and_ends_trimmed() -> None:
    assert lay_out("\n\n red  \n\n\n\nblue\t\n\n\n") == "red\n\nblue\n"
    assert lay_out("") == "\n"


def test_a_long_line_is_wrapped_with_its_own_indent() -> None:
    lines = lay_out("x\n    " + "word " * 30).splitlines()
    assert lines[1:] == [
        "    " + " ".join(["word"] * 13),
        "    " + " ".join(["word"] * 13),
        "    word word word word",
    ]


def test_a_line_of_72_columns_is_not_wrapped() -> None:
    line = "a" * 35 + " " + "b" * 36
    assert lay_out(line) == line + "\n"
    assert lay_out(line + "c") == "a" * 35 + "\n" + "b" * 36 + "c\n"


def test_full_width_characters_take_two_columns() -> None:
    lines = lay_out("検" * 50).splitlines()
    assert [wcwidth.width(line) for line in lines] == [72, 28]


@pytest.mark.parametrize("label", ["    Fix: ", "    対処: ", "Run this: ", ""])
def test_a_command_stays_on_a_line_with_its_label(label: str) -> None:
    command = "apt update && " + "apt install --only-upgrade " * 5 + "curl"
    assert lay_out("x\n" + label + command, ["dnf", command]) == f"x\n{label}{command}\n"


@pytest.mark.parametrize(
    "start", ["    Fix: ", "    A word: ", "Fix: ", "    https://example.com ", "https://a.b "]
)
def test_other_long_lines_are_wrapped(start: str) -> None:
    line = start + "word " * 30
    assert len(lay_out("x\n" + line).splitlines()) > 2
    assert len(lay_out("x\n" + line, ["word", "another word"]).splitlines()) > 2


def test_a_link_stays_whole() -> None:
    assert lay_out("All findings: " + LINK) == f"All findings:\n{LINK}\n"


@pytest.mark.parametrize(
    "start", [" 1. ", "10. ", "Status      ", "状態          ", "スキャン日時  "]
)
def test_a_continued_line_starts_below_its_text(start: str) -> None:
    first, *others = lay_out("x\n" + start + "word " * 30).splitlines()[1:]
    assert first.startswith(start + "word")
    assert others
    assert {wcwidth.width(line) - wcwidth.width(line.lstrip()) for line in others} == {
        wcwidth.width(start)
    }

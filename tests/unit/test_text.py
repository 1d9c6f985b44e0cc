"""text: what clean keeps of untrusted text, where it is cut, where a line breaks."""

from __future__ import annotations

import unicodedata

import pytest
import wcwidth
from hypothesis import example, given
from hypothesis import strategies as st

from scan_brief.text import clean, cut, cut_front, pad, wrap
from tests.unit.brief.hostile import hostile_texts

FAMILY = "👨‍👩‍👧"  # one grapheme of five code points
LIMITS = st.integers(1, 80)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("plain", "plain"),
        ("  two \t words \r\n", "two words"),
        ("a\x00b\x1b[31mc\x7f", "abc"),
        ("line\u2028and\u2029paragraph\x85next", "line and paragraph next"),
        ("cve\u202etxt.exe\u2066!", "cvetxt.exe!"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("private\ue000 and half\ud800", "private and half"),
        ("e\u0301", "é"),
        ("z" + "\u0300" * 9, "z" + "\u0300" * 3),
        ("検出　結果", "検出 結果"),
        ("", ""),
    ],
)
def test_only_text_is_kept(given: str, kept: str) -> None:
    assert clean(given) == kept


@pytest.mark.parametrize("given", [None, 7, 1.5, True, b"bytes", ["a"], {"a": 1}])
def test_anything_but_a_string_is_empty(given: object) -> None:
    assert clean(given) == ""


def test_a_long_text_is_cut_with_a_mark() -> None:
    assert clean("a" * 50, 10) == "a" * 9 + "…"
    assert clean("a" * 10, 10) == "a" * 10
    assert len(clean("a" * 5000)) == 300


@given(hostile_texts(), LIMITS)
@example("e" + "\u0301" * 300, 5)
def test_clean_text_is_clean(value: str, limit: int) -> None:
    kept = clean(value, limit)
    assert len(kept) <= limit
    assert kept == " ".join(kept.split())
    assert {unicodedata.category(character) for character in kept}.isdisjoint(
        {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )


@given(hostile_texts(), LIMITS)
def test_clean_is_idempotent(value: str, limit: int) -> None:
    assert clean(clean(value, limit), limit) == clean(value, limit)


@given(st.text(max_size=120), LIMITS)
def test_a_cut_keeps_whole_graphemes_from_the_front(value: str, limit: int) -> None:
    kept = cut(value, limit)
    assert len(kept) <= limit
    if kept != value:
        graphemes = list(wcwidth.iter_graphemes(value))
        starts = {"".join(graphemes[:count]).rstrip() for count in range(len(graphemes))}
        assert kept.endswith("…")
        assert kept[:-1] in starts


@given(st.text(max_size=120), LIMITS)
def test_a_front_cut_keeps_whole_graphemes_from_the_end(value: str, limit: int) -> None:
    kept = cut_front(value, limit)
    assert len(kept) <= limit
    if kept != value:
        graphemes = list(wcwidth.iter_graphemes(value))
        assert kept.startswith("…")
        assert kept[1:] in {"".join(graphemes[count:]) for count in range(1, len(graphemes) + 1)}


def test_a_cut_never_splits_a_grapheme() -> None:
    assert cut(f"ab{FAMILY}cd", 8) == f"ab{FAMILY}…"
    assert cut(f"ab{FAMILY}cd", 7) == "ab…"
    assert cut_front(f"ab{FAMILY}cd", 8) == f"…{FAMILY}cd"
    assert cut_front(f"ab{FAMILY}cd", 7) == "…cd"


def test_a_cut_leaves_no_space_before_the_mark() -> None:
    assert cut("word another", 6) == "word…"


def test_a_front_cut_keeps_the_end_of_a_name() -> None:
    assert cut_front("very/long/team/app:tag", 8) == "…app:tag"


@pytest.mark.parametrize(("given", "width"), [("Tags", 12), ("状態", 14), ("", 3), ("too long", 4)])
def test_a_padded_text_fills_columns_not_characters(given: str, width: int) -> None:
    assert wcwidth.width(pad(given, width)) == max(width, wcwidth.width(given))
    assert pad(given, width).rstrip() == given


def test_words_are_wrapped_and_continued_lines_indented() -> None:
    assert wrap("red blue green pink", 9, "  ") == "red blue\n  green\n  pink"


def test_a_line_may_use_every_column() -> None:
    assert wrap("123 567", 7) == "123 567"
    assert wrap("123 5678", 7) == "123\n5678"


def test_a_word_longer_than_a_line_stays_whole() -> None:
    assert wrap("see " + "x" * 20 + " there", 10) == "see\n" + "x" * 20 + "\nthere"


def test_full_width_text_breaks_between_characters() -> None:
    assert wrap("検出結果は三件です", 8) == "検出結果\nは三件で\nす"


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ("検出結果。三件", "検出結\n果。三\n件"),
        ("結果（三件）", "結果\n（三\n件）"),
        ("検出結果（三件）", "検出結\n果（三\n件）"),
        ("結果は12件", "結果は\n12件"),
        ("脆弱性がopenssl", "脆弱性\nが\nopenssl"),
    ],
)
def test_japanese_punctuation_neither_begins_nor_ends_a_line(given: str, lines: str) -> None:
    assert wrap(given, 7) == lines


@given(hostile_texts().map(clean), st.integers(1, 100), st.sampled_from(["", " ", "    "]))
def test_wrapping_loses_nothing_but_spaces(value: str, columns: int, indent: str) -> None:
    assert "".join(wrap(value, columns, indent).split()) == "".join(value.split())


@given(hostile_texts().map(clean), st.integers(10, 100))
@example(") ] } , . ; : ! ? " * 3, 20)
def test_a_line_is_too_wide_only_where_it_cannot_break(value: str, columns: int) -> None:
    for line in wrap(value, columns).split("\n"):
        assert wcwidth.width(line) <= columns or " " not in line.strip()

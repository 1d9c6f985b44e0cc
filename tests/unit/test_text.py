"""text: what clean keeps of untrusted text, where it is cut, where a line breaks."""

from __future__ import annotations

import unicodedata

import pytest
import wcwidth
from hypothesis import example, given
from hypothesis import strategies as st

from scan_brief import graphemes
from scan_brief.text import clean, cut, cut_front, cut_words, pad, pad_front, wrap
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


@pytest.mark.parametrize(
    ("given", "columns", "lines"),
    [
        # Between phrases, not inside a word or its ending.
        ("検出結果はありません。三件です", 22, "検出結果はありません。\n三件です"),
        ("一覧に結果はありません。", 22, "一覧に\n結果はありません。"),
        ("更新してください。移行を計画", 20, "更新してください。\n移行を計画"),
        ("脆弱性のスキャンを再実行", 16, "脆弱性の\nスキャンを再実行"),
        ("結果は12件です", 8, "結果は\n12件です"),
        ("確認（三件）", 8, "確認\n（三件）"),
        ("状態「完了」です", 8, "状態\n「完了」\nです"),
        ("脆弱性がopensslに", 10, "脆弱性が\nopensslに"),
        ("担当に問い合わせて取得", 14, "担当に\n問い合わせて\n取得"),
        ("組み込み済みの結果", 16, "組み込み済みの\n結果"),
        ("結果は Inspector に", 18, "結果は\nInspector に"),
        ("Inspector に問い合わせ", 12, "Inspector に\n問い合わせ"),
        # A phrase that is wider than a line breaks between characters.
        ("検出結果検出結果", 8, "検出結果\n検出結果"),
        ("ありませんでした", 8, "ありませ\nんでした"),
    ],
)
def test_japanese_breaks_between_phrases(given: str, columns: int, lines: str) -> None:
    assert wrap(given, columns) == lines


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("two words", "two words"),
        ("several words in a row", "several words…"),
        ("several, words in a row", "several, words…"),
        ("unbreakable" * 5, "unbreakableunb…"),
        ("a unbreakableunbreakable", "a unbreakableu…"),
        ("several words, a b", "several words…"),
    ],
)
def test_a_sentence_is_cut_between_words(given: str, kept: str) -> None:
    assert cut_words(given, 15) == kept


@pytest.mark.parametrize(
    ("given", "padded"), [(7, "    7"), ("一覧", " 一覧"), ("longer", "longer")]
)
def test_a_number_of_a_table_is_padded_in_front(given: object, padded: str) -> None:
    assert pad_front(given, 5) == padded


@given(hostile_texts().map(clean), st.integers(1, 100), st.sampled_from(["", " ", "    "]))
def test_wrapping_loses_nothing_but_spaces(value: str, columns: int, indent: str) -> None:
    assert "".join(wrap(value, columns, indent).split()) == "".join(value.split())


@given(hostile_texts().map(clean), st.integers(10, 100))
@example(") ] } , . ; : ! ? " * 3, 20)
def test_a_line_is_too_wide_only_where_it_cannot_break(value: str, columns: int) -> None:
    for line in wrap(value, columns).split("\n"):
        assert wcwidth.width(line) <= columns or " " not in line.strip()


@given(
    st.text(st.sampled_from("aZ9é→−…·.,;:!?()[]{}<>-_/ \n"), max_size=60),
    st.integers(1, 30),
    st.sampled_from(["", "  "]),
)
def test_a_plain_text_is_wrapped_as_one_in_any_script(
    value: str, columns: int, indent: str
) -> None:
    quick = wrap(value, columns, indent)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(graphemes, "is_plain", lambda _: False)
        assert wrap(value, columns, indent) == quick

"""Pure: makes untrusted text safe to print, and fits text to a width or a length."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from scan_brief import graphemes

CUT_MARK = "…"
# Control, format (bidi marks, zero-width, tags), surrogate and private-use characters, separators
# of lines and paragraphs: none of them is text.
_NOT_TEXT = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_MOST_MARKS = 3  # combining marks on one base; more of them only cover the lines around it
_NO_LINE_START = "、。，．）」』】・：；！？ー,.;:!?)]}"
_NO_LINE_END = "（「『【([{"
_COUNTERS = "件回個年月日"  # a number and its counter stay together
_VERB_STEM_ENDS = "いえきぎけげしせちびべみめりれ"
# In a text of plain characters, a line may break after each word, and only there.
_WORD = re.compile(r"\s+|\S+\s*")
_MAY_END = "、。，．）」』】・：；！？"  # after these a line may break before any character


def clean(value: object, limit: int = 300) -> str:
    """One line of plain text of at most `limit` characters; "" for anything but a string."""
    if not isinstance(value, str):
        return ""
    # The characters after these cannot be in the result; not to read them saves time.
    start = value[: limit * 4]
    if not graphemes.is_plain(start):
        start = _keep_text(graphemes.strip_sequences(start))
    return cut(" ".join(start.split()), limit)


def _keep_text(value: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", value):
        category = unicodedata.category(character)
        marks = marks + 1 if category.startswith("M") else 0
        if category in _NOT_TEXT:
            kept.append(" " if character.isspace() else "")
        elif marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def cut(value: str, limit: int) -> str:
    """At most `limit` characters (code points) from the start, whole graphemes, the cut marked."""
    if len(value) <= limit:
        return value
    kept = ""
    for grapheme in graphemes.iter_graphemes(value):
        if len(kept) + len(grapheme) > limit - len(CUT_MARK):
            break
        kept += grapheme
    return kept.rstrip() + CUT_MARK


def cut_front(value: str, limit: int) -> str:
    """At most `limit` characters from the end, where an image's name differs most from others."""
    if len(value) <= limit:
        return value
    kept = ""
    for grapheme in reversed(list(graphemes.iter_graphemes(value))):
        if len(kept) + len(grapheme) > limit - len(CUT_MARK):
            break
        kept = grapheme + kept
    return CUT_MARK + kept


def pad(value: str, columns: int) -> str:
    """Filled with spaces to `columns` columns; a full-width character takes two."""
    return value + " " * (columns - max(0, graphemes.width(value)))


def pad_front(value: object, columns: int) -> str:
    """As pad, with the spaces in front, as numbers of a table need them."""
    return " " * (columns - graphemes.width(str(value))) + str(value)


def cut_words(value: str, limit: int) -> str:
    """At most `limit` characters from the start, cut between words if there are any."""
    if len(value) <= limit:
        return value
    kept = cut(value, limit).removesuffix(CUT_MARK)
    at_word = value[len(kept) : len(kept) + 1].isspace()
    whole = kept if at_word else kept.rpartition(" ")[0]
    return (whole if len(whole) > limit // 2 else kept).rstrip(" ,;:-") + CUT_MARK


def wrap(value: str, columns: int = 72, indent: str = "") -> str:
    """Lines of at most `columns` columns, all but the first indented; a longer word stays whole."""
    lines, current = [""], ""
    plain = graphemes.is_plain(indent + value) and not value.count("\n")
    measure: Callable[[str], int] = len if plain else graphemes.width
    for part in _WORD.findall(value) if plain else _split(value, columns - measure(indent)):
        if current.strip() and measure(current + part.rstrip()) > columns:
            lines.append(indent)
            current = indent
        current += part
        lines[-1] = current.rstrip()
    return "\n".join(lines)


def _split(value: str, room: int) -> Iterator[str]:
    """The parts between which a line may break, of a text in any script."""
    return (part for unit in _split_units(value) for part in _fit(unit, room))


def _split_units(value: str) -> list[str]:
    """The parts between which a line may break: words with the spaces after them, and Japanese
    phrases, which begin with anything but hiragana and do not end inside a word's ending.
    """
    units: list[str] = []
    for grapheme in graphemes.iter_graphemes(value):
        if units and (grapheme.isspace() or _is_bound(units[-1][-2:], grapheme)):
            units[-1] += grapheme
        else:
            units.append(grapheme)
    return units


def _is_bound(before: str, grapheme: str) -> bool:
    """Whether no line may break between the two characters before and this one."""
    last = before[-1]
    if last.isspace():
        return _kind(grapheme) == "hiragana"  # the particle of a word in other letters
    if grapheme in _NO_LINE_START or last in _NO_LINE_END:
        return True
    if last in _MAY_END:
        return False
    if grapheme in _COUNTERS and last.isdigit():
        return True
    kinds = [_kind(character) for character in (*before[-2:], grapheme)]
    # A verb made of two, such as 問い合わせ.
    joins = kinds == ["kanji", "hiragana", "kanji"] and last in _VERB_STEM_ENDS
    return joins or kinds[-1] == "hiragana" or (kinds[-2] == kinds[-1] != "other")


@lru_cache(1_000)
def _kind(grapheme: str) -> str:
    """The script, as far as a Japanese phrase depends on it."""
    first = grapheme[0]
    if "ぁ" <= first <= "ゟ":
        return "hiragana"
    if "ァ" <= first <= "ヿ":
        return "katakana"
    if first == "々" or "一" <= first <= "鿿":
        return "kanji"
    return "narrow" if graphemes.width(grapheme) < 2 else "other"


def _fit(unit: str, columns: int) -> Iterator[str]:
    """The unit; of one that is wider than a line, what even then stays together."""
    if graphemes.width(unit) <= columns:
        yield unit
        return
    piece = ""
    for grapheme in graphemes.iter_graphemes(unit):
        if piece and not _is_inseparable(piece[-1], grapheme):
            yield piece
            piece = ""
        piece += grapheme
    yield piece


def _is_inseparable(last: str, grapheme: str) -> bool:
    both_narrow = _kind(last) == _kind(grapheme) == "narrow"
    closes = grapheme.isspace() or grapheme in _NO_LINE_START or last in _NO_LINE_END
    return both_narrow or closes or (grapheme in _COUNTERS and last.isdigit())

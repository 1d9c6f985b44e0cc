"""Pure: makes untrusted text safe to print, and fits text to a width or a length."""

from __future__ import annotations

import unicodedata

import wcwidth

CUT_MARK = "…"
# Control, format (bidi marks, zero-width, tags), surrogate and private-use characters, separators
# of lines and paragraphs: none of them is text.
_NOT_TEXT = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_MOST_MARKS = 3  # combining marks on one base; more of them only cover the lines around it
_NO_LINE_START = "、。，．）」』】・：；！？ー,.;:!?)]}"
_NO_LINE_END = "（「『【([{"
_COUNTERS = "件回個年月日"  # a number and its counter stay together


def clean(value: object, limit: int = 300) -> str:
    """One line of plain text of at most `limit` characters; "" for anything but a string."""
    if not isinstance(value, str):
        return ""
    # The characters after these cannot be in the result; not to read them saves time.
    return cut(" ".join(_keep_text(wcwidth.strip_sequences(value[: limit * 4])).split()), limit)


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
    for grapheme in wcwidth.iter_graphemes(value):
        if len(kept) + len(grapheme) > limit - len(CUT_MARK):
            break
        kept += grapheme
    return kept.rstrip() + CUT_MARK


def cut_front(value: str, limit: int) -> str:
    """At most `limit` characters from the end, where an image's name differs most from others."""
    if len(value) <= limit:
        return value
    kept = ""
    for grapheme in reversed(list(wcwidth.iter_graphemes(value))):
        if len(kept) + len(grapheme) > limit - len(CUT_MARK):
            break
        kept = grapheme + kept
    return CUT_MARK + kept


def pad(value: str, columns: int) -> str:
    """Filled with spaces to `columns` columns; a full-width character takes two."""
    return value + " " * (columns - wcwidth.width(value))


def wrap(value: str, columns: int = 72, indent: str = "") -> str:
    """Lines of at most `columns` columns, all but the first indented; a longer word stays whole."""
    lines, current = [""], ""
    for unit in _split_units(value):
        if current.strip() and wcwidth.width(current + unit.rstrip()) > columns:
            lines.append(indent)
            current = indent
        current += unit
        lines[-1] = current.rstrip()
    return "\n".join(lines)


def _split_units(value: str) -> list[str]:
    """The parts between which a line may break: words with the spaces after them, and full-width
    characters, with the punctuation that may not begin or end a line.
    """
    units: list[str] = []
    for grapheme in wcwidth.iter_graphemes(value):
        last = units[-1] if units else " "
        narrow = _is_narrow(last[-1]) and _is_narrow(grapheme)
        bound = (
            narrow
            or (grapheme in _NO_LINE_START and not last[-1].isspace())
            or last[-1] in _NO_LINE_END
        )
        bound = bound or (grapheme in _COUNTERS and last[-1].isdigit())
        if units and (bound or grapheme.isspace()):
            units[-1] += grapheme
        else:
            units.append(grapheme)
    return units


def _is_narrow(grapheme: str) -> bool:
    return not grapheme.isspace() and wcwidth.width(grapheme) < 2

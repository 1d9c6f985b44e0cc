"""Pure: graphemes and columns of a text. Loads wcwidth's tables for the first text that needs them.

They take as long to load as everything else in scan_brief.text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from types import ModuleType

# Latin letters and the punctuation of our own texts, each a grapheme of one column. A line's end is
# a grapheme of none.
_PLAIN = re.compile("[\n -~\xa1-\xac\xae-\xff‘’“”–—…→−]*")


def strip_sequences(text: str) -> str:
    """Without the escape sequences of terminals."""
    return text if is_plain(text) else str(_load().strip_sequences(text))


def iter_graphemes(text: str) -> Iterable[str]:
    """What a reader sees as one character each."""
    return text if is_plain(text) else _load().iter_graphemes(text)


def width(text: str) -> int:
    """Columns; a full-width character takes two."""
    return len(text) - text.count("\n") if is_plain(text) else int(_load().width(text))


def is_plain(text: str) -> bool:
    """Whether it has only such characters, which need no cleaning either."""
    return _PLAIN.fullmatch(text) is not None


@cache
def _load() -> ModuleType:
    import wcwidth  # noqa: PLC0415 - see above

    return wcwidth

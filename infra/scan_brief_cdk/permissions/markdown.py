"""Pieces of Markdown. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

_WIDTH = 100


def code(text: str) -> str:
    """Text as code, for a cell of a table."""
    return f"`{text.replace('|', chr(92) + '|')}`"


def wrap(text: str, indent: str = "") -> str:
    """Text in lines of at most 100 characters. indent: before each line but the first."""
    return textwrap.fill(
        text, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def bullets(items: Sequence[str]) -> str:
    """A list."""
    return "\n".join(wrap(f"- {item}", indent="  ") for item in items)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table. Columns that are empty in every row are left out."""
    kept = [index for index in range(len(header)) if any(row[index] for row in rows)]
    lines = [
        [header[index] for index in kept],
        ["---"] * len(kept),
        *([row[index] for index in kept] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

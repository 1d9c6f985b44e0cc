"""Colors for a terminal. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TextIO

# By verdict: ECMA-48, "SGR - Select Graphic Rendition".
_COLORS = {"ok": "32", "warning": "33", "failure": "31"}


def choose_paint(stream: TextIO, environment: Mapping[str, str]) -> Callable[[str, str], str]:
    """Colors a text by a verdict, or returns it as it is if the stream should have no color.

    That is: it is not a terminal, TERM is absent or dumb, or NO_COLOR is not empty (no-color.org).
    """
    colored = (
        stream.isatty()
        and environment.get("TERM", "dumb") != "dumb"
        and not environment.get("NO_COLOR")
    )
    return _paint if colored else _leave


def _paint(text: str, verdict: str) -> str:
    return f"\x1b[{_COLORS[verdict]}m{text}\x1b[0m"


def _leave(text: str, _verdict: str) -> str:
    return text

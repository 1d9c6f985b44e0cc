"""Pure: lays a rendered text out for a plain-text mail of 72 columns."""

from __future__ import annotations

import re

import wcwidth

from scan_brief.text import wrap

COLUMNS = 72
# Commands ("    Fix: …") and links: a reader could not copy them from two lines.
_TO_COPY = re.compile(r"\s+\S{1,12}: |\s*https://")
# The start of a line under which its continued lines are indented: a number, or a label with its
# gap.
_HANGING = re.compile(r"\s*\d+\. |\S+(?: \S+)*? {2,}(?=\S)")


def lay_out(rendered: str) -> str:
    """Wraps the lines, keeps at most one blank line in a row and none at the ends."""
    lines = "\n".join(_lay_out_line(line.rstrip()) for line in rendered.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"


def _lay_out_line(line: str) -> str:
    if wcwidth.width(line) <= COLUMNS or _TO_COPY.match(line):
        return line
    hanging = _HANGING.match(line)
    start = hanging.group() if hanging else line[: len(line) - len(line.lstrip())]
    return wrap(line, COLUMNS, " " * wcwidth.width(start))

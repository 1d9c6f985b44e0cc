"""Pure: lays a rendered text out for a plain-text mail of 72 columns."""

from __future__ import annotations

import re

import wcwidth

from scan_brief.text import wrap

COLUMNS = 72
_TO_COPY = re.compile(
    r"\s+\S{1,12}: |\s*https://"
)  # "    Fix: …" and links: broken, they could not be copied
# What stands before the text whose continued lines begin below it: a number, or a label with its
# gap.
_HANGING = re.compile(r"\s*\d+\. |\S+(?: \S+)*? {2,}(?=\S)|\s*")


def lay_out(rendered: str) -> str:
    """Lines wrapped, blank lines at the most one in a row, none at the ends, one newline last."""
    lines = "\n".join(_lay_out_line(line.rstrip()) for line in rendered.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"


def _lay_out_line(line: str) -> str:
    if wcwidth.width(line) <= COLUMNS:
        return line
    if _TO_COPY.match(line):
        return line
    hanging = _HANGING.match(line)
    return wrap(line, COLUMNS, " " * wcwidth.width(hanging.group() if hanging else ""))

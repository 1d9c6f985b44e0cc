"""Pure: lays a rendered text out for a plain-text mail of 72 columns."""

from __future__ import annotations

import re
from collections.abc import Collection

from scan_brief import graphemes
from scan_brief.text import wrap

COLUMNS = 72
# What a template may print before a command: "    Fix: ", "対処：", or only an indent.
_LABEL = re.compile(r"\s*(?:\S.{0,22}[:：]\s*)?")
# The start of a line under which its continued lines are indented: a number, or a label with its
# gap.
_HANGING = re.compile(r"\s*\d+\. |\S+(?: \S+)*? {2,}(?=\S)")


def lay_out(rendered: str, commands: Collection[str] = ()) -> str:
    """Wraps the lines, keeps at most one blank line in a row and none at the ends.

    commands: what stays on one line with its label, since a reader could not copy it from two.
    """
    lines = "\n".join(
        _lay_out_line(line.rstrip(), commands) for line in rendered.strip().splitlines()
    )
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"


def _lay_out_line(line: str, commands: Collection[str]) -> str:
    if graphemes.width(line) <= COLUMNS or _is_command(line, commands):
        return line
    hanging = _HANGING.match(line)
    start = hanging.group() if hanging else line[: len(line) - len(line.lstrip())]
    return wrap(line, COLUMNS, " " * graphemes.width(start))


def _is_command(line: str, commands: Collection[str]) -> bool:
    """A label alone could as well be the start of a package's name."""
    return any(
        line.endswith(command) and _LABEL.fullmatch(line.removesuffix(command))
        for command in commands
    )

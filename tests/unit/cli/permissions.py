"""The permissions that a command's code asks for, read from its source."""

from __future__ import annotations

import re

from tests.project import PROJECT_ROOT


def read_used_permissions(command: str, call: str) -> set[str]:
    """The first argument of each call, a permission, in the command and what it shares.

    call: a pattern for the function's name.
    """
    folder = PROJECT_ROOT / "cli" / "scan_brief_cli"
    return {
        permission
        for path in (*(folder / command).glob("*.py"), *(folder / "aws").glob("*.py"))
        for permission in re.findall(rf'\b{call}\(\s*"(\w+:\w+)"', path.read_text("utf-8"))
    }

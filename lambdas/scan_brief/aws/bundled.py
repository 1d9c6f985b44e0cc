"""Reads the files next to the package in the bundle."""

from __future__ import annotations

from pathlib import Path

from scan_brief.findings.ignore_rules import IgnoreRules, read_rules
from scan_brief_common.limits import IGNORED_FILE

BUNDLE = Path(__file__).parents[2]


def read_ignored(entries: int, folder: Path = BUNDLE) -> IgnoreRules | None:
    """The list of ignored findings. One that cannot be read silences nothing."""
    return read_rules(read_file(folder / IGNORED_FILE) if entries else None, entries)


def read_file(file: Path) -> str | None:
    """None if it is not there or cannot be opened; "" if it is no text."""
    try:
        return file.read_text("utf-8")
    except OSError:
        return None
    except ValueError:
        return ""

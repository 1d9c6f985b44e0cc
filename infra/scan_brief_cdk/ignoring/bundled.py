"""The functions' bundle with the list of ignored findings."""

from __future__ import annotations

from pathlib import Path

from scan_brief_cdk.bundle import extend_bundle
from scan_brief_cdk.ignoring.entry import write_entries
from scan_brief_cdk.ignoring.ignore_file import read_ignore_file
from scan_brief_common.limits import IGNORED_FILE


def add_ignored(bundle: Path, file: Path | None) -> tuple[Path, int]:
    """The bundle, and how many entries its list has. Raises SettingsError for a broken file."""
    entries = read_ignore_file(file) if file else ()
    if entries:
        bundle = extend_bundle(bundle, IGNORED_FILE, write_entries(entries))
    return bundle, len(entries)

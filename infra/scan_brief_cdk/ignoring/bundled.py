"""The lists of ignored findings as one, and the functions' bundle with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scan_brief_cdk.bundle import extend_bundle
from scan_brief_cdk.ignoring.chosen import read_ignored
from scan_brief_cdk.ignoring.entry import write_entries
from scan_brief_cdk.route import Route
from scan_brief_common.limits import IGNORED_FILE


def add_ignored(bundle: Path, file: Path | None, routes: Sequence[Route] = ()) -> tuple[Path, int]:
    """The bundle, and how many entries its list has. Raises SettingsError for a broken file."""
    entries = read_ignored(file, routes)
    if entries:
        bundle = extend_bundle(bundle, IGNORED_FILE, write_entries(entries))
    return bundle, len(entries)

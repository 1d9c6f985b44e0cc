"""The entries of all lists of ignored findings that the settings name. No bundle is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scan_brief_cdk.ignoring.entry import IgnoreEntry
from scan_brief_cdk.ignoring.ignore_file import read_ignore_file
from scan_brief_cdk.route import Route
from scan_brief_cdk.settings.errors import SettingsError
from scan_brief_common.limits import IGNORE_ENTRIES
from scan_brief_common.patterns import EVERY


def read_ignored(file: Path | None, routes: Sequence[Route]) -> list[IgnoreEntry]:
    """The entries of the file for all repositories, then those of the routes' own files for theirs.

    A later statement of OpenVEX can take an earlier one back, so the most specific route is last.
    Raises SettingsError.
    """
    names: dict[Path, list[str]] = {file: [EVERY]} if file else {}
    for route in sorted(routes, key=lambda route: route.specificity, reverse=True):
        if route.ignore_file:
            names.setdefault(Path(route.ignore_file), []).append(route.name)
    entries = [
        replace(entry, repositories=tuple(repositories))
        for path, repositories in names.items()
        for entry in read_ignore_file(path)
    ]
    if len(entries) not in IGNORE_ENTRIES:
        raise SettingsError(
            f"{', '.join(map(str, names))}: given {len(entries):,} entries in all files; accepted:"
            f" {IGNORE_ENTRIES.accepted}"
        )
    return entries

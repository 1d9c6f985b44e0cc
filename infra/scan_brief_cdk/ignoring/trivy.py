"""Reads ignored findings from a .trivyignore.yaml. Pure.

Source: Trivy's documentation, "Filtering", ".trivyignore.yaml".
"""

from __future__ import annotations

from scan_brief_cdk.ignoring.entry import IgnoreEntry
from scan_brief_cdk.ignoring.marked import Marked
from scan_brief_common import path_pattern
from scan_brief_common.patterns import A_VULNERABILITY_ID, VULNERABILITY_ID

# What the file has for Trivy's other scanners is left to Trivy.
_SECTIONS = ("vulnerabilities", "misconfigurations", "secrets", "licenses")
_KEYS = ("id", "paths", "purls", "expired_at", "statement")
_A_DATE = "a date such as 2026-12-31, from which on the finding counts again"


def read_trivy(document: Marked) -> list[IgnoreEntry]:
    """Raises SettingsError."""
    sections = document.read_object(_SECTIONS)
    listed = sections.get("vulnerabilities")
    return [_read_entry(item) for item in listed.read_list()] if listed else []


def _read_entry(item: Marked) -> IgnoreEntry:
    given = item.read_object(_KEYS, required=("id",))
    if "id" not in given:
        item.refuse(A_VULNERABILITY_ID)
    end, statement = given.get("expired_at"), given.get("statement")
    return IgnoreEntry(
        ids=(given["id"].read_text(VULNERABILITY_ID, A_VULNERABILITY_ID),),
        purls=tuple(each.read_purl() for each in _list(given.get("purls"))),
        paths=tuple(_read_path(each) for each in _list(given.get("paths"))),
        until=end.read_time(_A_DATE).isoformat() if end else None,
        reason=statement.read_text(".*", "a text") if statement else "",
    )


def _list(given: Marked | None) -> tuple[Marked, ...]:
    """An empty list would say that no package is meant, and Trivy reads it as all."""
    if given is None:
        return ()
    items = given.read_list()
    if not items:
        given.refuse("a list of at least 1")
    return items


def _read_path(given: Marked) -> str:
    path = given.read_text(".+", path_pattern.ACCEPTED)
    if not path_pattern.is_path_pattern(path):
        given.refuse(path_pattern.ACCEPTED)
    return path

"""Reads a cdk.json: whether it is one of Scan Brief's app, and the CDK context in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scan_brief_cdk.settings import SettingsError
from scan_brief_cdk.settings.context import parse_context
from scan_brief_cdk.settings.json_text import NotJson, parse_json

NAMING = ("repositoryName", "repositories", "existingRepositories")
_MODULE = "scan_brief_cdk.app"


def read_context(file: Path) -> dict[str, object]:
    """The object `context` of the file, empty if it has none. Raises SettingsError."""
    return parse_context(_read(file), str(file))


def names_repository(context: Mapping[str, object]) -> bool:
    """Whether the context has a repository to create or to watch. Synthesis needs one."""
    return any(context.get(key) for key in NAMING)


def is_scan_brief(file: Path) -> bool:
    """Whether its `app` runs Scan Brief. Raises SettingsError if that cannot be read."""
    try:
        document = parse_json(_read(file), str(file))
    except NotJson as fault:
        raise SettingsError(str(fault)) from fault
    app = document.get("app") if isinstance(document, dict) else None
    return isinstance(app, str) and _MODULE in app.split()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise SettingsError(f"{file}: {fault.strerror}") from fault

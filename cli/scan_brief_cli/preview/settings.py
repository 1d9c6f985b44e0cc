"""The settings of a preview: those of the cdk.json in the current folder, or the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from scan_brief_cdk.cdk_json import is_scan_brief, names_repository, read_context
from scan_brief_cdk.settings import Settings

# Every repository, with the defaults.
_ANY_REPOSITORY: dict[str, object] = {"existingRepositories": ["*"]}


def read_settings(overrides: Mapping[str, object], folder: Path | None = None) -> Settings:
    """The settings of the folder's cdk.json, if it is one of Scan Brief; else the defaults.

    They apply to every repository if the cdk.json names none yet.
    overrides: settings to replace, for every repository. folder: the current one if none is given.
    Raises SettingsError.
    """
    file = (folder or Path.cwd()) / "cdk.json"
    context = read_context(file) if file.exists() else {}
    if not (file.exists() and is_scan_brief(file)):
        context = _ANY_REPOSITORY
    elif not names_repository(context):
        context = {**context, **_ANY_REPOSITORY}
    settings = Settings.from_context({**context, **overrides})
    if "language" not in overrides:
        return settings
    return replace(
        settings, routes=tuple(replace(route, language=None) for route in settings.routes)
    )

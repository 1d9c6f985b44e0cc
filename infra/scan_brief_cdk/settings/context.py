"""Reads the context from the text of a cdk.json. Pure."""

from __future__ import annotations

from scan_brief_cdk.settings.errors import SettingsError
from scan_brief_cdk.settings.json_text import NotJson, parse_json


def parse_context(text: bytes, file: str) -> dict[str, object]:
    """The object `context`, empty if there is none. Raises SettingsError, which names the file and
    the place in it.
    """
    try:
        document = parse_json(text, file)
    except NotJson as fault:
        raise SettingsError(str(fault)) from fault
    context = document.get("context", {}) if isinstance(document, dict) else None
    if not isinstance(context, dict):
        raise SettingsError(f'{file}: no settings; accepted: a JSON object {{"context": {{…}}}}')
    return context

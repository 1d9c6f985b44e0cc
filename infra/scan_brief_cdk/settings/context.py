"""Reads the context out of cdk.json's text, and says where that is not as it must be. Pure."""

from __future__ import annotations

from scan_brief_cdk.settings.errors import SettingsError
from scan_brief_cdk.settings.json_text import NotJson, parse_json


def parse_context(text: bytes, file: str) -> dict[str, object]:
    """The object `context` of a cdk.json, empty if there is none. Raises SettingsError with file
    and place.
    """
    try:
        document = parse_json(text, file)
    except NotJson as fault:
        raise SettingsError(str(fault)) from fault
    context = document.get("context", {}) if isinstance(document, dict) else None
    if not isinstance(context, dict):
        raise SettingsError(f'{file}: no settings; accepted: a JSON object {{"context": {{…}}}}')
    return context

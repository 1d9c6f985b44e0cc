"""Reads the context out of cdk.json's text, and says where that is not as it must be. Pure."""

from __future__ import annotations

import json
from typing import Any

from scan_brief_cdk.settings.taker import SettingsError


def parse_context(text: bytes, file: str) -> dict[str, object]:
    """The object `context` of a cdk.json, empty if there is none. Raises SettingsError with file and place."""
    document = _parse(text, file)
    context = document.get("context", {}) if isinstance(document, dict) else None
    if not isinstance(context, dict):
        raise SettingsError(f'{file}: no settings; accepted: a JSON object {{"context": {{…}}}}')
    return context


def _parse(text: bytes, file: str) -> Any:
    try:
        return json.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise SettingsError(f"{file}: not UTF-8 text, at byte {fault.start}") from fault
    except json.JSONDecodeError as fault:
        raise SettingsError(f"{file}: not JSON, at line {fault.lineno} column {fault.colno}: {fault.msg}") from fault
    except RecursionError as fault:
        raise SettingsError(f"{file}: JSON nested too deeply") from fault
    except ValueError as fault:  # a number of thousands of digits
        raise SettingsError(f"{file}: JSON that cannot be read: {str(fault).partition(';')[0]}") from fault

"""Pure: reads templates/fields.json, a name to a JSONPath and a default, and takes these fields
from a document.

What an EventBridge InputTransformer calls InputPathsMap, with defaults: a path that leads nowhere
takes its default and never breaks a line. The document is {"request": as it came, "report":
report.build_report's shape}.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonpath_ng.parser import parse

from scan_brief.text import clean

_FIELD_LIMIT = 300  # characters


class Fields:
    """The fields of one language; its paths are parsed once, when it is made."""

    def __init__(self, file: Path, language: str) -> None:
        """Raises ValueError, naming the field, for a path that is none or a default that is no
        text.
        """
        self._paths = {}
        self._defaults = {}
        for name, entry in json.loads(file.read_text(encoding="utf-8")).items():
            self._paths[name] = _parse(name, entry)
            self._defaults[name] = _choose_default(name, entry, language)

    def read(self, document: Mapping[str, Any]) -> dict[str, str]:
        """Every field's text, clean, in one line; several matches are joined by commas."""
        return {name: self._read_field(name, document) for name in self._paths}

    def _read_field(self, name: str, document: Mapping[str, Any]) -> str:
        found = [match.value for match in self._paths[name].find(document)]
        texts = [clean(_to_text(value), _FIELD_LIMIT) for value in found]
        return (
            clean(", ".join(text for text in texts if text), _FIELD_LIMIT) or self._defaults[name]
        )


def _parse(name: str, entry: Any) -> Any:
    try:
        return parse(entry["path"])
    except Exception as fault:  # the parser's own errors share no class
        raise ValueError(
            f"fields.json: {name}.path: given {entry!r}; accepted: a JSONPath ({fault})"
        ) from fault


def _choose_default(name: str, entry: Any, language: str) -> str:
    default = entry.get("default")
    chosen = default.get(language) if isinstance(default, dict) else default
    if not isinstance(chosen, str):
        accepted = "a text, or a text for each language"
        raise ValueError(  # noqa: TRY004 - a value of the file, as the other faults of it
            f"fields.json: {name}.default: given {default!r}; accepted: {accepted}"
        )
    return chosen


def _to_text(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return value if isinstance(value, str) else json.dumps(value)

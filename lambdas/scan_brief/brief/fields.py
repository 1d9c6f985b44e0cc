"""Pure: reads the fields that templates/fields.json names, each by a JSONPath and a default.

They are what an EventBridge InputTransformer calls InputPathsMap, with defaults: a path that finds
nothing takes its default and never breaks a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from scan_brief.text import clean

if TYPE_CHECKING:
    from scan_brief.model import BriefInput, FieldSpec, NoticeInput

Find = Callable[[object], list[object]]  # the values that a path finds

_FIELD_CHARACTERS = 300
# Members, and at the end all items of a list: read without jsonpath_ng, which takes as long to
# import as half of Jinja2. These names have a meaning in its paths.
_SIMPLE_PATH = r"\$((?:\.[A-Za-z_]\w*)+)(\[\*\])?"
_OPERATORS = {"where", "wherenot"}


class Fields:
    """The fields of one language; its paths are parsed once, when it is made."""

    def __init__(self, file: Path, language: str) -> None:
        """Raises ValueError, naming the field, for a bad path or a bad default."""
        specs: dict[str, FieldSpec] = json.loads(file.read_text(encoding="utf-8"))
        self._paths = {name: _parse(name, spec) for name, spec in specs.items()}
        self._defaults = {
            name: _choose_default(name, spec, language) for name, spec in specs.items()
        }

    def read(self, source: BriefInput | NoticeInput) -> dict[str, str]:
        """Every field's text, clean, in one line; several matches are joined by commas."""
        return {name: self._read_field(name, source) for name in self._paths}

    def _read_field(self, name: str, source: BriefInput | NoticeInput) -> str:
        found = self._paths[name](source)
        texts = [clean(_to_text(value), _FIELD_CHARACTERS) for value in found]
        joined = clean(", ".join(text for text in texts if text), _FIELD_CHARACTERS)
        return joined or self._defaults[name]


def _parse(name: str, spec: FieldSpec) -> Find:
    try:
        path = spec["path"]
        return _parse_simple(path) or _parse_jsonpath(path)
    except Exception as fault:  # the parser's own errors share no class
        raise ValueError(
            f"fields.json: {name}.path: given {spec!r}; accepted: a JSONPath ({fault})"
        ) from fault


def _parse_simple(path: str) -> Find | None:
    found = re.fullmatch(_SIMPLE_PATH, path, re.ASCII)
    names = found[1].split(".")[1:] if found else []
    if not found or _OPERATORS.intersection(names):
        return None
    items = bool(found[2])

    def find(source: object) -> list[object]:
        value = source
        for name in names:
            if not isinstance(value, dict) or name not in value:
                return []
            value = value[name]
        if not items:
            return [value]
        return value if isinstance(value, list) else _parse_jsonpath(path)(source)

    return find


def _parse_jsonpath(path: str) -> Find:
    from jsonpath_ng.parser import parse  # noqa: PLC0415 - see _SIMPLE_PATH

    parsed = parse(path)
    parsed.find({})  # some operators are known to the parser alone
    return lambda source: [match.value for match in parsed.find(source)]


def _choose_default(name: str, spec: FieldSpec, language: str) -> str:
    try:
        default = spec["default"]
        chosen = default if isinstance(default, str) else default[language]
        if isinstance(chosen, str):
            return chosen
    except (KeyError, TypeError):  # people edit the file, so its types are not sure
        pass
    accepted = "a text, or a text for each language"
    raise ValueError(f"fields.json: {name}.default: given {spec!r}; accepted: {accepted}")


def _to_text(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return value if isinstance(value, str) else json.dumps(value)

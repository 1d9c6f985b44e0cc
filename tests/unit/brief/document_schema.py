"""The JSON Schema of the document for queues and functions, made of the shapes in model."""

from __future__ import annotations

import inspect
import json
import types
import typing
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jsonschema import Draft202012Validator

from scan_brief import model

FILE = Path(__file__).resolve().parents[3] / "docs" / "report.schema.json"
# Codes that may get new values in a minor version, so that a reader must bear others.
_OPEN = (
    model.HolderKind,
    model.UpgradeKind,
    model.LookupFailure,
    model.IgnoreFailure,
    model.ChangesOutcome,
    model.Doubt,
)
_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number", "minimum": 0},
    object: {},
}


def make_schema() -> dict[str, Any]:
    shapes: dict[str, Any] = {}
    kinds = (
        model.BriefDocument,
        model.NoticeDocument,
        model.SummaryDocument,
        model.DigestDocument,
        model.FallbackDocument,
    )
    documents = [_write(shape, shapes) for shape in kinds]
    return {
        "$schema": Draft202012Validator.META_SCHEMA["$id"],
        "$id": "urn:scan-brief:report:1.0",
        "title": "What Scan Brief sends to queues and functions",
        "oneOf": documents,
        "$defs": dict(sorted(shapes.items())),
    }


def render_schema() -> str:
    return json.dumps(make_schema(), indent=2, ensure_ascii=False) + "\n"


@cache
def validator() -> Any:
    return Draft202012Validator(json.loads(FILE.read_text("utf-8")))


def validate(text: str) -> Any:
    """The document, if it is one."""
    document = json.loads(text)
    validator().validate(document)
    return document


def _write(hint: Any, shapes: dict[str, Any]) -> dict[str, Any]:
    if typing.is_typeddict(hint):
        name = hint.__name__
        if name not in shapes:
            shapes[name] = {}  # so that it is not begun twice
            shapes[name] = _write_object(hint, shapes)
        return {"$ref": f"#/$defs/{name}"}
    if typing.get_origin(hint) is list:
        (item,) = typing.get_args(hint)
        return {"type": "array", "items": _write(item, shapes)}
    if typing.get_origin(hint) is Literal:
        return _write_codes(hint)
    return dict(_PLAIN[hint])


def _write_codes(hint: Any) -> dict[str, Any]:
    values = list(typing.get_args(hint))
    if hint in _OPEN:
        return {"type": "string", "examples": values}
    return {"const": values[0]} if len(values) == 1 else {"enum": values}


def _write_object(shape: Any, shapes: dict[str, Any]) -> dict[str, Any]:
    members = typing.get_type_hints(shape)
    optional = {name for name in members if _is_optional(members[name])} | shape.__optional_keys__
    return {
        "description": " ".join((inspect.getdoc(shape) or "").split()),
        "type": "object",
        "properties": {name: _write(_strip(hint), shapes) for name, hint in members.items()},
        "required": [name for name in members if name not in optional],
        "additionalProperties": False,
    }


def _is_optional(hint: Any) -> bool:
    return types.NoneType in typing.get_args(hint)


def _strip(hint: Any) -> Any:
    """The type of an Optional member."""
    if not _is_optional(hint):
        return hint
    rest = [each for each in typing.get_args(hint) if each is not types.NoneType]
    return rest[0] if len(rest) == 1 else Literal[tuple(rest)]

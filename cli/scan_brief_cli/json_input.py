"""Reads JSON from the files that the options name, or from standard input."""

from __future__ import annotations

import codecs
import json
import re
import sys
from pathlib import Path
from typing import Any

from scan_brief_cli.bad_input import BadInput, show_given

STANDARD_INPUT = Path("-")
# Windows PowerShell writes UTF-16 when it redirects a command's output to a file.
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_STRING_OR_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(?P<constant>NaN|-?Infinity)', re.DOTALL)
_MOST_LEVELS = 100  # of a scan event; Amazon's have five
_MOST_NUMBER = 2**53 - 1  # RFC 8259, section 6: beyond it, programs disagree on the value
_SPACE = re.compile(r"[ \t\r\n]*")


def name_input(file: Path) -> str:
    """What a message calls it."""
    return "standard input" if file == STANDARD_INPUT else str(file)


def read_documents(file: Path, accepted: str) -> list[Any]:
    """The JSON documents in the file, one after another; at least one. Raises BadInput.

    accepted: what a message says of an input without JSON.
    """
    name = name_input(file)
    try:
        content = _read(file)
    except OSError as fault:
        raise BadInput(f"{name}: {fault.strerror}") from fault
    try:
        documents = _parse(_decode(content))
    except (ValueError, RecursionError) as fault:
        raise BadInput(f"{name}: {_explain(fault)}; {accepted}") from fault
    if not documents:
        raise BadInput(f"{name}: given nothing; {accepted}")
    return documents


def _explain(fault: Exception) -> str:
    match fault:
        case json.JSONDecodeError():
            return f"not JSON, at line {fault.lineno} column {fault.colno}: {fault.msg}"
        case UnicodeDecodeError():
            return f"not {fault.encoding.upper()} text, at byte {fault.start}"
        case RecursionError():
            return "JSON nested too deeply"
        case _:  # the interpreter's limit for a number of thousands of digits
            return f"JSON that cannot be read: {str(fault).partition(';')[0]}"


class _ConstantError(Exception):
    """NaN or Infinity: Python's module reads them, but JSON (RFC 8259) has no such numbers."""


def _read(file: Path) -> bytes:
    return sys.stdin.buffer.read() if file == STANDARD_INPUT else file.read_bytes()


def _decode(content: bytes) -> str:
    """A byte order mark is no part of the text."""
    return content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig")


def _parse(text: str) -> list[Any]:
    decoder = json.JSONDecoder(parse_constant=_refuse_constant)
    documents = []
    place = _skip_space(text, 0)
    try:
        while place < len(text):
            document, end = decoder.raw_decode(text, place)
            documents.append(document)
            place = _skip_space(text, end)
    except _ConstantError as fault:
        raise json.JSONDecodeError(f"given {fault}", text, _find_constant(text, place)) from None
    return documents


def _refuse_constant(name: str) -> None:
    raise _ConstantError(name)


def _skip_space(text: str, place: int) -> int:
    matched = _SPACE.match(text, place)
    return matched.end() if matched else place


def _find_constant(text: str, start: int) -> int:
    found = _STRING_OR_CONSTANT.finditer(text, start)
    return next((match.start() for match in found if match["constant"]), start)


def find_unusual(document: Any) -> str | None:
    """The first place that is nested too deeply, or has a number that JSONata cannot count with."""
    layer = [("", document)]
    for _ in range(_MOST_LEVELS):
        layer = [entry for place, value in layer for entry in _list_members(place, value)]
        for place, value in layer:
            if isinstance(value, int | float) and not abs(value) <= _MOST_NUMBER:
                accepted = f"a number up to {_MOST_NUMBER}"
                return f"{place}: given {show_given(value)}; accepted: {accepted}"
        if not layer:
            return None
    return f"{layer[0][0]}: nested more than {_MOST_LEVELS} levels deep"


def _list_members(place: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f"{place}.{name}".removeprefix("."), member) for name, member in value.items()]
    entries = value if isinstance(value, list) else []
    return [(f"{place}[{number}]", entry) for number, entry in enumerate(entries)]

"""Checks the JSON and the encoding of the files under templates/, which people edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Formatter as TextFormat
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

from scan_brief.model import FieldSpec, RemedyOfNotice, SeverityWords, Words
from scan_brief_cdk.settings.json_text import NotJson, parse_json
from scan_brief_cli.bad_input import BadInput, show_given
from scan_brief_common.limits import LANGUAGES

_ACCEPTED: dict[Any, str] = {str: "a text", int: "a whole number", bool: "true or false"}


def check_template_files(templates: Path, language: str) -> None:
    """Raises BadInput, which names the file, the place, what is given and what is accepted.

    What Jinja2 reads is checked for its encoding alone: Jinja2 says what else is wrong, and where.
    """
    for file in sorted((templates / language).glob("*.j2")):
        _check_encoding(file)
    words = templates / language / "words.json"
    document = _read_json(words)
    _raise_first(words, find_misfits(document, Words))
    others = [templates / other / "words.json" for other in LANGUAGES if other != language]
    for other in others:
        if other.exists():
            _raise_first(words, _find_odd_formats(document, _read_json(other)))
    notices = templates / language / "notice.json"
    _raise_first(notices, find_misfits(_read_json(notices), dict[str, RemedyOfNotice]))
    fields = templates / "fields.json"
    _raise_first(fields, find_misfits(_read_json(fields), dict[str, FieldSpec]))


def find_misfits(value: Any, hint: Any, place: str = "") -> Iterator[str]:
    """Every place where the value is not of the type: a TypedDict, dict, list, union or class."""
    if is_typeddict(hint):
        yield from _find_member_misfits(value, hint, place)
    elif get_origin(hint) is Union:
        if not any(next(find_misfits(value, each), None) is None for each in get_args(hint)):
            yield _write_misfit(place, value, _describe(hint))
    elif not isinstance(value, get_origin(hint) or hint):
        yield _write_misfit(place, value, _describe(hint))
    else:
        for name, entry in _list_entries(value):
            yield from find_misfits(entry, get_args(hint)[-1], _join(place, name))


def _list_entries(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [*value.items()]
    entries = value if isinstance(value, list) else []
    return [(str(number), entry) for number, entry in enumerate(entries)]


def _find_member_misfits(value: Any, hint: Any, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _write_misfit(place, value, _describe(hint))
        return
    # A severity without a word is printed as it is.
    needed = frozenset() if hint is SeverityWords else hint.__required_keys__
    for name, inner in get_type_hints(hint).items():
        if name in value:
            yield from find_misfits(value[name], inner, _join(place, name))
        elif name in needed:
            yield f"{_join(place, name)}: given nothing; accepted: {_describe(inner)}"


def _find_odd_formats(given: Any, other: Any, place: str = "") -> Iterator[str]:
    """Texts with other places to fill in than another language's text, which shows that they are
    formats.
    """
    if isinstance(given, dict) and isinstance(other, dict):
        for name in given.keys() & other.keys():
            yield from _find_odd_formats(given[name], other[name], _join(place, name))
    elif isinstance(given, str) and isinstance(other, str):
        known = _list_fields(other)
        if known and not _is_part(_list_fields(given), known):
            accepted = ", ".join(f"{{{name}}}" for name in known)
            yield _write_misfit(place, given, f"a text with {accepted}")


def _list_fields(text: str) -> list[str] | None:
    """The names between braces; None if a brace has no partner."""
    try:
        return [name for _, name, _, _ in TextFormat().parse(text) if name is not None]
    except ValueError:
        return None


def _is_part(names: list[str] | None, known: list[str]) -> bool:
    return (
        names is not None
        and all(names.count("") <= known.count("") for _ in names)
        and (set(names) <= set(known))
    )


def _describe(hint: Any) -> str:
    kind = get_origin(hint) or hint
    if kind is Union:
        return " or ".join(map(_describe, get_args(hint)))
    if kind is dict or is_typeddict(kind):
        return "an object"
    return _ACCEPTED.get(kind, "a list")


def _write_misfit(place: str, value: Any, accepted: str) -> str:
    named = f"{place}: " if place else ""
    return f"{named}given {show_given(value)}; accepted: {accepted}"


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _raise_first(file: Path, faults: Iterator[str]) -> None:
    for fault in faults:
        raise BadInput(f"{file}: {fault}")


def _check_encoding(file: Path) -> None:
    try:
        content = file.read_bytes()
        content.decode()
    except OSError as fault:
        raise BadInput(f"{file}: {fault.strerror}") from fault
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise BadInput(f"{file}, line {line}: not UTF-8 text, at byte {fault.start}") from fault


def _read_json(file: Path) -> Any:
    try:
        return parse_json(file.read_bytes(), str(file))
    except OSError as fault:
        raise BadInput(f"{file}: {fault.strerror}") from fault
    except NotJson as fault:
        raise BadInput(str(fault)) from fault

"""Pure: rules over the form of payload templates: what is a path is marked as one, and nothing else
is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.workflow.intrinsics import FUNCTIONS, PATH, Call, find_paths, parse

Definition = dict[str, Any]

_LOOKS_LIKE_A_PATH = re.compile(r"\$(?!\{)|States\.")
_PATH_FIELDS = (
    "InputPath",
    "OutputPath",
    "ResultPath",
    "SecondsPath",
    "TimeoutSecondsPath",
    "CausePath",
    "ErrorPath",
)
_TEMPLATES = ("Parameters", "ResultSelector", "Result")


def leaves(definition: Definition) -> Iterator[tuple[str, str, Any]]:
    """State, key and value of everything in the states' payload templates that is not an object."""
    for name, state in definition["States"].items():
        for field in _TEMPLATES:
            for key, value in _leaves(field, state.get(field, {})):
                yield name, key, value


def expressions(definition: Definition) -> Iterator[tuple[str, str, Any]]:
    """State, key and parsed value of every marked key; what cannot be parsed is left out."""
    for name, key, value in leaves(definition):
        parsed = _try_parse(value) if key.endswith(".$") else None
        if parsed is not None:
            yield name, key, parsed


def paths_are_marked(definition: Definition) -> Iterator[str]:
    """No value that looks like a path stands under a key without .$, where it would be sent as it
    is written.
    """
    for name, key, value in leaves(definition):
        if isinstance(value, str) and not key.endswith(".$") and _LOOKS_LIKE_A_PATH.match(value):
            yield f"{name}: {key} holds {value!r}, a path under a key without .$"


def marked_values_are_paths(definition: Definition) -> Iterator[str]:
    """Whatever stands under a key with .$, or in a field for a path, is a path or a States
    function.
    """
    for name, key, value in leaves(definition):
        if key.endswith(".$") and _try_parse(value) is None:
            yield f"{name}: {key} holds {value!r}, neither a path nor a States function"
    for name, state in definition["States"].items():
        holders = [state, *state.get("Catch", [])]
        for field, value in (
            (one, holder[one]) for holder in holders for one in _PATH_FIELDS if one in holder
        ):
            if not PATH.fullmatch(str(value)):
                yield f"{name}: {field} is {value!r}, not a path"


def functions_name_no_hyphen(definition: Definition) -> Iterator[str]:
    """Inside a States function no path holds a hyphen: reports differ on whether Step Functions
    takes one there.
    """
    for name, key, parsed in expressions(definition):
        for path in find_paths(parsed):
            if isinstance(parsed, Call) and "-" in path:
                yield f"{name}: {key} names {path} inside a function"


def functions_exist(definition: Definition) -> Iterator[str]:
    """Every States function is one that is used here and understood by the other rules."""
    for name, key, parsed in expressions(definition):
        for unknown in _call_names(parsed) - FUNCTIONS.keys():
            yield f"{name}: {key} calls {unknown}"


def _leaves(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for inner, one in value.items():
            yield from _leaves(inner, one)
    else:
        yield key, value


def _try_parse(value: object) -> Any:
    try:
        return parse(str(value))
    except ValueError:
        return None


def _call_names(parsed: Any) -> set[str]:
    if not isinstance(parsed, Call):
        return set()
    return {parsed.name}.union(*(_call_names(argument) for argument in parsed.arguments))

"""Reads every JSONPath of a definition out of recorded inputs, as AWS does: no match is an error.

The emulator makes null of a path that leads nowhere, so a wrong or optional path would pass there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from jsonpath_ng.parser import parse

_PATH = re.compile(r"\$\$?(?:\.[\w-]+)*")
_FIELDS = ("InputPath", "SecondsPath", "TimestampPath", "CausePath", "ErrorPath", "ItemsPath")
CONTEXT = {"Execution": {"Id": "arn", "Name": "name", "Input": {}}, "State": {"Name": "state"}}


def find_missing(state: Mapping[str, Any], state_input: object) -> Iterator[str]:
    """Each path of the state that its input lacks; ResultSelector and OutputPath are not read."""
    for path in _read_paths(state):
        if not _has(state_input, path):
            yield path
    for rule in state.get("Choices", []):
        yield from _missing_in_rule(rule, state_input)


def find_missing_in_result(state: Mapping[str, Any], result: object) -> Iterator[str]:
    """Each path of ResultSelector that a result does not have."""
    return (path for path in _marked(state.get("ResultSelector", {})) if not _has(result, path))


def _read_paths(state: Mapping[str, Any]) -> Iterator[str]:
    yield from (state[field] for field in _FIELDS if field in state)
    yield from _marked(state.get("Parameters", {}))


def _marked(template: object) -> Iterator[str]:
    """The paths in keys that end in .$, those in intrinsic functions among them."""
    if isinstance(template, Mapping):
        for key, value in template.items():
            if key.endswith(".$"):
                yield from _PATH.findall(value)
            else:
                yield from _marked(value)
    elif isinstance(template, list):
        for value in template:
            yield from _marked(value)


def _missing_in_rule(rule: Mapping[str, Any], state_input: object) -> Iterator[str]:
    """An And evaluates its tests in order, until one is false."""
    tests: Iterable[Mapping[str, Any]] = rule.get("And", [rule])
    for test in tests:
        present = _has(state_input, test["Variable"])
        if "IsPresent" in test:
            if present != test["IsPresent"]:
                return
        elif not present:
            yield test["Variable"]


def _has(document: object, path: str) -> bool:
    holder = CONTEXT if path.startswith("$$") else document
    return bool(_parse(path.replace("$$", "$", 1)).find(holder))


@cache
def _parse(path: str) -> Any:
    return parse(re.sub(r"\.([\w-]*-[\w-]*)", r".'\1'", path))

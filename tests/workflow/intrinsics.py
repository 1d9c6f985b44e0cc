"""Pure: reads and evaluates what stands under a key that ends with .$: paths and the States
functions used here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PATH = re.compile(r"\$\$?(?:\.[A-Za-z_][\w-]*)*")
_TOKEN = re.compile(
    rf"\s*(?:(?P<call>States\.\w+)\(|(?P<path>{PATH.pattern})|(?P<text>'[^']*')|(?P<number>\d+|false|true))"
)
CONTEXT = {"Execution": {"Id": "arn:aws:states:eu-central-1:111122223333:execution:ScanBrief:one"}}


@dataclass(frozen=True)
class Call:
    """A States function with its arguments: Calls, Paths, texts, numbers, booleans."""

    name: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Path:
    """A path into a state's input ($) or into the context ($$)."""

    text: str


def parse(text: str) -> Any:
    """A Path or a Call. Raises ValueError for anything else."""
    found, end = _parse(text, 0)
    if text[end:].strip() or not isinstance(found, Path | Call):
        raise ValueError(f"neither a path nor a States function: {text}")
    return found


def evaluate(found: Any, data: Any) -> Any:
    """Its value for a state's input. Raises LookupError for a path that is not there, ValueError
    for a wrong call.
    """
    if isinstance(found, Path):
        return look_up(found.text, data)
    if isinstance(found, Call):
        if found.name not in FUNCTIONS:
            raise ValueError(f"no such function here: {found.name}")
        arguments = [evaluate(one, data) for one in found.arguments]
        try:
            return FUNCTIONS[found.name](*arguments)
        except (TypeError, AttributeError) as fault:
            raise ValueError(f"{found.name}: {fault}") from fault
    return found


def look_up(path: str, data: Any) -> Any:
    """What stands at the path. Raises LookupError, ValueError."""
    if not PATH.fullmatch(path):
        raise ValueError(f"not a path: {path}")
    root, *keys = path.split(".")
    value = CONTEXT if root == "$$" else data
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            raise LookupError(path)
        value = value[key]
    return value


def find_calls(found: Any, name: str) -> list[Call]:
    """Every call of this function in it."""
    if not isinstance(found, Call):
        return []
    inner = [call for argument in found.arguments for call in find_calls(argument, name)]
    return [found, *inner] if found.name == name else inner


def find_paths(found: Any) -> list[str]:
    """Every path in it."""
    if isinstance(found, Call):
        return [path for argument in found.arguments for path in find_paths(argument)]
    return [found.text] if isinstance(found, Path) else []


def _parse(text: str, start: int) -> tuple[Any, int]:
    token = _TOKEN.match(text, start)
    if not token:
        raise ValueError(f"not understood: {text[start:]!r} in {text}")
    if token["call"]:
        return _parse_arguments(token["call"], text, token.end())
    if token["path"]:
        return Path(token["path"]), token.end()
    return (token["text"][1:-1] if token["text"] else json.loads(token["number"])), token.end()


def _parse_arguments(name: str, text: str, start: int) -> tuple[Call, int]:
    arguments, end, mark = [], start, ","
    while mark == ",":
        argument, end = _parse(text, end)
        arguments.append(argument)
        rest = text[end:].lstrip()
        mark, end = rest[:1], len(text) - len(rest) + 1
    if mark != ")":
        raise ValueError(f"{name} is not closed in {text}")
    return Call(name, tuple(arguments)), end


def _merge(beneath: dict[str, Any], above: dict[str, Any], deep: bool) -> dict[str, Any]:
    if deep is not False:
        raise ValueError("States.JsonMerge knows shallow mode only, that is false")
    return {**beneath, **above}


def _add(number: int, more: int) -> int:
    if not isinstance(number, int) or more != 1:
        raise ValueError("what is counted is counted in ones")
    # At some number it stays, so that a walk that goes round comes back to where it has been.
    return min(number + more, 9)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "States.Format": lambda text, *values: text + "".join(str(value)[:0] for value in values),
    "States.StringToJson": json.loads,
    "States.JsonToString": json.dumps,
    "States.JsonMerge": _merge,
    "States.StringSplit": lambda text, mark: text.split(mark),
    "States.ArrayGetItem": lambda items, place: items[place],
    "States.ArrayLength": len,
    "States.MathAdd": _add,
}

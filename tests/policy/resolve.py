"""Resolves a template's references to pseudo parameters, as CloudFormation does. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def resolve(value: Any, parameters: Mapping[str, str]) -> Any:
    """The value with each Ref and Fn::Join replaced. Raises KeyError for any other reference."""
    if isinstance(value, list):
        return [resolve(item, parameters) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((function, argument),) = value.items()
        if function == "Ref" or function.startswith("Fn::"):
            return _FUNCTIONS[function](argument, parameters)
    return {key: resolve(item, parameters) for key, item in value.items()}


def _ref(name: str, parameters: Mapping[str, str]) -> str:
    return parameters[name]


def _join(argument: Any, parameters: Mapping[str, str]) -> str:
    separator, parts = argument
    return str(separator).join(resolve(parts, parameters))


_FUNCTIONS = {"Ref": _ref, "Fn::Join": _join}

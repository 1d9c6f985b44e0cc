"""Checks a value against a shape that scan_brief.model declares."""

from __future__ import annotations

from typing import Any

from typeguard import check_type


def assert_shape(value: object, shape: Any) -> None:
    """`shape`: a TypedDict or a type made of them. Reports missing, extra and wrong members."""
    try:
        check_type("value", value, shape)
    except TypeError as fault:
        raise AssertionError(f"not of the shape {shape}: {fault}") from None

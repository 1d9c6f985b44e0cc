"""Annotations of a list, from cdk.json or, separated by commas, from the command line. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from scan_brief_cdk.settings.errors import Refused


def list_or_text(item: Any, words: str, *, least: int = 0) -> BeforeValidator:
    """For a tuple of `item`: a JSON list, or comma-separated text."""

    def read(given: object) -> list[object]:
        if not isinstance(given, str | list):
            raise Refused(given, f"a list, or comma-separated text: {words}")
        items = split_text(given) if isinstance(given, str) else given
        if len(items) < least:
            raise Refused(given, f"a list of at least {least}: {words}")
        return items

    array = Annotated[list[item], Field(min_length=least)] if least else list[item]
    return BeforeValidator(read, json_schema_input_type=array | str)


def split_text(text: str) -> list[object]:
    """The items of comma-separated text, without white space around them."""
    return [item.strip() for item in text.split(",")] if text.strip() else []


def refuse_repeated(values: Sequence[str]) -> Sequence[str]:
    """Raises Refused for a value that is listed twice, however it is capitalized."""
    seen: set[str] = set()
    for value in values:
        if value.casefold() in seen:  # a mailbox in two spellings would get every brief twice
            raise Refused(value, "each only once")
        seen.add(value.casefold())
    return values

"""The type of a setting that is switched on or off. Pure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from scan_brief_cdk.settings.errors import Refused

_WORDS = {"true": True, "false": False}


def _read_switch(given: object) -> bool:
    """The command line passes text."""
    if isinstance(given, bool):
        return given
    if isinstance(given, str) and given in _WORDS:
        return _WORDS[given]
    raise Refused(given, "true or false")


Switch = Annotated[
    bool,
    BeforeValidator(_read_switch, json_schema_input_type=bool | Literal["true", "false"]),
]

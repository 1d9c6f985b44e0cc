"""Reads JSON that a person wrote, and names the place where it is not valid. Pure."""

from __future__ import annotations

import json
from typing import Any


class NotJson(ValueError):
    """Not valid JSON. The text is one line that names the file and the place in it."""


def parse_json(text: bytes, file: str) -> Any:
    """The file's value; a byte order mark is no part of it. Raises NotJson."""
    try:
        return json.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise NotJson(f"{file}: not UTF-8 text, at byte {fault.start}") from fault
    except json.JSONDecodeError as fault:
        raise NotJson(
            f"{file}: not JSON, at line {fault.lineno} column {fault.colno}: {fault.msg}"
        ) from fault
    except RecursionError as fault:
        raise NotJson(f"{file}: JSON nested too deeply") from fault
    except ValueError as fault:  # a number of thousands of digits
        raise NotJson(
            f"{file}: JSON that cannot be read: {str(fault).partition(';')[0]}"
        ) from fault

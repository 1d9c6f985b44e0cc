"""Pure: refuses a value of a request by its field, what was given and what is accepted."""

from __future__ import annotations

import json
import re

from scan_brief.scan.errors import InvalidRequest
from scan_brief.text import cut
from scan_brief.untrusted import MISSING

_SHOWN_CHARACTERS = 200  # of what was given


def match(field: str, given: object, pattern: str, accepted: str) -> re.Match[str]:
    """The match of a text as a whole, in ASCII. Raises InvalidRequest."""
    matched = re.fullmatch(pattern, given, re.ASCII) if isinstance(given, str) else None
    if matched is None:
        raise refuse(field, given, accepted)
    return matched


def refuse(field: str, given: object, accepted: str) -> InvalidRequest:
    """The error to raise. given: MISSING for nothing."""
    said = "nothing" if given is MISSING else cut(_show(given), _SHOWN_CHARACTERS)
    return InvalidRequest(f"{cut(field, _SHOWN_CHARACTERS)}: given {said}; accepted: {accepted}")


def _show(given: object) -> str:
    try:
        return json.dumps(given, ensure_ascii=False, default=str)
    except RecursionError:
        return "JSON that is nested too deeply"

"""Pure: what the urgent path adds to its requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scan_brief.scan.refusal import refuse
from scan_brief.text import clean
from scan_brief.untrusted import MISSING
from scan_brief_common.limits import IGNORE_ID_CHARACTERS

if TYPE_CHECKING:
    from scan_brief.model import Urgent, UrgentSaid

_KEYS = ("id", "knownExploited", "others")
_MOST_OTHERS = 10_000


def read_urgent(given: object) -> Urgent | None:
    """Read the member of a request. Raises InvalidRequest."""
    if given is MISSING:
        return None
    if not isinstance(given, Mapping):
        raise refuse("urgent", given, f"an object of {', '.join(_KEYS)}")
    said: UrgentSaid = given
    name, exploited = said.get("id", MISSING), said.get("knownExploited", MISSING)
    others = said.get("others", MISSING)
    if not clean(name):
        raise refuse("urgent.id", name, "the id of a vulnerability")
    if not isinstance(exploited, bool):
        raise refuse("urgent.knownExploited", exploited, "true or false")
    if type(others) is not int or not 0 <= others <= _MOST_OTHERS:
        raise refuse("urgent.others", others, "a number of findings")
    return {
        "id": clean(name, IGNORE_ID_CHARACTERS),
        "knownExploited": exploited,
        "others": others,
    }

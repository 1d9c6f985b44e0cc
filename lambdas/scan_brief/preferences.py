"""Pure: which preferences a stack of many repositories states for one of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scan_brief_common.patterns import matches

if TYPE_CHECKING:
    from scan_brief.model import Preferences, StatedPreferences


def find_preferences(text: str, repository: str) -> Preferences:
    """What the repository prefers.

    `text`: a JSON object of model.StatedPreferences by name, prefix followed by *, or *, the most
    specific first. Each preference comes from the first pattern that matches and states it.
    """
    stated: dict[str, StatedPreferences] = json.loads(text)
    found: Preferences = {"language": None, "topFindings": None, "timeZone": None}
    for pattern, preferences in reversed(stated.items()):
        if matches(pattern, repository):
            found = {**found, **preferences}
    return found

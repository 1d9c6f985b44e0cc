"""Pure: what a stack that watches many repositories has been told of one of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from scan_brief_common.patterns import matches


def find_preferences(text: str, repository: str) -> Mapping[str, Any]:
    """`text`: a JSON object of {name, prefix followed by *, or *: {"language", "topFindings",
    "timeZone"}}.

    All three may be missing. Of each, the first that fits is taken: whoever writes them puts the
    closest first.
    """
    told: Mapping[str, Mapping[str, Any]] = json.loads(text)
    found: dict[str, Any] = {}
    for name, said in told.items():
        if matches(name, repository):
            found = {**said, **found}
    return found

"""State FormatMessage: a report in, a brief of at most 96 KiB out. It calls nothing.

Environment: LANGUAGE, TIME_ZONE. Permissions: none.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

from scan_brief.brief.message import Formatter
from scan_brief.preferences import find_preferences
from scan_brief.settings import FormatSettings

_settings = FormatSettings.from_environment(os.environ)
_formatter_of = lru_cache(maxsize=8)(Formatter)
_formatter_of(_settings)  # its templates are parsed at cold start


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """{"request": …, "report": …, "preferences": preferences.find_preferences' text} to
    Formatter.format's shape.
    """
    settings = _settings.prefer(
        find_preferences(event["preferences"], event["report"]["image"]["repository"])
    )
    return _formatter_of(settings).format(event)

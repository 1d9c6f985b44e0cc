"""State FormatMessage: a report in, a brief of at most 96 KiB out. It calls nothing.

Environment: LANGUAGE, TIME_ZONE. Permissions: none.
"""

from __future__ import annotations

import os
from typing import Any

from scan_brief.message import Formatter
from scan_brief.settings import FormatSettings

_formatter = Formatter(FormatSettings.from_environment(os.environ))


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """{"request": …, "report": …} to message.Formatter.format's shape."""
    return _formatter.format(event)

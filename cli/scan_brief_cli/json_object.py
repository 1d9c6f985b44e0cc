"""A JSON object as AWS sends it or a file has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

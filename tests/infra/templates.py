"""The templates of a cloud assembly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read_templates(folder: Path) -> dict[str, dict[str, Any]]:
    """By the names of the stacks."""
    files = sorted(folder.glob("*.template.json"))
    return {
        path.name.removesuffix(".template.json"): json.loads(path.read_text("utf-8"))
        for path in files
    }

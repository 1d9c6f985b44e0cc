"""Patterns of file paths: * and ? within a folder, ** for any folders. Pure."""

from __future__ import annotations

import re

ACCEPTED = "a file's path, in which * and ? match within a folder, and **/ any folders"
_PARTS = re.compile(r"\*\*/|/\*\*$|\*\*|[*?]|[^*?]+")
_MEANINGS = {"**/": "(?:[^/]+/)*", "/**": "(?:/.*)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def is_path_pattern(text: str) -> bool:
    """False for what would need other rules: alternatives, sets of characters, escapes."""
    return bool(text) and not re.search(r"[\[\]{}\\]", text)


def matches_path(pattern: str, path: str) -> bool:
    """Whether the whole path matches; a / at the start makes no difference."""
    parts = _PARTS.findall(pattern.lstrip("/"))
    compiled = "".join(_MEANINGS.get(part) or re.escape(part) for part in parts)
    return re.fullmatch(compiled, path.lstrip("/"), re.DOTALL) is not None

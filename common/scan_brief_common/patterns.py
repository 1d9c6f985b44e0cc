"""Which repositories a name means: one name, a prefix followed by *, or * for every one. Pure."""

from __future__ import annotations

EVERY = "*"


def prefix_of(pattern: str) -> str | None:
    """What the names begin with, "" for every one; None if the pattern is the name of one repository."""
    return pattern.removesuffix(EVERY) if pattern.endswith(EVERY) else None


def matches(pattern: str, repository: str) -> bool:
    """Whether the pattern means this repository."""
    prefix = prefix_of(pattern)
    return repository == pattern if prefix is None else repository.startswith(prefix)

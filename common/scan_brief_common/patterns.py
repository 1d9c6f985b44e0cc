"""Names of repositories, and patterns for them: a name, a prefix and *, or * for all. Pure."""

from __future__ import annotations

EVERY = "*"
# The grammar of botocore's ecr model, RepositoryName, without its lengths. Words and separators
# share no character, so there is one way to read a name, and a long one that does not match is
# refused in linear time.
EXISTING_REPOSITORY_NAME = r"[a-z0-9]+(?:(?:[./]|__?|-+)[a-z0-9]+)*"


def prefix_of(pattern: str) -> str | None:
    """What the names begin with, "" for all; None if the pattern is one repository's name."""
    return pattern.removesuffix(EVERY) if pattern.endswith(EVERY) else None


def matches(pattern: str, repository: str) -> bool:
    """Whether the pattern matches this repository."""
    prefix = prefix_of(pattern)
    return repository == pattern if prefix is None else repository.startswith(prefix)

"""Names of repositories, and patterns for them: a name, a prefix and *, or * for all. Pure."""

from __future__ import annotations

from scan_brief_common.limits import IGNORE_ID_CHARACTERS

EVERY = "*"
# The grammar of botocore's ecr model, RepositoryName, without its lengths. Words and separators
# share no character, so there is one way to read a name, and a long one that does not match is
# refused in linear time.
EXISTING_REPOSITORY_NAME = r"[a-z0-9]+(?:(?:[./]|__?|-+)[a-z0-9]+)*"

# What Inspector and the lists of ignored findings name: CVE-2024-0001, ALAS2-2024-1, GHSA-….
VULNERABILITY_ID = rf"[A-Za-z0-9][A-Za-z0-9._:/-]{{0,{IGNORE_ID_CHARACTERS - 1}}}"
A_VULNERABILITY_ID = (
    f"the id of a vulnerability such as CVE-2024-0001, of at most {IGNORE_ID_CHARACTERS} characters"
)


def prefix_of(pattern: str) -> str | None:
    """What the names begin with, "" for all; None if the pattern is one repository's name."""
    return pattern.removesuffix(EVERY) if pattern.endswith(EVERY) else None


def matches(pattern: str, repository: str) -> bool:
    """Whether the pattern matches this repository."""
    prefix = prefix_of(pattern)
    return repository == pattern if prefix is None else repository.startswith(prefix)

"""What a check comes to. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it stands with one thing, or with all of them."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


_BY_WEIGHT = tuple(Verdict)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: its name, how it stands, that in words, and what to do (empty
    when ok).
    """

    name: str
    verdict: Verdict
    said: str
    advice: str = ""


def ok(name: str, said: str) -> Check:
    """All is well."""
    return Check(name, Verdict.OK, said)


def warning(name: str, said: str, advice: str) -> Check:
    """It could not be seen, or it may become a failure."""
    return Check(name, Verdict.WARNING, said, advice)


def failure(name: str, said: str, advice: str) -> Check:
    """As it stands, briefs do not arrive."""
    return Check(name, Verdict.FAILURE, said, advice)


def weigh(checks: Iterable[Check]) -> Verdict:
    """The worst of them."""
    return max((check.verdict for check in checks), key=_BY_WEIGHT.index, default=Verdict.OK)

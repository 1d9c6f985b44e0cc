"""The result of a check. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The verdict of one check, or of all."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


_BY_SEVERITY = tuple(Verdict)


@dataclass(frozen=True)
class Check:
    """A check's name, verdict, message, and what to do (empty if the verdict is ok).

    made: False if AWS did not answer what the check needs.
    """

    name: str
    verdict: Verdict
    text: str
    advice: str = ""
    made: bool = True


def ok(name: str, text: str) -> Check:
    """What is checked works."""
    return Check(name, Verdict.OK, text)


def warning(name: str, text: str, advice: str) -> Check:
    """It may become a failure, or the answer of AWS does not decide it."""
    return Check(name, Verdict.WARNING, text, advice)


def unmade(name: str, text: str, advice: str) -> Check:
    """It could not be checked."""
    return Check(name, Verdict.WARNING, text, advice, made=False)


def failure(name: str, text: str, advice: str) -> Check:
    """It keeps briefs from arriving."""
    return Check(name, Verdict.FAILURE, text, advice)


def weigh(checks: Iterable[Check]) -> Verdict:
    """The worst verdict."""
    return max((check.verdict for check in checks), key=_BY_SEVERITY.index, default=Verdict.OK)

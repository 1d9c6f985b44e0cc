"""An examination as lines for a person, or as JSON. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scan_brief.text import clean
from scan_brief_cli.doctor.check import Verdict

if TYPE_CHECKING:  # other commands import this module, and only the doctor needs boto3
    from scan_brief_cli.doctor.examination import Examination

_MOST_CHARACTERS = 1000
_WIDTH = max(map(len, Verdict)) + 2


def to_json(examination: Examination) -> dict[str, Any]:
    """Verdicts are ok, warning and failure. repositories: those that were checked."""
    return {
        "stack": examination.stack,
        "repositories": list(examination.repositories),
        "account": examination.registry.account,
        "region": examination.registry.region,
        "verdict": str(examination.verdict),
        "checks": [
            {
                "check": check.name,
                "verdict": str(check.verdict),
                # Sids, causes and messages have text from outside.
                "said": clean(check.text, _MOST_CHARACTERS),
                "advice": clean(check.advice, _MOST_CHARACTERS),
                "made": check.made,
            }
            for check in examination.checks
        ],
    }


def show(report: dict[str, Any], paint: Callable[[str, str], str]) -> str:
    """A line for each check of to_json's object, what to do below it, and the counts at the end.

    paint: colors a text by a verdict, or returns the text as it is.
    """
    lines = [line for check in report["checks"] for line in _show_check(check, paint)]
    counts = Counter(check["verdict"] for check in report["checks"])
    return "\n".join(
        [*lines, "", ", ".join(f"{verdict}: {counts[verdict]}" for verdict in Verdict)]
    )


def _show_check(check: dict[str, Any], paint: Callable[[str, str], str]) -> list[str]:
    verdict = check["verdict"]
    line = f"{paint(f'{verdict:{_WIDTH}}', verdict)}{check['said']}"
    return [line, f"{'':{_WIDTH}}do: {check['advice']}"] if check["advice"] else [line]


def was_examined(report: dict[str, Any]) -> bool:
    """Whether AWS answered what at least one check needs."""
    return any(check["made"] for check in report["checks"])


def exit_status(report: dict[str, Any], *, strict: bool) -> int:
    """1 if a check is a failure, or, if strict, a warning. 2 if no check was made. Else 0."""
    if report["verdict"] == Verdict.FAILURE:
        return 1
    if not was_examined(report):
        return 2
    return int(strict and report["verdict"] != Verdict.OK)

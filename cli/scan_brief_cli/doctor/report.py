"""An examination as lines for a person, or as JSON. Pure."""

from __future__ import annotations

from collections import Counter
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
            }
            for check in examination.checks
        ],
    }


def show(report: dict[str, Any]) -> str:
    """A line for each check of to_json's object, what to do below it, and the counts at the end."""
    lines = [line for check in report["checks"] for line in _show_check(check)]
    counts = Counter(check["verdict"] for check in report["checks"])
    return "\n".join(
        [*lines, "", ", ".join(f"{verdict}: {counts[verdict]}" for verdict in Verdict)]
    )


def _show_check(check: dict[str, str]) -> list[str]:
    line = f"{check['verdict']:{_WIDTH}}{check['said']}"
    return [line, f"{'':{_WIDTH}}do: {check['advice']}"] if check["advice"] else [line]


def exit_status(report: dict[str, Any]) -> int:
    """1 if a check is a failure, else 0."""
    return int(report["verdict"] == Verdict.FAILURE)

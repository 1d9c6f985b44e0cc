"""Pure: an examination as lines for a person, or as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from scan_brief.text import clean
from scan_brief_cli.doctor.check import Verdict

if TYPE_CHECKING:  # every command's options are read with this module; only the doctor needs boto3
    from scan_brief_cli.doctor.examination import Examination

_MOST_CHARACTERS = 1000
_WIDTH = max(map(len, Verdict)) + 2


def to_json(examination: Examination) -> dict[str, Any]:
    """Verdicts are ok, warning and failure; `repositories` are the ones that were looked at."""
    return {
        "stack": examination.stack,
        "repositories": list(examination.repositories),
        "account": examination.registry.account,
        "region": examination.registry.region,
        "verdict": str(examination.verdict),
        "checks": [
            {
                "check": one.name,
                "verdict": str(one.verdict),
                # Sids, causes and messages are text of others.
                "said": clean(one.said, _MOST_CHARACTERS),
                "advice": clean(one.advice, _MOST_CHARACTERS),
            }
            for one in examination.checks
        ],
    }


def show(report: dict[str, Any]) -> str:
    """Of to_json's object, one line for each check, what to do under it, and how many of each at
    the end.
    """
    lines = [line for one in report["checks"] for line in _show_check(one)]
    counts = Counter(one["verdict"] for one in report["checks"])
    return "\n".join(
        [*lines, "", ", ".join(f"{verdict}: {counts[verdict]}" for verdict in Verdict)]
    )


def _show_check(check: dict[str, str]) -> list[str]:
    line = f"{check['verdict']:{_WIDTH}}{check['said']}"
    return [line, f"{'':{_WIDTH}}do: {check['advice']}"] if check["advice"] else [line]


def exit_status(report: dict[str, Any]) -> int:
    """1 if there is any failure."""
    return int(report["verdict"] == Verdict.FAILURE)

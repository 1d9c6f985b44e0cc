"""One check at a time: whatever becomes of its questions, the others go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scan_brief.text import clean
from scan_brief_cli.doctor.check import Check, warning
from scan_brief_cli.doctor.faults import Unanswered

Look = Callable[[], Check | Sequence[Check]]


def run(name: str, look: Look) -> list[Check]:
    """What `look` found; a warning where AWS did not answer, or in a way that nobody expected."""
    try:
        found = look()
    except Unanswered as fault:
        return [warning(name, fault.said, fault.advice)]
    except Exception as fault:  # noqa: BLE001 - an answer of another shape stops this check alone
        said = f"AWS's answer was not understood: {clean(f'{type(fault).__name__}: {fault}', 200)}"
        return [
            warning(
                name,
                said,
                "look at it in the console; the versions of boto3 and Scan Brief may be too old",
            )
        ]
    return [found] if isinstance(found, Check) else list(found)

"""Runs one check, so that its faults do not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scan_brief.text import clean
from scan_brief_cli.doctor.check import Check, unmade
from scan_brief_cli.doctor.faults import Unanswered

Look = Callable[[], Check | Sequence[Check]]


def run(name: str, look: Look) -> list[Check]:
    """The checks of `look`.

    An unmade one if a call fails, or a response has an unexpected form.
    """
    try:
        found = look()
    except Unanswered as fault:
        return [unmade(name, fault.text, fault.advice)]
    except Exception as fault:  # noqa: BLE001 - of an unexpected response
        explained = clean(f"{type(fault).__name__}: {fault}", 200)
        text = f"AWS's response has an unexpected form: {explained}"
        return [
            unmade(
                name,
                text,
                "check it in the console; boto3 or Scan Brief may be too old",
            )
        ]
    return [found] if isinstance(found, Check) else list(found)

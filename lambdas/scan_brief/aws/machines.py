"""Starts the state machine of summaries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scan_brief.aws.faults import FAULTS, classify
from scan_brief.aws.memory import name_loss

if TYPE_CHECKING:
    from scan_brief.model import Window

# AWS's name of a name that is taken, and the emulator's.
_TAKEN = ("ExecutionAlreadyExists", "ExecutionAlreadyExistsException")


class SummaryNotStarted(Exception):
    """Without its summary, no brief is gathered. The text says why, in a word, as DENIED."""


def start_summary(client: Any, state_machine: str, window: Window) -> None:
    """Under the window's id, so that a window has one summary. Raises SummaryNotStarted."""
    try:
        client.start_execution(
            stateMachineArn=state_machine, name=window["window"], input=json.dumps(window)
        )
    except FAULTS as fault:
        if classify(fault).code not in _TAKEN:
            raise SummaryNotStarted(name_loss(fault)) from fault

"""Starts executions of state machines, each name once."""

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


def start_once(client: Any, state_machine: str, name: str, given: object) -> bool:
    """False if the name was started before. given: as JSON. Raises one of FAULTS."""
    try:
        client.start_execution(stateMachineArn=state_machine, name=name, input=json.dumps(given))
    except FAULTS as fault:
        if classify(fault).code in _TAKEN:
            return False
        raise
    return True


def start_summary(client: Any, state_machine: str, window: Window) -> None:
    """Under the window's id, so that a window has one summary. Raises SummaryNotStarted."""
    try:
        start_once(client, state_machine, window["window"], window)
    except FAULTS as fault:
        raise SummaryNotStarted(name_loss(fault)) from fault

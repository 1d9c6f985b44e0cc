"""The history and outcome of an execution in words. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scan_brief.text import clean
from scan_brief_cli.json_object import Json

_START_FALLBACK = "StartFallback"  # the state that starts the fallback's state machine
GOING_ON = ("RUNNING", "PENDING_REDRIVE")
_NO_CAUSE = {
    "TIMED_OUT": "it exceeded the state machine's timeout",
    "ABORTED": "it was stopped",
}


@dataclass
class History:
    """What was reported of an execution without parallel states.

    last_id: of the newest event reported. fallback_started: its state machine was started.
    """

    last_id: int = 0
    fallback_started: bool = False
    _state: str = ""
    _tries: int = 0

    def describe(self, events: Iterable[Json]) -> Iterator[str]:
        """A line for each event of interest. Events that were described before are skipped.

        events: HistoryEvents of GetExecutionHistory, oldest first.
        """
        for event in events:
            if event["id"] > self.last_id:
                self.last_id = event["id"]
                yield from self._describe_state(event)
                yield from self._describe_task(event)

    def _describe_state(self, event: Json) -> Iterator[str]:
        if "stateEnteredEventDetails" in event:
            self._state, self._tries = event["stateEnteredEventDetails"]["name"], 0
            waits = event["type"] == "WaitStateEntered"
            yield f"{self._state}: waits, then asks Inspector again" if waits else self._state

    def _describe_task(self, event: Json) -> Iterator[str]:
        kind = event["type"]
        if kind == "TaskScheduled":
            self._tries += 1
            if self._tries > 1:
                yield f"{self._state}: attempt {self._tries}"
        elif kind == "TaskSucceeded":
            self.fallback_started |= self._state == _START_FALLBACK
        elif kind.startswith("Task") and kind.endswith(("Failed", "TimedOut")):
            details = event.get(f"{kind[0].lower()}{kind[1:]}EventDetails", {})
            yield f"{self._state}: failed, {_format_error(details)}"


def explain_outcome(execution: Json) -> str:
    """How an execution ended. execution: of DescribeExecution."""
    status = execution["status"]
    if status == "SUCCEEDED":
        return f"sent{_format_message_id(execution.get('output'))}"
    fault = _format_error(execution) or _NO_CAUSE.get(status, "no cause is given")
    return f"{status}: {fault}"


def explain_fallback(execution: Json) -> str:
    """How the fallback of an execution ended. execution: the fallback's, of DescribeExecution."""
    if execution["status"] == "SUCCEEDED":
        return "The fallback brief, without findings, was sent."
    return f"The fallback brief was not sent: {explain_outcome(execution)}"


def _format_message_id(output: str | None) -> str:
    message = _read_object(output).get("messageId")
    return f": SNS message {clean(message)}" if message else ""


def _format_error(details: Json) -> str:
    """Error and cause; of the JSON that Lambda makes of an exception, the message only."""
    cause = details.get("cause")
    sentence = _read_object(cause).get("errorMessage", cause)
    return ": ".join(filter(None, (clean(details.get("error")), clean(sentence, 2000))))


def _read_object(text: str | None) -> Json:
    try:
        read = json.loads(text or "{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}

"""Pure: an execution's history and outcome in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scan_brief.text import clean

Json = Mapping[str, Any]

FALLBACKS = (
    "PublishFallback",
    "PublishFallbackWithoutName",
)  # states that send the message without findings
GOING_ON = ("RUNNING", "PENDING_REDRIVE")
_NO_CAUSE = {
    "TIMED_OUT": "it took longer than the state machine allows",
    "ABORTED": "somebody stopped it",
}


@dataclass
class History:
    """What has been told of an execution whose states come one after the other.

    last_id: of the newest event told. fallback_sent: SNS took the message without findings.
    """

    last_id: int = 0
    fallback_sent: bool = False
    _state: str = ""
    _tries: int = 0

    def tell(self, events: Iterable[Json]) -> Iterator[str]:
        """A line for each event that a person wants to know of. `events`: HistoryEvent of
        GetExecutionHistory, oldest first; those told before are passed over."""
        for event in events:
            if event["id"] > self.last_id:
                self.last_id = event["id"]
                yield from self._tell_state(event)
                yield from self._tell_task(event)

    def _tell_state(self, event: Json) -> Iterator[str]:
        if "stateEnteredEventDetails" in event:
            self._state, self._tries = event["stateEnteredEventDetails"]["name"], 0
            waits = event["type"] == "WaitStateEntered"
            yield f"{self._state}: waits, then Inspector is asked again" if waits else self._state

    def _tell_task(self, event: Json) -> Iterator[str]:
        kind = event["type"]
        if kind == "TaskScheduled":
            self._tries += 1
            if self._tries > 1:
                yield f"{self._state}: try {self._tries}"
        elif kind == "TaskSucceeded":
            self.fallback_sent |= self._state in FALLBACKS
        elif kind.startswith("Task") and kind.endswith(("Failed", "TimedOut")):
            details = event.get(f"{kind[0].lower()}{kind[1:]}EventDetails", {})
            yield f"{self._state}: failed, {_format_error(details)}"


def explain_outcome(execution: Json, *, fallback_sent: bool) -> str:
    """What came of an ended execution, as DescribeExecution describes it, and whether the fallback
    was sent.
    """
    status = execution["status"]
    if status == "SUCCEEDED":
        return f"sent{_format_message_id(execution.get('output'))}"
    fault = _format_error(execution) or _NO_CAUSE.get(status, "no cause is given")
    sent = "\nA message without the findings was sent." if fallback_sent else ""
    return f"{status}: {fault}{sent}"


def _format_message_id(output: str | None) -> str:
    message = _read_object(output).get("messageId")
    return f": SNS message {clean(message)}" if message else ""


def _format_error(details: Json) -> str:
    """Error and cause, with the sentence alone where the cause is the JSON that Lambda makes of an
    exception.
    """
    cause = details.get("cause")
    sentence = _read_object(cause).get("errorMessage", cause)
    return ": ".join(filter(None, (clean(details.get("error")), clean(sentence, 2000))))


def _read_object(text: str | None) -> Json:
    try:
        read = json.loads(text or "{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}

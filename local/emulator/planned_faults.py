"""Faults that a test plans for one image: of a process, a publish or a start. Files only.

A copy of this module runs in the functions' processes, so it imports nothing of the project.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FAILURE = re.compile(r'\\*"failure\\*"')  # only the fallback's input has it
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


def fail_publishes(folder: Path) -> None:
    """Let SNS fail as planned for an image: PublishMessage of its brief, PublishBrief of its
    fallback brief.
    """
    from ministack.services import sns

    faults, publish = PlannedFaults(folder), sns._publish

    def publish_or_fail(params: dict[str, Any]) -> Any:
        is_fallback = "DETAILS_UNAVAILABLE" in json.dumps(params.get("MessageAttributes"))
        place = "PublishBrief" if is_fallback else "PublishMessage"
        fault = faults.take(place, str(params.get("Message")))
        return (500, {}, fault.encode()) if fault else publish(params)

    sns._publish = publish_or_fail


def fail_starts(folder: Path) -> None:
    """Let Step Functions refuse as planned what a state starts: StartFallback, or any other."""
    from ministack.services import stepfunctions

    faults, start = PlannedFaults(folder), stepfunctions._invoke_nested_start_execution

    def start_or_fail(resource: str, given: dict[str, Any]) -> Any:
        text = json.dumps(given)
        place = "StartFallback" if _FAILURE.search(text) else "StartExecution"
        if fault := faults.take(place, text):
            raise stepfunctions._ExecutionError(fault, "as planned")
        return start(resource, given)

    stepfunctions._invoke_nested_start_execution = start_or_fail


@dataclass(frozen=True)
class PlannedFaults:
    """In a folder, a file for each place and image: the fault, how often, and how often fired."""

    folder: Path

    def plan(self, place: str, digest: str, fault: str, times: int) -> None:
        """Let the next `times` visits of the place for this image fail."""
        self._write(place, digest, {"fault": fault, "left": times, "fired": 0})

    def take(self, place: str, text: str) -> str:
        """The fault of this visit, or "". text: names the image's digest."""
        for digest in _DIGEST.findall(text):
            planned = self._read(place, digest)
            if planned and planned["left"] > 0:
                left, fired = planned["left"] - 1, planned["fired"] + 1
                self._write(place, digest, planned | {"left": left, "fired": fired})
                return str(planned["fault"])
        return ""

    def count_fired(self, place: str, digest: str) -> int:
        """How often the planned fault has been taken."""
        return int(self._read(place, digest).get("fired", 0))

    def _path(self, place: str, digest: str) -> Path:
        return self.folder / f"{place}-{digest.removeprefix('sha256:')}.json"

    def _read(self, place: str, digest: str) -> dict[str, Any]:
        path = self._path(place, digest)
        planned: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        return planned

    def _write(self, place: str, digest: str, planned: dict[str, Any]) -> None:
        self._path(place, digest).write_text(json.dumps(planned), "utf-8")

"""One log line for each invocation, made for Lambda's JSON log format.

That format writes each key of `extra` as a member of the line. A line has no text from a finding:
only what names the request, the error and numbers.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Unpack

from scan_brief.text import clean
from scan_brief.untrusted import read_object

if TYPE_CHECKING:
    from scan_brief.model import LogFacts, LogLine, ScanEvent

BY_HAND = "by hand"
UNKNOWN = "unknown"  # not None, which Lambda's format drops

_log = logging.getLogger("scan_brief")
_log.setLevel(logging.INFO)  # without this, Lambda's text format drops what is below WARNING
# Its line at each cold start would have none of our members.
logging.getLogger("botocore").setLevel(logging.WARNING)


class InvocationLog:
    """The line of one invocation. `repository` and `digest` are set as soon as they are known."""

    def __init__(self, request: object) -> None:
        event: ScanEvent = read_object(request)
        self._request = clean(event.get("id"), 64) or BY_HAND
        self.repository = UNKNOWN
        self.digest = UNKNOWN

    def info(self, message: str, **facts: Unpack[LogFacts]) -> None:
        """What the function did."""
        self._write(logging.INFO, message, facts)

    def refused(self, error: str, why: str = "") -> None:
        """A request that gets no report, by the error's name; of an event, also by the field."""
        facts: LogFacts = {"error": error}
        if why:
            facts["why"] = why
        self._write(logging.WARNING, "refused", facts)

    def undecided(self, error: str, failed: int) -> None:
        """So many findings are decided about later."""
        self._write(logging.WARNING, "undecided", {"error": error, "failed": failed})

    def memory_lost(self, why: str) -> None:
        """The brief is not compared with the one before, or the next one is not with this one."""
        self._write(logging.WARNING, "memory lost", {"error": why})

    @contextmanager
    def failures(self) -> Iterator[None]:
        """Logs the name of an error that passes through; Lambda itself logs its text."""
        try:
            yield
        except Exception as error:
            self._write(logging.ERROR, "failed", {"error": type(error).__name__})
            raise

    def _write(self, level: int, message: str, facts: LogFacts) -> None:
        line: LogLine = {
            "request": self._request,
            "repository": self.repository,
            "digest": self.digest,
            **facts,
        }
        _log.log(level, message, extra=line)

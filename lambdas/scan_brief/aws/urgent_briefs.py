"""Starts the briefs of urgent findings, within their cap also if the memory is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from botocore.config import Config

from scan_brief.aws.faults import FAULTS, classify
from scan_brief.aws.machines import start_once
from scan_brief.aws.session import create_client
from scan_brief.aws.urgent_table import UrgentTable
from scan_brief.findings.changes import MemoryLost
from scan_brief.findings.urgent import UrgentImage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_HOUR = timedelta(hours=1)
_PAGES = 5  # of a thousand executions
_PREFIX = "urgent-"


class NotStarted(Exception):
    """A brief could not be started, or not yet: asking again later helps."""


class UrgentBriefs:
    """started, held: how many images were briefed, and findings kept for the digest.

    on_memory_lost: called with the reason.
    """

    def __init__(
        self,
        client: Any,
        state_machine: str,
        table: UrgentTable,
        most: int,
        on_memory_lost: Callable[[str], None],
    ) -> None:
        self.started = 0
        self.held = 0
        self._client = client
        self._machine = state_machine
        self._table = table
        self._most = most
        self._on_memory_lost = on_memory_lost
        self._recent: set[str] | None = None  # without the memory: briefs of the last hour

    def brief(self, image: UrgentImage, now: datetime) -> None:
        """Start the image's brief, or hold its findings back. Raises NotStarted or Busy."""
        try:
            decision = self._table.decide(image, now)
        except MemoryLost as lost:
            self._on_memory_lost(str(lost))
            self._brief_without_memory(image, now)
            return
        self.held += decision.held
        for name, part in decision.start:
            self._start(name, part)

    def _brief_without_memory(self, image: UrgentImage, now: datetime) -> None:
        """Within the cap of the last hour, as Step Functions lists it; what is beyond it waits."""
        if self._recent is None:
            self._recent = self._list_recent(now - _HOUR)
        name = image.name()
        if name in self._recent:
            return
        if len(self._recent) >= self._most:
            raise NotStarted("the memory is lost, and the last hour had all its urgent briefs")
        if self._start(name, image):
            self._recent.add(name)

    def _start(self, name: str, image: UrgentImage) -> bool:
        """False if it was started before."""
        try:
            started = start_once(self._client, self._machine, name, image.make_request())
        except FAULTS as fault:
            code = classify(fault).code or type(fault).__name__
            raise NotStarted(f"states:StartExecution: {code}") from fault
        self.started += started
        return started

    def _list_recent(self, since: datetime) -> set[str]:
        """The names of urgent briefs. Raises NotStarted if they cannot be known."""
        recent = takewhile(lambda each: each[1] >= since, self._list_executions())
        return {name for name, _ in recent if name.startswith(_PREFIX)}

    def _list_executions(self) -> Iterator[tuple[str, datetime]]:
        """Names and starts, the newest first."""
        page: dict[str, str] = {}
        for _ in range(_PAGES):
            try:
                answer = self._client.list_executions(
                    stateMachineArn=self._machine, maxResults=1000, **page
                )
            except FAULTS as fault:
                raise NotStarted("states:ListExecutions failed, and the memory is lost") from fault
            for execution in answer["executions"]:
                yield execution["name"], execution["startDate"].astimezone(UTC)
            if not answer.get("nextToken"):
                return
            page = {"nextToken": answer["nextToken"]}
        raise NotStarted("the memory is lost, and too many briefs were started to count them")


@cache
def connect() -> Any:
    """The client of this process."""
    retries = {"mode": "standard", "total_max_attempts": 3}
    return create_client(
        "stepfunctions", Config(connect_timeout=2, read_timeout=5, retries=retries)
    )

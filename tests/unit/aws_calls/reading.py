"""A time that passes only in sleeps, and readers that use it."""

from __future__ import annotations

from typing import Any

from scan_brief.aws.inspector import Reader
from scan_brief.aws.pace import Pace
from tests.unit.builders import make_finding, make_request


class FakeTime:
    """limit: the seconds that a function has."""

    def __init__(self, limit: float = 900.0) -> None:
        self.now = 0.0
        self.limit = limit
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def left(self) -> float:
        return self.limit - self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def make_reader(client: Any, time: FakeTime | None = None, jitter: float = 1.0) -> Reader:
    """A reader whose every pause is the longest, unless jitter is below 1."""
    time = time or FakeTime()
    pace = Pace(time.left, clock=time.clock, sleep=time.sleep, jitter=lambda: jitter)
    return Reader(client, pace)


def read_arns(reader: Reader, **request: Any) -> list[str]:
    """The ARN of each finding, as often as it comes."""
    found = reader.list_findings(make_request(**request), "ACTIVE")
    return [str(finding["findingArn"]) for finding in found]


def make_findings(count: int, *severities: str) -> list[dict[str, Any]]:
    """Findings with the severities in turn, and ARNs that begin with each hexadecimal digit."""
    stem = "arn:aws:inspector2:eu-central-1:111122223333:finding/"
    return [
        make_finding(
            number,
            severity=severities[number % len(severities)] if severities else "HIGH",
            findingArn=f"{stem}{number * 2654435761 % 2**32:08x}{number:024x}",
        )
        for number in range(count)
    ]

"""Many scan events at once: what is lost is the stack's loss, not the emulator's."""

from __future__ import annotations

from typing import Any

from tests.burst import send_burst
from tests.harness import StackHarness

EVENTS = 60  # `make burst` sends 1,000


def test_every_event_of_a_burst_gets_exactly_one_brief(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    burst = send_burst(harness, event, EVENTS, 120)
    assert burst.in_flight == EVENTS
    assert burst.statuses == {"SUCCEEDED": EVENTS}
    assert burst.briefs == {f"build-{count}": 1 for count in range(EVENTS)}

"""Many scan events at once: what is lost is the stack's loss, not the emulator's."""

from __future__ import annotations

from typing import Any

from tests.burst import send_burst
from tests.harness import StackHarness

EVENTS = 60  # `make burst` sends 1,000
ALONE = 20  # by default


def test_each_image_of_a_burst_is_in_exactly_one_mail_and_in_one_report(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    burst = send_burst(harness, event, EVENTS, 120)
    tags = {f"build-{count}": 1 for count in range(EVENTS)}
    assert burst.in_flight == EVENTS
    assert burst.statuses == {"SUCCEEDED": EVENTS}
    assert burst.mails + burst.gathered == tags
    assert burst.mails.total() == ALONE
    assert len(burst.summaries) == 1
    assert burst.reports == tags

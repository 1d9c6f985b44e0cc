"""Sends many scan events at once to the deployed stack, for `make burst` and a test."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from local.burst import describe_scan, find_in
from local.emulator.deployment import synthesize
from local.emulator.outbox import Message
from local.emulator.process import poll
from local.inspector2_double import FaultPlan, Held
from scan_brief_cli.scan_files import SAMPLE, read_event, read_findings
from tests.harness import StackHarness, open_harness
from tests.windows import end_windows, hold_windows, list_gathered, subscribe_queue

_SENDERS = 16
_DOOR_SECONDS = 120
_MOST_MAILS = 21


@dataclass(frozen=True)
class Burst:
    """What became of it, by image tag. mails: with a brief of its own. gathered: of the summaries,
    by the table. reports: those in a queue. summaries: mails. statuses: of executions.

    in_flight: how many executions ran when the last event was sent.
    """

    mails: Counter[str]
    gathered: Counter[str]
    reports: Counter[str]
    summaries: list[Message]
    statuses: Counter[str]
    in_flight: int
    sent_seconds: float
    delivered_seconds: float


def send_burst(
    harness: StackHarness, event: Mapping[str, Any], number: int, seconds: float
) -> Burst:
    """Send scan events of so many images, each twice, as fast as possible. Inspector answers after
    the last one, and no window ends before the last brief.

    Raises TimeoutError or HarnessError.
    """
    before = set(harness.list_executions())
    events = [describe_scan(event, count, {"CRITICAL": 1}) for count in range(number)]
    finding = next(iter(harness.double.findings))
    harness.double.findings = [find_in(finding, scan, event) for scan in events]
    all_sent = Event()
    harness.double.plan = FaultPlan((Held(until=all_sent),))  # so that none ends before
    with subscribe_queue(harness) as queue, hold_windows(harness):
        begun = time.monotonic()
        with ThreadPoolExecutor(_SENDERS) as senders:
            list(senders.map(harness.deployment.emulator.emit, [*events, *events]))
        sent = time.monotonic()
        in_flight = _wait_for_all(harness, number)
        all_sent.set()
        started = [arn for arn in harness.list_executions() if arn not in before]
        statuses = Counter(harness.follow(arn).status for arn in started)
        ended = end_windows(harness)
        single = number - sum(each["gathered"] for each in ended)
        harness.outbox.wait_for(
            lambda seen: len(_select_mails(seen)) >= single + len(ended), seconds
        )
        delivered = time.monotonic()
        reports = Counter(queue.receive(number))
    mails = _select_mails(harness.outbox.messages)
    own = [mail for mail in mails if mail.attributes["kind"] != "SUMMARY"]
    return Burst(
        Counter(mail.subject.split(" · ")[1].partition(":")[2] for mail in own),
        Counter(list_gathered(harness)),
        reports,
        [mail for mail in mails if mail not in own],
        statuses,
        in_flight,
        sent - begun,
        delivered - begun,
    )


def _select_mails(messages: Iterable[Message]) -> list[Message]:
    return [message for message in messages if message.protocol == "email"]


def _wait_for_all(harness: StackHarness, number: int) -> int:
    """How many executions run, once the door has let all in, which takes some seconds."""

    def fail() -> None:
        running = len(harness.list_executions("RUNNING"))
        raise AssertionError(f"{running} of {number} in flight after {_DOOR_SECONDS} s")

    return poll(lambda: _count_running(harness, number), _DOOR_SECONDS, fail)


def _count_running(harness: StackHarness, least: int) -> int:
    """0 if fewer run."""
    running = len(harness.list_executions("RUNNING"))
    return running if running >= least else 0


def main(number: int) -> None:
    """Deploy, send a burst, and print what became of it. Exits 1 if an image is missing or twice,
    or if there are too many mails.
    """
    with tempfile.TemporaryDirectory() as folder:
        assembly = Path(folder) / "cdk.out"
        synthesize({}, assembly)
        with open_harness(assembly) as harness:
            harness.double.findings = read_findings([SAMPLE / "findings.json"])
            burst = send_burst(harness, read_event(SAMPLE / "event.json"), number, number)
    reported = burst.mails + burst.gathered
    once = sum(times == 1 for times in reported.values())
    mails = burst.mails.total() + len(burst.summaries)
    rate = 2 * number / burst.sent_seconds
    print(
        f"{number} scans, each event twice: sent in {burst.sent_seconds:.1f} s, {rate:.0f} a second"
    )
    print(f"{burst.in_flight} executions of the brief in flight")
    print(
        f"{once} of {number} are in exactly one of {mails} mails, {burst.delivered_seconds:.1f} s"
    )
    print(f"{len(burst.reports)} of {number} are in a queue")
    print(f"executions: {dict(burst.statuses)}")
    sys.exit(
        {once, len(burst.reports), burst.statuses["SUCCEEDED"]} != {number} or mails > _MOST_MAILS
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1000)

"""Sends many scan events at once to the deployed stack, for `make burst` and a test."""

from __future__ import annotations

import copy
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from local.emulator.deployment import synthesize
from local.inspector2_double import FaultPlan, Held
from scan_brief_cli.scan_files import SAMPLE, read_event, read_findings
from tests.harness import StackHarness, open_harness

_SENDERS = 16
_DOOR_SECONDS = 120


@dataclass(frozen=True)
class Burst:
    """What became of it. briefs: the number of mails by image tag. statuses: of executions.

    in_flight: how many executions ran when the last event was sent.
    """

    briefs: Counter[str]
    statuses: Counter[str]
    in_flight: int
    sent_seconds: float
    delivered_seconds: float


def send_burst(
    harness: StackHarness, event: Mapping[str, Any], number: int, seconds: float
) -> Burst:
    """Send scan events of so many images, each twice, as fast as possible. Inspector answers after
    the last one.

    Raises TimeoutError or HarnessError.
    """
    before = set(harness.list_executions())
    events = [_describe_scan(event, count) for count in range(number)]
    finding = next(iter(harness.double.findings))
    harness.double.findings = [_find_in(finding, scan, event) for scan in events]
    all_sent = Event()
    harness.double.plan = FaultPlan((Held(until=all_sent),))  # so that none ends before
    begun = time.monotonic()
    with ThreadPoolExecutor(_SENDERS) as senders:
        list(senders.map(harness.deployment.emulator.emit, [*events, *events]))
    sent = time.monotonic()
    in_flight = _count_in_flight(harness, number)
    all_sent.set()
    harness.outbox.wait_for(
        lambda seen: sum(message.protocol == "email" for message in seen) >= number, seconds
    )
    delivered = time.monotonic()
    started = [arn for arn in harness.list_executions() if arn not in before]
    statuses = Counter(harness.follow(arn).status for arn in started)
    mails = [message for message in harness.outbox.messages if message.protocol == "email"]
    tags = Counter(mail.subject.split(" · ")[1].partition(":")[2] for mail in mails)
    return Burst(tags, statuses, in_flight, sent - begun, delivered - begun)


def _describe_scan(event: Mapping[str, Any], count: int) -> dict[str, Any]:
    """Of an image of its own, with one finding."""
    scan: dict[str, Any] = copy.deepcopy(dict(event))
    scan["detail"] |= {
        "image-tags": [f"build-{count}"],
        "image-digest": f"sha256:{count:064x}",
        "finding-severity-counts": {"CRITICAL": 1, "TOTAL": 1},
    }
    return scan


def _find_in(
    finding: Mapping[str, Any], scan: Mapping[str, Any], event: Mapping[str, Any]
) -> dict[str, Any]:
    digest = scan["detail"]["image-digest"]
    text = json.dumps(finding, default=str).replace(event["detail"]["image-digest"], digest)
    found: dict[str, Any] = json.loads(text)
    return {**found, "findingArn": f"{found['findingArn'][:-32]}{digest[-32:]}"}


def _count_in_flight(harness: StackHarness, number: int) -> int:
    """When the door has let all in, which takes some seconds; or how many are in by then."""
    deadline = time.monotonic() + _DOOR_SECONDS
    while True:
        running = len(harness.list_executions("RUNNING"))
        if running >= number or time.monotonic() > deadline:
            return running
        time.sleep(0.2)


def main(number: int) -> None:
    """Deploy, send a burst, and print what became of it. Exits 1 if a brief is missing."""
    with tempfile.TemporaryDirectory() as folder:
        assembly = Path(folder) / "cdk.out"
        synthesize({}, assembly)
        with open_harness(assembly) as harness:
            harness.double.findings = read_findings([SAMPLE / "findings.json"])
            burst = send_burst(harness, read_event(SAMPLE / "event.json"), number, number)
    once = sum(times == 1 for times in burst.briefs.values())
    rate = 2 * number / burst.sent_seconds
    print(
        f"{number} scans, each event twice: sent in {burst.sent_seconds:.1f} s, {rate:.0f} a second"
    )
    print(f"{burst.in_flight} executions of the brief in flight")
    print(f"{once} of {number} have exactly one brief after {burst.delivered_seconds:.1f} s")
    print(f"executions: {dict(burst.statuses)}")
    sys.exit(once != number or burst.statuses["SUCCEEDED"] != number)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1000)

"""`scan-brief demo --burst`: many scans at once through the deployed stack on the emulator."""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from local.burst import describe_scan, find_in
from local.emulator.outbox import Message
from local.emulator.process import poll
from local.inspector2_double import Inspector2Double
from scan_brief_cli.demo import WAIT_SCALE, Demo, DemoError, Say, open_demo
from scan_brief_common.limits import GATHER_MINUTES

_SENDERS = 16
_FINDINGS = 5  # of an image, at most
_SECONDS_OF_A_BRIEF = 0.7  # on the emulator
_SECONDS_OF_A_BURST = 9
_DELIVERY_SECONDS = 180  # after the window's end
_PROGRESS_SECONDS = 5
_FILTER_SECONDS = 5


@dataclass(frozen=True)
class Tally:
    """What has arrived of so many scans. alone: briefs that are sent by themselves. mails: those of
    them that an address received. summaries: how many images each one has.
    """

    scans: int
    alone: int = 0
    mails: int = 0
    summaries: Sequence[int] = field(default=())

    @property
    def complete(self) -> bool:
        """Whether every image is accounted for."""
        return self.alone + sum(self.summaries) >= self.scans

    @property
    def counts(self) -> dict[str, int]:
        """For JSON."""
        gathered = sum(self.summaries)
        return {"scans": self.scans, "alone": self.alone, "mails": self.mails, "gathered": gathered}

    def __str__(self) -> str:
        """In one line, for the terminal."""
        many = [f"1 summary of {_count(images, 'image')}" for images in self.summaries]
        filtered = self.mails < self.alone  # by the settings of the addresses
        alone = _count(self.alone, "brief" if filtered else "mail")
        alone += " by itself" if self.alone == 1 else " by themselves"
        alone += f" ({_count(self.mails, 'mail')} after the addresses' filters)" if filtered else ""
        return f"{_count(self.scans, 'scan')}: {', '.join([alone, *(many or ['no summary'])])}"


def tally_messages(scans: int, arrived: Iterable[Message], reports: Iterable[str]) -> Tally:
    """reports: the JSON documents that a queue received, of briefs and of summaries."""
    briefs = [each for each in arrived if not _is_summary(each)]
    mails = Counter(each.to for each in briefs if each.protocol == "email")
    # A chat receives every brief, also those that an address's filter leaves out.
    alone = sum(each.protocol == "https" and "gathered" not in each.attributes for each in briefs)
    documents = [json.loads(report) for report in reports]
    summaries = [each["imageCount"] for each in documents if each.get("kind") == "SUMMARY"]
    return Tally(scans, alone, max(mails.values(), default=0), tuple(summaries))


def choose_minutes(scans: int) -> int:
    """A window that ends, in the emulator's time, after so many scans are briefed."""
    seconds = _SECONDS_OF_A_BURST + scans * _SECONDS_OF_A_BRIEF
    minutes = math.ceil(seconds / (60 * WAIT_SCALE))
    return min(max(minutes, GATHER_MINUTES.least), GATHER_MINUTES.most)


def make_scans(
    number: int, event: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The events of so many images, and all their findings: each image has a few of those given."""
    events, found = [], []
    for count in range(number):
        chosen = [
            findings[(count * 7 + rank) % len(findings)] for rank in range(1 + count % _FINDINGS)
        ]
        scan = describe_scan(event, count, Counter(str(each["severity"]) for each in chosen))
        events.append(scan)
        found += [find_in(each, scan, event, rank) for rank, each in enumerate(chosen)]
    return events, found


def run_burst(
    number: int,
    event: Mapping[str, Any],
    findings: Sequence[Mapping[str, Any]],
    overrides: Mapping[str, object],
    say: Say,
) -> dict[str, Any]:
    """Shape: {"tally", "to", "summaries"}; a summary is as a message of `run_demo`, without "to".

    Raises SettingsError before anything is started.
    """
    events, found = make_scans(number, event, findings)
    minutes = choose_minutes(number)
    settings = {**overrides, "gatherMinutes": minutes}
    with open_demo(event, Inspector2Double(found), settings, say) as demo:
        say(f"event bus: {_count(number, 'scan event')}, each of an image of its own")
        with ThreadPoolExecutor(_SENDERS) as senders:
            list(senders.map(demo.deployment.emulator.emit, events))
        window = minutes * 60 * WAIT_SCALE
        say(
            f"gatherMinutes is {minutes}, which takes {window:.0f} s here: waits take a tenth of"
            " their time"
        )
        reports: list[str] = []
        seconds = window + number * _SECONDS_OF_A_BRIEF + _DELIVERY_SECONDS
        _wait_for_all(demo, number, reports, seconds, say)
        summaries = _pair_summaries(demo, reports)
        _wait_for_mails(demo, number, reports, len(summaries))
        tally = tally_messages(number, demo.outbox.messages, reports)
        to = _list_recipients(demo) or ["nobody: the addresses' filters leave it out"]
        return {"tally": tally, "to": to, "summaries": summaries}


def _wait_for_all(demo: Demo, number: int, reports: list[str], seconds: float, say: Say) -> None:
    """Adds to the reports those that the queue receives meanwhile."""
    reported, said = time.monotonic(), ""

    def attempt() -> bool:
        nonlocal reported, said
        reports.extend(_receive(demo))
        tally = tally_messages(number, demo.outbox.messages, reports)
        waiting = sum("gathered" in each.attributes for each in _list_chat(demo))
        text = f"{_count(tally.alone, 'mail')}, {waiting} gathered"
        if text != said and time.monotonic() - reported >= _PROGRESS_SECONDS:
            reported, said = time.monotonic(), text
            say(text)
        return tally.complete

    def fail() -> None:
        tally = tally_messages(number, demo.outbox.messages, reports)
        raise DemoError(f"not every image is in a mail after {seconds:.0f} s: {tally}")

    poll(attempt, seconds, fail)


def _wait_for_mails(demo: Demo, number: int, reports: list[str], summaries: int) -> None:
    """A moment: SNS may hand a mail over after the chat's message, or leave it out by a filter."""
    deadline = time.monotonic() + _FILTER_SECONDS

    def attempt() -> bool:
        tally = tally_messages(number, demo.outbox.messages, reports)
        arrived = tally.mails >= tally.alone and (not summaries or set(_list_recipients(demo)))
        return bool(arrived) or time.monotonic() > deadline

    poll(attempt, 2 * _FILTER_SECONDS, lambda: None)


def _list_recipients(demo: Demo) -> list[str]:
    """The addresses that received a summary."""
    seen = {
        each.to for each in demo.outbox.messages if each.protocol == "email" and _is_summary(each)
    }
    return [address for address in demo.to if address in seen]


def _receive(demo: Demo) -> list[str]:
    queues = demo.deployment.emulator.client("sqs")
    answer = queues.receive_message(QueueUrl=demo.queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
    messages = answer.get("Messages", [])
    for each in messages:
        queues.delete_message(QueueUrl=demo.queue, ReceiptHandle=each["ReceiptHandle"])
    return [str(json.loads(each["Body"])["Message"]) for each in messages]


def _list_chat(demo: Demo) -> list[Message]:
    return [each for each in demo.outbox.messages if each.protocol == "https"]


def _pair_summaries(demo: Demo, reports: Iterable[str]) -> list[dict[str, Any]]:
    """Each summary in every protocol, in the order of their arrival."""
    documents = [report for report in reports if json.loads(report).get("kind") == "SUMMARY"]
    of: dict[str, list[Message]] = {"http": [], "https": []}

    def arrive() -> bool:
        for protocol, kept in of.items():
            kept[:] = [
                each
                for each in demo.outbox.messages
                if each.protocol == protocol and _is_summary(each)
            ]
        return all(len(kept) >= len(documents) for kept in of.values())

    def fail() -> None:
        missing = [name for name, kept in of.items() if len(kept) < len(documents)]
        raise DemoError(f"no summary for: {', '.join(missing)}")

    poll(arrive, _DELIVERY_SECONDS, fail)
    return [
        {
            "subject": posted.subject,
            "default": posted.text,
            "email": posted.text,  # the emulator posts mails: both have the same text
            "https": chat.text,
            "sqs": document,
            "attributes": posted.attributes,
        }
        for posted, chat, document in zip(of["http"], of["https"], documents, strict=False)
    ]


def _is_summary(message: Message) -> bool:
    return message.attributes.get("kind") == "SUMMARY"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"

"""What tests of urgent findings do with a deployed stack, and read of it."""

from __future__ import annotations

import json
from datetime import datetime

from local.emulator.process import poll
from scan_brief.aws.held import make_item
from scan_brief.model import HeldBack
from tests.harness import StackHarness

_SECONDS = 120


def list_urgent(notifier: StackHarness) -> list[str]:
    """The briefs that started at once."""
    started = notifier.list_executions()
    return [arn for arn in started if arn.rpartition(":")[2].startswith("urgent-")]


def wait_until_decided(notifier: StackHarness) -> None:
    """Until the queue is empty, and nothing of it is under way."""
    queues = notifier.deployment.emulator.client("sqs")
    counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def count() -> int:
        url = notifier.deployment.outputs["UrgentQueueUrl"]
        found = queues.get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"]
        return sum(int(number) for number in found.values())

    def fail() -> None:
        raise AssertionError(f"{count()} finding events are not decided")

    poll(lambda: count() == 0, _SECONDS, fail)


def hold_back(notifier: StackHarness, number: int, at: datetime) -> str:
    """As FindUrgent does beyond the cap. Returns the vulnerability's id."""
    held: HeldBack = {
        "id": f"CVE-2025-{number:04}",
        "severity": "CRITICAL",
        "knownExploited": number == 1,
        "image": {
            "repository": "legacy/app",
            "digest": f"sha256:{number:064x}",
            "tag": "1.0",
            "tagsOmitted": 0,
            "architecture": "arm64",
        },
    }
    notifier.deployment.emulator.client("dynamodb").put_item(
        TableName=notifier.deployment.outputs["MemoryTableName"], Item=make_item(held, at)
    )
    return held["id"]


def list_held(notifier: StackHarness) -> set[str]:
    return {
        json.loads(item["held"]["S"])["id"] for item in notifier.list_memory() if "held" in item
    }

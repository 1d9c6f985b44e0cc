"""The replay's only calls of AWS: the queue's messages, and the executions of their events."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from time import monotonic
from typing import Any

from scan_brief_cli.aws.calling import Permitted
from scan_brief_cli.replay_dlq.dead_letter import DeadLetter

# The IAM actions that a replay needs. docs/runbook.md lists them.
PERMISSIONS = (
    "cloudformation:DescribeStacks",
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
    "states:StartExecution",
)
permitted = Permitted(PERMISSIONS)

HIDDEN_SECONDS = 300  # nobody else receives a message for so long
_EXTENDED_SECONDS = 120  # before its end, the time is extended
# Amazon SQS API Reference: MaxNumberOfMessages of ReceiveMessage, Entries of a batch.
_BATCH = 10
_WAIT_SECONDS = 1  # more than 0 asks every server of the queue


@dataclass(frozen=True)
class Message:
    """One message as it was received: its id stays, its receipt does not."""

    id: str
    receipt: str
    body: str
    attributes: Mapping[str, str]


class Queue:
    """A dead-letter queue, and its messages that this command holds, hidden from others.

    Every method raises AwsFault.
    """

    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url
        # By id, those whose time ends first at the beginning: receipt and end.
        self._held: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def receive(self) -> list[Message]:
        """Up to 10 messages, none if no more can be received. They are held."""
        until = monotonic() + HIDDEN_SECONDS
        with permitted("sqs:ReceiveMessage", self._url):
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=_BATCH,
                MessageAttributeNames=["All"],
                VisibilityTimeout=HIDDEN_SECONDS,
                WaitTimeSeconds=_WAIT_SECONDS,
            )
        messages = [_read(message) for message in answer.get("Messages", ())]
        for message in messages:
            self._hold(message.id, message.receipt, until)
        return messages

    def keep_held(self) -> None:
        """Extend the time of the messages that others could receive soon."""
        now = monotonic()
        soon = takewhile(lambda held: held[1][1] <= now + _EXTENDED_SECONDS, self._held.items())
        for entries in _divide([(name, receipt) for name, (receipt, _) in soon]):
            until = monotonic() + HIDDEN_SECONDS
            self._change_visibility(entries, HIDDEN_SECONDS)
            for name, receipt in entries:
                self._hold(name, receipt, until)

    def delete(self, message: Message) -> None:
        """Remove it from the queue."""
        with permitted("sqs:DeleteMessage", self._url):
            self._client.delete_message(QueueUrl=self._url, ReceiptHandle=message.receipt)
        self._held.pop(message.id, None)

    def put_back(self) -> None:
        """Let everybody receive what is still held, at once."""
        held = [(name, receipt) for name, (receipt, _) in self._held.items()]
        self._held.clear()
        for entries in _divide(held):
            self._change_visibility(entries, 0)

    def count_hidden(self) -> int:
        """About how many messages cannot be received now."""
        names = ["ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]
        with permitted("sqs:GetQueueAttributes", self._url):
            answer = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)
        return sum(int(answer["Attributes"].get(name, 0)) for name in names)

    def _hold(self, name: str, receipt: str, until: float) -> None:
        self._held[name] = (receipt, until)
        self._held.move_to_end(name)

    def _change_visibility(self, entries: Sequence[tuple[str, str]], seconds: int) -> None:
        """Of a message whose time has run out meanwhile, SQS refuses it, and that is all right."""
        with permitted("sqs:ChangeMessageVisibility", self._url):
            self._client.change_message_visibility_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": receipt, "VisibilityTimeout": seconds}
                    for number, (_, receipt) in enumerate(entries)
                ],
            )


def _divide(entries: Sequence[tuple[str, str]]) -> Iterator[Sequence[tuple[str, str]]]:
    for first in range(0, len(entries), _BATCH):
        yield entries[first : first + _BATCH]


def start(states: Any, letter: DeadLetter) -> bool:
    """Start its execution. False if it was started before. Raises AwsFault.

    Step Functions answers a name that runs with the same input as if it had just been started.
    """
    with permitted("states:StartExecution", letter.machine):
        try:
            states.start_execution(
                stateMachineArn=letter.machine, name=letter.name, input=letter.event
            )
        except states.exceptions.ExecutionAlreadyExists:
            return False
    return True


def _read(message: Mapping[str, Any]) -> Message:
    attributes = {
        name: str(value.get("StringValue", ""))
        for name, value in message.get("MessageAttributes", {}).items()
    }
    return Message(message["MessageId"], message["ReceiptHandle"], message["Body"], attributes)

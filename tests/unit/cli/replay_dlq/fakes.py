"""A queue and Step Functions in memory, whose clock the test sets, and dead letters for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

DOOR = "arn:aws:states:eu-central-1:111122223333:stateMachine:Door"
BRIEF = "arn:aws:states:eu-central-1:111122223333:stateMachine:Brief"
WATCHDOG = "arn:aws:states:eu-central-1:111122223333:stateMachine:Watchdog"
URL = "https://sqs.eu-central-1.amazonaws.com/111122223333/DeadLetters"
OUTPUTS = {"StateMachineArn": BRIEF, "DoorStateMachineArn": DOOR, "DeadLetterQueueUrl": URL}


def refuse(code: str, status: int = 400) -> ClientError:
    """What botocore raises for an error with this code."""
    response: Any = {
        "Error": {"Code": code, "Message": "from the test"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "Operation")


class AlreadyExists(Exception):
    """ExecutionAlreadyExists, as the client's exceptions have it."""


def scan(number: int, **changed: object) -> str:
    """A scan event."""
    detail = {
        "repository-name": "arn:aws:ecr:eu-central-1:111122223333:repository/team/app",
        "image-digest": f"sha256:{number:064x}",
        "image-tags": [f"1.{number}"],
    }
    return json.dumps(
        {
            "id": f"00000000-0000-0000-0000-{number:012}",
            "source": "aws.inspector2",
            "detail-type": "Inspector2 Scan",
            "time": "2026-01-31T09:30:00Z",
            "detail": detail,
            **changed,
        }
    )


class FakeQueue:
    """The calls of an SQS client that the command makes. failing: by name, what a call raises."""

    def __init__(self, *bodies: str, target: str = DOOR) -> None:
        self.now = 0.0
        self.bodies = {f"message-{number}": body for number, body in enumerate(bodies)}
        self.hidden_until = dict.fromkeys(self.bodies, 0.0)
        self.failing: dict[str, Exception] = {}
        self.calls: list[str] = []
        self.target = target
        self.receipts: dict[str, str] = {}

    def receive_message(self, **asked: Any) -> dict[str, Any]:
        """Each receipt is new, and older ones of the message are not valid any more."""
        self._call("receive_message")
        names = [name for name, until in self.hidden_until.items() if until <= self.now]
        del names[asked["MaxNumberOfMessages"] :]
        for name in names:
            self.hidden_until[name] = self.now + asked["VisibilityTimeout"]
            self.receipts[name] = f"{name} {len(self.calls)}"
        attributes = {
            "TARGET_ARN": {"DataType": "String", "StringValue": self.target},
            "ERROR_CODE": {"DataType": "String", "StringValue": "NO_PERMISSIONS"},
        }
        messages = [
            {
                "MessageId": name,
                "ReceiptHandle": self.receipts[name],
                "Body": self.bodies[name],
                "MessageAttributes": attributes,
            }
            for name in names
        ]
        return {"Messages": messages} if messages else {}

    def change_message_visibility_batch(self, **asked: Any) -> None:
        """Of messages that are still hidden, with their newest receipts."""
        entries = asked["Entries"]
        assert 1 <= len({entry["Id"] for entry in entries}) == len(entries) <= 10
        seconds = entries[0]["VisibilityTimeout"]
        self._call(f"visible in {seconds}")
        for entry in entries:
            name = self._find(entry)
            if self.hidden_until[name] > self.now:
                self.hidden_until[name] = self.now + seconds

    def delete_message(self, **asked: Any) -> None:
        """Likewise."""
        self._call("delete_message")
        name = self._find(asked)
        del self.bodies[name], self.hidden_until[name]

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        """How many are hidden."""
        self._call("get_queue_attributes")
        hidden = sum(until > self.now for until in self.hidden_until.values())
        return {"Attributes": {"ApproximateNumberOfMessagesNotVisible": str(hidden)}}

    @property
    def visible(self) -> list[str]:
        """The bodies that anybody can receive now."""
        return [self.bodies[name] for name, until in self.hidden_until.items() if until <= self.now]

    def _find(self, asked: Any) -> str:
        name, _, _ = str(asked["ReceiptHandle"]).partition(" ")
        assert self.receipts[name] == asked["ReceiptHandle"]
        return name

    def _call(self, what: str) -> None:
        self.calls.append(what)
        if what in self.failing:
            raise self.failing[what]


class FakeStates:
    """StartExecution. before: what each call does first, such as raise."""

    exceptions = SimpleNamespace(ExecutionAlreadyExists=AlreadyExists)

    def __init__(self) -> None:
        self.started: dict[tuple[str, str], str] = {}
        self.before: Callable[[str], None] = lambda _: None

    def start_execution(self, **asked: str) -> None:
        """As if each execution had ended at once."""
        self.before(asked["input"])
        key = (asked["stateMachineArn"], asked["name"])
        if key in self.started:
            raise AlreadyExists
        self.started[key] = asked["input"]

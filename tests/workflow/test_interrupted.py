"""The emulator is ended by SIGTERM in the middle; with everything delivered again, none is lost."""

from __future__ import annotations

import json
from typing import Any

from local.emulator.process import Emulator, poll
from scan_brief_cdk.notifier.definition import render_definition
from tests.workflow.test_definitions import DEPLOYED
from tests.workflow.test_door import SCAN, with_detail

DIGESTS = [f"sha256:{number:064x}" for number in range(12)]
EVENTS = [with_detail(**{"image-digest": digest}) for digest in DIGESTS]
BRIEF = DEPLOYED["door"]["BriefStateMachineArn"]
ROLE = "arn:aws:iam::111122223333:role/door"
SECONDS = 60


class Account:
    """An emulator with the door, and with a brief that waits for `pause` seconds."""

    def __init__(self, emulator: Emulator, pause: int) -> None:
        self.states = emulator.client("stepfunctions")
        wait = {"Type": "Wait", "Seconds": pause, "End": True}
        brief = {"StartAt": "Wait", "States": {"Wait": wait}}
        door = render_definition("door", "en", DEPLOYED["door"])
        _, _, name = BRIEF.rpartition(":")
        self.brief = self.create(name, json.dumps(brief))
        self.door = self.create("door", door)

    def create(self, name: str, definition: str) -> str:
        created = self.states.create_state_machine(name=name, definition=definition, roleArn=ROLE)
        return str(created["stateMachineArn"])

    def deliver(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            self.states.start_execution(stateMachineArn=self.door, input=json.dumps(event))

    def list_briefs(self, status: str) -> list[str]:
        """The digests of the executions with this status."""
        found = self.states.list_executions(stateMachineArn=self.brief, statusFilter=status)
        arns = [execution["executionArn"] for execution in found["executions"]]
        inputs = [self.states.describe_execution(executionArn=arn)["input"] for arn in arns]
        return sorted(json.loads(given)["detail"]["image-digest"] for given in inputs)

    def wait_for(self, status: str, count: int) -> None:
        def fail() -> None:
            raise AssertionError(f"{status}: {self.list_briefs(status)}")

        poll(lambda: len(self.list_briefs(status)) >= count, SECONDS, fail)

    def wait_for_doors(self, count: int) -> None:
        def list_ended() -> list[Any]:
            found = self.states.list_executions(stateMachineArn=self.door, maxResults=1000)
            return [each for each in found["executions"] if each["status"] == "SUCCEEDED"]

        def fail() -> None:
            raise AssertionError(f"{len(list_ended())} of {count} events were taken in")

        poll(lambda: len(list_ended()) >= count, SECONDS, fail)


def open_emulator() -> Emulator:
    _, _, _, region, account, *_ = BRIEF.split(":")
    return Emulator(account=account, region=region)


def test_after_an_interruption_each_scan_is_started_exactly_once() -> None:
    assert SCAN["detail"]["image-digest"] not in DIGESTS
    with open_emulator() as emulator:  # which is ended by SIGTERM
        interrupted = Account(emulator, pause=600)
        interrupted.deliver(EVENTS[:6])
        interrupted.wait_for("RUNNING", 3)
    with open_emulator() as emulator:
        account = Account(emulator, pause=0)
        account.deliver([*EVENTS, *EVENTS])
        account.wait_for_doors(2 * len(EVENTS))
        account.wait_for("SUCCEEDED", len(EVENTS))
        assert account.list_briefs("SUCCEEDED") == DIGESTS
        assert account.list_briefs("RUNNING") == []

"""`scan-brief demo`: one scan through the deployed stack on the emulator."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.emulator.deployment import Deployment, deploy, read_context, synthesize
from local.emulator.outbox import Message, Outbox
from local.emulator.process import Emulator, poll
from local.inspector2_double import Denied, FaultPlan, Inspector2Double
from scan_brief_cli.demo_settings import choose_settings, find_addressees

Say = Callable[[str], None]

WAIT_SCALE = 0.1  # the state machine's waits and retry intervals take a tenth of their time
_DELIVERY_SECONDS = 120
_MESSAGE_SECONDS = 120  # from the end of the execution to the last message
_SUBSCRIBER = "subscriber@example.com"  # receives the email if the settings have no address
# To whom SNS posts: protocol, and the name in the outbox.
_POSTED = {"http": "subscriber", "https": "chat"}


class DemoError(RuntimeError):
    """The brief did not arrive. The text says what happened instead."""


@dataclass(frozen=True)
class Demo:
    """The deployed stack. queue: the URL of one that receives every report. to: addresses."""

    deployment: Deployment
    double: Inspector2Double
    outbox: Outbox
    queue: str
    to: list[str]


def run_demo(
    event: dict[str, Any],
    findings: list[dict[str, Any]] | None,
    details: list[dict[str, Any]],
    overrides: Mapping[str, object],
    say: Say,
) -> dict[str, Any]:
    """What subscribers receive. Without findings, Inspector denies access and they receive the
    fallback brief.

    overrides: replace settings of cdk.json. Raises SettingsError before anything is started.
    Shape: {"to", "subject", "default", "email", "https", "sqs", "attributes"}; "to" has every
    address that received the email.
    """
    plan = FaultPlan((Denied(),)) if findings is None else FaultPlan()
    double = Inspector2Double(findings or (), details=details, plan=plan)
    with open_demo(event, double, overrides, say) as demo:
        received = _send(event, demo.deployment, demo.outbox, demo.to, say)
        message = received["email"]
        return {
            "to": demo.to,
            "subject": message.subject,
            "default": received["http"].text,
            "email": message.text,
            "https": received["https"].text,
            "sqs": _receive(demo.deployment, demo.queue),
            "attributes": message.attributes,
        }


@contextmanager
def open_demo(
    event: Mapping[str, Any], double: Inspector2Double, overrides: Mapping[str, object], say: Say
) -> Iterator[Demo]:
    """Deploy for the event's account, region and repository. Raises SettingsError before that."""
    arn, _, repository = event["detail"]["repository-name"].partition(":repository/")
    region, account = arn.split(":")[3:5]
    context = read_context()
    settings = choose_settings(context, repository, overrides)
    addressees = find_addressees({**context, **settings}, repository)
    with ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="scan-brief-")))
        outbox = cleanup.enter_context(Outbox())
        cleanup.enter_context(double)
        say(f"emulator: starting, account {account}, region {region}")
        emulator = cleanup.enter_context(
            Emulator(
                account=account, region=region, outbox=outbox.endpoint_url, wait_scale=WAIT_SCALE
            )
        )
        say("cdk synth: the template for AWS")
        synthesize(settings, folder / "cdk.out")
        deployment = deploy(emulator, folder / "cdk.out", say)
        deployment.reach_inspector_at(double.endpoint_url)
        queue = _subscribe(deployment, outbox, addressees)
        yield Demo(deployment, double, outbox, queue, addressees or [_SUBSCRIBER])


def find_missing(arrived: Collection[Message], to: Sequence[str]) -> list[str]:
    """Who has no message yet: addresses, and names of those to whom SNS posts."""
    expected = [*(("email", address) for address in to), *_POSTED.items()]
    seen = {(message.protocol, message.to) for message in arrived}
    return [name for protocol, name in expected if (protocol, name) not in seen]


def _send(
    event: dict[str, Any], deployment: Deployment, outbox: Outbox, to: Sequence[str], say: Say
) -> dict[str, Message]:
    """One message of each protocol, after every subscriber has received theirs."""
    say(f'event bus: "{event["detail-type"]}" of {event["detail"]["repository-name"]}')
    deployment.emulator.emit(event)
    execution = _follow_execution(deployment, say)
    try:
        messages = outbox.wait_for(lambda arrived: not find_missing(arrived, to), _MESSAGE_SECONDS)
    except TimeoutError as fault:
        missing = ", ".join(find_missing(outbox.messages, to))
        raise DemoError(f"nothing for {missing}: {fault}; the execution: {execution}") from fault
    say(f"SNS: delivered to {', '.join(to)}, to a chat (https), to a queue (sqs)")
    return {message.protocol: message for message in messages}


def _subscribe(deployment: Deployment, outbox: Outbox, addressees: Sequence[str]) -> str:
    """Subscribe an HTTP endpoint, a chat and a queue, and an address if there is none. Returns the
    queue's URL.
    """
    if not addressees:
        deployment.subscribe("email", _SUBSCRIBER)
        deployment.deliver_mail()
    for protocol, name in _POSTED.items():  # SNS of the emulator accepts an http URL for https
        deployment.subscribe(protocol, f"{outbox.endpoint_url}/{protocol}/{name}")
    queues = deployment.emulator.client("sqs")
    url: str = queues.create_queue(QueueName="subscriber")["QueueUrl"]
    attributes = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = attributes["Attributes"]["QueueArn"]
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    queues.set_queue_attributes(
        QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [allow]})}
    )
    deployment.subscribe("sqs", arn)
    return url


def _receive(deployment: Deployment, queue: str) -> str:
    queues = deployment.emulator.client("sqs")
    received = poll(
        lambda: queues.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages"),
        _DELIVERY_SECONDS,
        lambda: _fail("nothing arrived in the queue"),
    )
    return str(json.loads(received[0]["Body"])["Message"])


def _follow_execution(deployment: Deployment, say: Say) -> dict[str, Any]:
    """Report each state that the rule's execution enters. Returns how the execution ended."""
    states = deployment.emulator.client("stepfunctions")
    started = poll(
        lambda: states.list_executions(stateMachineArn=deployment.outputs["StateMachineArn"])[
            "executions"
        ],
        _DELIVERY_SECONDS,
        lambda: _fail("the rule started no execution"),
    )
    arn, reported, deadline = started[0]["executionArn"], 0, time.monotonic() + _DELIVERY_SECONDS
    while time.monotonic() < deadline:
        execution: dict[str, Any] = states.describe_execution(executionArn=arn)
        entered = _list_entered_states(states, arn)
        for state in entered[reported:]:
            say(f"state machine: {state}")
        reported = len(entered)
        if execution["status"] != "RUNNING":
            return {
                name: execution[name] for name in ("status", "error", "cause") if name in execution
            }
        time.sleep(0.1)
    entered = _list_entered_states(states, arn)
    raise DemoError(f"the execution still runs; states entered: {entered}")


def _list_entered_states(states: Any, arn: str) -> list[str]:
    history = states.get_execution_history(executionArn=arn, maxResults=1000)["events"]
    return [
        event["stateEnteredEventDetails"]["name"]
        for event in history
        if "stateEnteredEventDetails" in event
    ]


def _fail(text: str) -> Any:
    raise DemoError(text)

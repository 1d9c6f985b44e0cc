"""Edge: one scan the whole way on this machine, from the event on the emulator's bus to what
subscribers received.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from local.emulator.deployment import Deployment, deploy, read_context, synthesize
from local.emulator.outbox import Message, Outbox
from local.emulator.process import Emulator, poll
from local.inspector2_double import Denied, FaultPlan, Inspector2Double
from scan_brief_cdk.route import list_subscribers
from scan_brief_cdk.settings import Settings
from scan_brief_common.patterns import matches

Say = Callable[[str], None]

# The emulator has no VPC: any endpoints and network will do where cdk.json has none at the top.
_NETWORKS = {
    "ecrApiVpcEndpointId": "vpce-0123456789abcdef0",
    "ecrDkrVpcEndpointId": "vpce-0fedcba9876543210",
    "allowedCidrs": ["203.0.113.0/24"],
}
_WAIT_SCALE = 0.1  # a demo's waits and retry pauses take a tenth of their time
_DELIVERY_SECONDS = 120
_MAIL_SECONDS = 120  # from the execution's end until everybody has the message
_SUBSCRIBER = "subscriber@example.com"  # gets the mail if the settings have nobody for it
_PUSHED = {
    "http": "subscriber",
    "https": "chat",
}  # the paths in the outbox of those to whom SNS posts


class DemoError(RuntimeError):
    """The brief did not arrive; the text says what was seen instead."""


def choose_settings(repository: str, overrides: Mapping[str, object]) -> Mapping[str, object]:
    """What replaces settings of cdk.json: the overrides, if they watch the repository; else it is
    made the only repository.
    """
    context = read_context()
    if any(
        matches(one.name, repository)
        for one in Settings.from_context({**context, **overrides}).routes
    ):
        return overrides
    networks = {key: value for key, value in _NETWORKS.items() if key not in context}
    return {
        **networks,
        **overrides,
        "repositoryName": repository,
        "repositories": [],
        "existingRepositories": [],
    }


def run_demo(
    event: dict[str, Any],
    findings: list[dict[str, Any]] | None,
    details: list[dict[str, Any]],
    settings: Mapping[str, object],
    say: Say,
) -> dict[str, Any]:
    """What subscribers received; without findings Inspector refuses, and they get the fallback
    brief.

    Shape: {"to", "subject", "default", "email", "https", "sqs", "attributes"}; "to" lists every
    address that got the mail.
    """
    region, account = event["detail"]["repository-name"].split(":")[3:5]
    with ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="scan-brief-")))
        outbox = cleanup.enter_context(Outbox())
        plan = FaultPlan((Denied(),)) if findings is None else FaultPlan()
        double = cleanup.enter_context(Inspector2Double(findings or (), details=details, plan=plan))
        say(f"emulator: starting, account {account}, region {region}")
        emulator = cleanup.enter_context(
            Emulator(
                account=account, region=region, outbox=outbox.endpoint_url, wait_scale=_WAIT_SCALE
            )
        )
        say("cdk synth: the template that AWS would get")
        synthesize(settings, folder / "cdk.out")
        deployment = deploy(emulator, folder / "cdk.out", say)
        deployment.reach_inspector_at(double.endpoint_url)
        addressees = find_addressees(event, settings)
        queue = _subscribe(deployment, outbox, addressees)
        to = addressees or [_SUBSCRIBER]
        received = _send(event, deployment, outbox, to, say)
        message = received["email"]
        return {
            "to": to,
            "subject": message.subject,
            "default": received["http"].text,
            "email": message.text,
            "https": received["https"].text,
            "sqs": _receive(deployment, queue),
            "attributes": message.attributes,
        }


def find_addressees(event: Mapping[str, Any], settings: Mapping[str, object]) -> list[str]:
    """The addresses that the settings have for the briefs of the event's repository."""
    repository = event["detail"]["repository-name"].partition(":repository/")[2]
    subscribers = list_subscribers(Settings.from_context({**read_context(), **settings}).routes)
    return [
        address
        for address, wanted in subscribers.items()
        if any(matches(one.name, repository) for one in wanted)
    ]


def _send(
    event: dict[str, Any], deployment: Deployment, outbox: Outbox, to: Sequence[str], say: Say
) -> dict[str, Message]:
    """One message of each protocol that is pushed, once everybody has theirs."""
    say(f'event bus: "{event["detail-type"]}" of {event["detail"]["repository-name"]}')
    deployment.emulator.emit(event)
    execution = _follow_execution(deployment, say)
    try:
        messages = outbox.wait_for(lambda arrived: not find_missing(arrived, to), _MAIL_SECONDS)
    except TimeoutError as fault:
        missing = ", ".join(find_missing(outbox.messages, to))
        raise DemoError(f"nothing for {missing}: {fault}; the execution: {execution}") from fault
    say(f"SNS: delivered to {', '.join(to)}, to a chat (https), to a queue (sqs)")
    return {message.protocol: message for message in messages}


def find_missing(arrived: Collection[Message], to: Sequence[str]) -> list[str]:
    """Who has no message yet, of the addresses and of those to whom SNS posts."""
    expected = [*(("email", address) for address in to), *_PUSHED.items()]
    seen = {(message.protocol, message.to) for message in arrived}
    return [who for protocol, who in expected if (protocol, who) not in seen]


def _subscribe(deployment: Deployment, outbox: Outbox, addressees: Sequence[str]) -> str:
    """A plain subscriber, a chat and a queue beside the addresses; and a mailbox, unless one is
    addressed already.
    """
    if not addressees:
        deployment.subscribe("email", _SUBSCRIBER)
    for protocol, path in _PUSHED.items():  # SNS of the emulator takes http for https
        deployment.subscribe(protocol, f"{outbox.endpoint_url}/{protocol}/{path}")
    queues = deployment.emulator.client("sqs")
    url: str = queues.create_queue(QueueName="subscriber")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
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
    """The execution that the rule started, once it has ended; says each state as it is entered."""
    states, machine = (
        deployment.emulator.client("stepfunctions"),
        deployment.outputs["StateMachineArn"],
    )
    started = poll(
        lambda: states.list_executions(stateMachineArn=machine)["executions"],
        _DELIVERY_SECONDS,
        lambda: _fail("the rule started no execution"),
    )
    arn, said, deadline = started[0]["executionArn"], 0, time.monotonic() + _DELIVERY_SECONDS
    while time.monotonic() < deadline:
        execution: dict[str, Any] = states.describe_execution(executionArn=arn)
        entered = _states_entered(states, arn)
        for state in entered[said:]:
            say(f"state machine: {state}")
        said = len(entered)
        if execution["status"] != "RUNNING":
            return {
                name: execution[name] for name in ("status", "error", "cause") if name in execution
            }
        time.sleep(0.1)
    raise DemoError(f"the execution still runs; states entered: {_states_entered(states, arn)}")


def _states_entered(states: Any, arn: str) -> list[str]:
    history = states.get_execution_history(executionArn=arn, maxResults=1000)["events"]
    return [
        one["stateEnteredEventDetails"]["name"]
        for one in history
        if "stateEnteredEventDetails" in one
    ]


def _fail(what: str) -> Any:
    raise DemoError(what)

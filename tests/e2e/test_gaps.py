"""What stock MiniStack still lacks: a test here fails once a release of it closes a gap of ours.

Then the function of local/emulator/gaps.py that is named in the failure can go.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator.events import UnknownTarget
from local.emulator.process import Emulator, poll
from tests.e2e.emulators import ROLE, create_function, fail

FAILING = """
class Sorry(Exception):
    pass

def handle(event, context):
    raise Sorry("not today")
"""
EXITING = """
import sys

def handle(event, context):
    sys.exit("not today")
"""
SCANNING = {
    "Type": "AWS::ECR::RegistryScanningConfiguration",
    "Properties": {"ScanType": "ENHANCED", "Rules": []},
}
TEMPLATE = json.dumps({"Resources": {"Scanning": SCANNING}})


def publish_from_a_state(emulator: Emulator) -> dict[str, Any]:
    """The MessageAttributes of a message that a state publishes with one."""
    topics, queues = emulator.client("sns"), emulator.client("sqs")
    topic = topics.create_topic(Name="topic")["TopicArn"]
    url = queues.create_queue(QueueName="queue")["QueueUrl"]
    attributes = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = attributes["Attributes"]["QueueArn"]
    topics.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    publish = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sns:publish",
        "Parameters": {
            "TopicArn": topic,
            "Message": "text",
            "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "BRIEF"}},
        },
        "End": True,
    }
    states = emulator.client("stepfunctions")
    machine = states.create_state_machine(
        name="publish",
        definition=json.dumps({"StartAt": "Publish", "States": {"Publish": publish}}),
        roleArn=ROLE,
    )
    states.start_execution(stateMachineArn=machine["stateMachineArn"])
    received = poll(
        lambda: queues.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages"),
        60,
        lambda: fail("nothing arrived in the queue"),
    )
    found: dict[str, Any] = json.loads(received[0]["Body"]).get("MessageAttributes", {})
    return found


@pytest.mark.parametrize(
    ("code", "stock_name", "name"),
    [
        (FAILING, "Runtime.HandlerError", "Sorry"),
        (EXITING, "Runtime.HandlerError", "Runtime.ExitError"),
        ("import absent_module", "RuntimeError", "Runtime.ImportModuleError"),
    ],
)
def test_keep_error_names(
    emulators: dict[str, Emulator], code: str, stock_name: str, name: str
) -> None:
    for kind, expected in (("stock", stock_name), ("filled", name)):
        create_function(emulators[kind], name.replace(".", "-"), code)
        answer = (
            emulators[kind]
            .client("lambda")
            .invoke(FunctionName=name.replace(".", "-"), Payload=b"{}")
        )
        payload = json.loads(answer["Payload"].read())
        assert (answer["FunctionError"], payload["errorType"]) == ("Unhandled", expected)


def test_pass_message_attributes(emulators: dict[str, Emulator]) -> None:
    assert publish_from_a_state(emulators["stock"]) == {}
    found = publish_from_a_state(emulators["filled"])
    assert found == {"kind": {"Type": "String", "Value": "BRIEF"}}


def test_keep_registry_scanning(emulators: dict[str, Emulator]) -> None:
    def deploy(emulator: Emulator) -> str:
        stacks = emulator.client("cloudformation")
        stacks.create_stack(StackName="scanning", TemplateBody=TEMPLATE)

        def ended() -> str:
            (stack,) = stacks.describe_stacks(StackName="scanning")["Stacks"]
            return "" if stack["StackStatus"].endswith("IN_PROGRESS") else stack["StackStatus"]

        return poll(ended, 60, lambda: fail("the stack is still being created"))

    with pytest.raises(ClientError, match="GetRegistryScanningConfiguration"):
        emulators["stock"].client("ecr").get_registry_scanning_configuration()
    with pytest.raises(ClientError, match=r"Unrecognized resource types: .*RegistryScanning"):
        deploy(emulators["stock"])
    assert deploy(emulators["filled"]) == "CREATE_COMPLETE"
    kept = emulators["filled"].client("ecr").get_registry_scanning_configuration()
    assert kept["scanningConfiguration"] == {"scanType": "ENHANCED", "rules": []}


def schedule_now(emulator: Emulator) -> str:
    """The URL of the queue to which a schedule sends its time."""
    queues = emulator.client("sqs")
    url = queues.create_queue(QueueName="scheduled")["QueueUrl"]
    attributes = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    emulator.client("scheduler").create_schedule(
        Name="now",
        ScheduleExpression="at(2020-01-01T00:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": attributes["Attributes"]["QueueArn"],
            "RoleArn": ROLE,
            "Input": "<aws.scheduler.scheduled-time>",
        },
    )
    return str(url)


def receive(emulator: Emulator, url: str) -> str:
    received = poll(
        lambda: (
            emulator.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages")
        ),
        60,
        lambda: fail("the schedule sent nothing"),
    )
    return str(received[0]["Body"])


def test_time_schedules(emulators: dict[str, Emulator]) -> None:
    urls = {name: schedule_now(emulator) for name, emulator in emulators.items()}
    bodies = {name: receive(emulator, urls[name]) for name, emulator in emulators.items()}
    assert bodies["stock"] == "<aws.scheduler.scheduled-time>"
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", bodies["filled"])


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::CloudWatch::CompositeAlarm", {"AlarmRule": "TRUE"}),
        ("AWS::Chatbot::CustomAction", {"ActionName": "a", "Definition": {"CommandText": "x"}}),
    ],
)
def test_keep_composite_alarms_and_custom_actions(
    emulators: dict[str, Emulator], kind: str, properties: dict[str, Any]
) -> None:
    name = kind.rpartition("::")[2]
    template = json.dumps({"Resources": {"Kept": {"Type": kind, "Properties": properties}}})
    with pytest.raises(ClientError, match=rf"Unrecognized resource types: .*{name}"):
        emulators["stock"].client("cloudformation").create_stack(
            StackName=name, TemplateBody=template
        )
    emulators["filled"].client("cloudformation").create_stack(StackName=name, TemplateBody=template)


def test_events_of_services_are_still_rejected(emulators: dict[str, Emulator]) -> None:
    """As in AWS, which is why local/emulator/events.py delivers them."""
    entry = {"Source": "aws.inspector2", "DetailType": "Inspector2 Scan", "Detail": "{}"}
    result = emulators["stock"].client("events").put_events(Entries=[entry])
    assert result["FailedEntryCount"] == 1


@pytest.mark.parametrize(
    "target",
    [
        {"Arn": "arn:aws:sns:eu-central-1:111122223333:topic"},
        {"Arn": "arn:aws:states:eu-central-1:111122223333:stateMachine:m", "Input": "{}"},
    ],
)
def test_an_event_for_an_unknown_target_of_an_enabled_rule_is_an_error(
    emulators: dict[str, Emulator], target: dict[str, str]
) -> None:
    events = emulators["filled"].client("events")
    events.put_rule(Name="rule", State="ENABLED", EventPattern=json.dumps({"source": ["aws.test"]}))
    events.put_targets(Rule="rule", Targets=[{"Id": "1", **target}])
    event = {"source": "aws.test", "detail-type": "Test", "detail": {}}
    with pytest.raises(UnknownTarget, match=r"^rule rule: "):
        emulators["filled"].emit(event)
    emulators["filled"].emit({**event, "source": "aws.other"})
    events.disable_rule(Name="rule")
    emulators["filled"].emit(event)

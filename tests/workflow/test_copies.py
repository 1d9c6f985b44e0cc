"""Copies of a brief, to topics and to the event bus: what is started, and where each one goes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from local.emulator.process import Emulator, poll
from scan_brief_cdk.notifier.definition import load_definition, render_definition
from scan_brief_cdk.route import Route
from tests.workflow.contracts import TAKEN, complain
from tests.workflow.state_cases import EXECUTION, StateCase, run
from tests.workflow.test_definitions import DEPLOYED, validate

TOPIC = "arn:aws:sns:eu-central-1:111122223333:"
COPIES = "arn:aws:states:eu-central-1:111122223333:stateMachine:copies"
ARN = "arn:aws:ecr:eu-central-1:111122223333:repository/team/app"
ROLE = "arn:aws:iam::111122223333:role/any"
ROUTES = (
    Route(name="team/app", topic_arns=[f"{TOPIC}app", f"{TOPIC}gone"]),
    Route(name="team/*", topic_arns=[f"{TOPIC}team", f"{TOPIC}app"]),
    Route(name="other", topic_arns=[f"{TOPIC}other"]),
    Route(name="*"),
)
ATTRIBUTES = {
    "kind": "FINDINGS",
    "severity": "HIGH",
    "total": "3",
    "knownExploited": "1",
    "repository": "team/app",
    "repositoryArn": ARN,
}
ANSWER: dict[str, Any] = {
    "subject": "HIGH 3 · team/app",
    "message": {"default": "text", "sqs": json.dumps({"kind": "FINDINGS", "severity": "HIGH"})},
    "attributes": ATTRIBUTES,
}
STARTED = {"ExecutionArn": f"{COPIES}:1", "StartDate": "2025-11-13T16:42:07.113Z"}
GATHERING = {"answer": {"gathered": "YES", "position": 21}}
STATE = {
    "request": {"id": "1"},
    "gathering": GATHERING,
    "result": {"answer": {**ANSWER, "remember": None}},
}
FALLBACK = {**ANSWER, "repository": "team/app", "repositoryArn": ARN}
ENDS: dict[str, tuple[str, Any, dict[str, Any], dict[str, Any]]] = {
    "the brief's": ("brief", STATE, {"result": STARTED}, {"next": "BriefSent"}),
    "retried": ("brief", STATE, {"error": "StepFunctions.Throttled"}, {"retry": 1}),
    "not started": (
        *("brief", STATE, {"error": "StepFunctions.Throttled", "attempts": 10}),
        {"fails": ["StepFunctions.Throttled", "because"]},
    ),
    **{
        f"{name} is no failure": (
            *("brief", STATE, {"error": name}),
            {"catch": 0, "next": "BriefSent"},
        )
        for name in sorted(TAKEN)
    },
    "the fallback's": (
        *("fallback", FALLBACK, {"result": STARTED}),
        {"next": "PublishBrief", "output": FALLBACK},
    ),
    "the fallback's, retried": ("fallback", FALLBACK, {"error": "States.Timeout"}, {"retry": 0}),
    "the fallback is published all the same": (
        *("fallback", FALLBACK, {"error": "StepFunctions.Throttled", "attempts": 5}),
        {"catch": 0, "next": "PublishBrief", "output": FALLBACK},
    ),
}


@cache
def with_copies(machine: str) -> dict[str, Any]:
    deployed = {**DEPLOYED[machine], "CopiesStateMachineArn": COPIES}
    return dict(json.loads(render_definition(machine, "en", deployed, copies=True)))


@pytest.mark.parametrize("machine", ["brief", "fallback"])
def test_a_machine_that_starts_copies_keeps_the_contracts(machine: str, tmp_path: Path) -> None:
    found = complain(json.loads(load_definition(machine, copies=True)))
    states = with_copies(machine)["States"]
    own = json.loads(render_definition(machine, "en", DEPLOYED[machine]))["States"]
    assert [each for each in found if "fits_one_screen" not in each] == []
    assert states.keys() - own.keys() == {"StartCopies"}
    assert validate(json.dumps(with_copies(machine)), tmp_path).returncode == 0


@pytest.mark.parametrize("name", ENDS)
def test_copies_are_started_after_the_brief_and_before_the_fallback(
    name: str, case_emulator: Emulator
) -> None:
    machine, given, mock, expected = ENDS[name]
    case = StateCase(machine, "StartCopies", name, given, mock, expected, EXECUTION)
    test_state = case_emulator.client("stepfunctions").test_state
    assert run(case, test_state, with_copies(machine)) == []


@pytest.mark.parametrize(("machine", "given"), [("brief", STATE), ("fallback", FALLBACK)])
def test_what_is_started_has_message_and_attributes(
    machine: str, given: Any, case_emulator: Emulator
) -> None:
    started: dict[str, Any] = {
        "StateMachineArn": COPIES,
        "Name": EXECUTION["Name"],
        "Input": {**ANSWER, "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID": EXECUTION["Id"]},
    }
    if machine == "brief":
        started["Input"]["gathering"] = GATHERING
    if machine == "fallback":
        severities = with_copies("fallback")["States"]["PublishBrief"]["Arguments"]
        listed = severities["MessageAttributes"]["severity"]["StringValue"]
        attributes = {"repository": "team/app", "repositoryArn": ARN}
        started["Input"] |= {
            "attributes": {"kind": "DETAILS_UNAVAILABLE", "severity": listed, **attributes}
        }
    then = {"arguments": started, "next": "BriefSent" if machine == "brief" else "PublishBrief"}
    case = StateCase(machine, "StartCopies", "", given, {"result": STARTED}, then, EXECUTION)
    test_state = case_emulator.client("stepfunctions").test_state
    assert run(case, test_state, with_copies(machine)) == []


class Account:
    """The topics app and team, a queue for each, one for events, and the machines."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self.states, self._queues = emulator.client("stepfunctions"), emulator.client("sqs")
        self.urls = {name: self._queue(name) for name in ("app", "team", "events", "briefs")}
        for name in ("app", "team", "briefs"):
            topic = emulator.client("sns").create_topic(Name=name)["TopicArn"]
            emulator.client("sns").subscribe(
                TopicArn=topic, Protocol="sqs", Endpoint=self._arn(name)
            )
        events = emulator.client("events")
        pattern = {"source": ["scan-brief"], "detail-type": ["Scan Brief Report"]}
        events.put_rule(Name="reports", EventPattern=json.dumps(pattern))
        events.put_targets(Rule="reports", Targets=[{"Id": "1", "Arn": self._arn("events")}])
        copies = render_definition(
            "copies", "en", DEPLOYED["copies"], ROUTES, copies=True, publish_events=True
        )
        self.copies = self._create("copies", copies)
        self.fallback = self._create("fallback", json.dumps(with_copies("fallback")))

    def run(self, machine: str, given: Any) -> dict[str, Any]:
        started = self.states.start_execution(stateMachineArn=machine, input=json.dumps(given))
        return self.wait(started["executionArn"])

    def wait(self, arn: str) -> dict[str, Any]:
        found: dict[str, Any] = {}

        def ended() -> bool:
            found.update(self.states.describe_execution(executionArn=arn))
            return str(found["status"]) != "RUNNING"

        def fail() -> None:
            raise AssertionError(found)

        poll(ended, 60, fail)
        return found

    def receive(self, name: str) -> list[dict[str, Any]]:
        answer = self._queues.receive_message(QueueUrl=self.urls[name], MaxNumberOfMessages=10)
        messages = answer.get("Messages", [])
        for message in messages:
            self._queues.delete_message(
                QueueUrl=self.urls[name], ReceiptHandle=message["ReceiptHandle"]
            )
        return [json.loads(message["Body"]) for message in messages]

    def _queue(self, name: str) -> str:
        return str(self._queues.create_queue(QueueName=f"copies-{name}")["QueueUrl"])

    def _arn(self, name: str) -> str:
        asked = {"QueueUrl": self.urls[name], "AttributeNames": ["QueueArn"]}
        return str(self._queues.get_queue_attributes(**asked)["Attributes"]["QueueArn"])

    def _create(self, name: str, definition: str) -> str:
        created = self.states.create_state_machine(name=name, definition=definition, roleArn=ROLE)
        return str(created["stateMachineArn"])


@pytest.fixture(scope="module")
def account(case_emulator: Emulator) -> Account:
    return Account(case_emulator)


def test_each_topic_of_the_routes_gets_one_copy_though_another_is_gone(account: Account) -> None:
    ended = account.run(account.copies, ANSWER)
    assert (ended["status"], ended["error"]) == ("FAILED", "CopiesNotSent")
    assert ended["cause"].startswith(f"{TOPIC}gone: ")
    for name in ("app", "team"):
        (copy,) = account.receive(name)
        assert (copy["Subject"], copy["Message"]) == (ANSWER["subject"], ANSWER["message"]["sqs"])
        got = {key: value["Value"] for key, value in copy["MessageAttributes"].items()}
        assert got == ATTRIBUTES
        numbers = {k for k, v in copy["MessageAttributes"].items() if v["Type"] == "Number"}
        assert numbers == {"total", "knownExploited"}
    (event,) = account.receive("events")
    assert (event["source"], event["detail-type"]) == ("scan-brief", "Scan Brief Report")
    assert (event["resources"], event["detail"]) == ([ARN], json.loads(ANSWER["message"]["sqs"]))


def test_a_repository_without_topics_has_the_event_only(account: Account) -> None:
    elsewhere = {**ANSWER, "attributes": {**ATTRIBUTES, "repository": "elsewhere"}}
    assert account.run(account.copies, elsewhere)["status"] == "SUCCEEDED"
    assert len(account.receive("events")) == 1
    assert account.receive("app") == account.receive("team") == []


def test_the_fallback_reaches_the_topics_and_the_bus_too(account: Account) -> None:
    request = {"repository": "team/app", "imageTag": "latest"}
    failure = {"Error": "InspectorRefused", "Cause": "because"}
    given = {"request": request, "failure": failure, "execution": "arn:aws:states:x"}
    assert account.run(account.fallback, given)["status"] == "SUCCEEDED"
    (sent,) = account.receive("briefs")
    executions = account.states.list_executions(stateMachineArn=account.copies)["executions"]
    for execution in executions:
        account.wait(execution["executionArn"])
    for name in ("app", "team"):
        (copy,) = account.receive(name)
        assert (copy["Subject"], copy["Message"]) == (sent["Subject"], sent["Message"])
        assert copy["MessageAttributes"] == sent["MessageAttributes"]
    (event,) = account.receive("events")
    assert event["detail"]["kind"] == "DETAILS_UNAVAILABLE"

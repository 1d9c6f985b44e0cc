"""An execution's history and outcome in words, from events as GetExecutionHistory writes them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scan_brief_cdk.notifier.definition import load_definition
from scan_brief_cli.aws.console import link_execution, locate_execution
from scan_brief_cli.rerun.history import History, explain_fallback, explain_outcome
from scan_brief_common.console import CONSOLE_HOSTS

ARN = "arn:aws:states:eu-central-1:111122223333:execution:Workflow:rerun-1"
DEFINITION = json.loads(load_definition("brief"))


def entered(name: str, kind: str = "Task") -> dict[str, Any]:
    return {"type": f"{kind}StateEntered", "stateEnteredEventDetails": {"name": name}}


def failed(error: str, cause: str, kind: str = "Failed") -> dict[str, Any]:
    details = {"resourceType": "lambda", "resource": "invoke", "error": error, "cause": cause}
    return {"type": f"Task{kind}", f"task{kind}EventDetails": details}


SCHEDULED = {"type": "TaskScheduled", "taskScheduledEventDetails": {}}
SUCCEEDED = {"type": "TaskSucceeded", "taskSucceededEventDetails": {}}


def describe(*events: dict[str, Any], history: History | None = None) -> list[str]:
    numbered = [{"id": number, **event} for number, event in enumerate(events, 1)]
    return list((history or History()).describe(numbered))


def test_states_are_reported_as_they_are_entered() -> None:
    events = (
        {"type": "ExecutionStarted"},
        entered("ReceiveRequest", "Pass"),
        entered("FetchFindings"),
        SCHEDULED,
    )
    assert describe(*events) == ["ReceiveRequest", "FetchFindings"]


def test_a_retry_is_reported_with_the_error() -> None:
    cause = json.dumps(
        {"errorMessage": "Inspector\nthrottled", "errorType": "X", "stackTrace": ["secret"]}
    )
    fault = failed("InspectorUnavailable", cause)
    assert describe(entered("FetchFindings"), SCHEDULED, fault, SCHEDULED, fault, SCHEDULED) == [
        "FetchFindings",
        "FetchFindings: failed, InspectorUnavailable: Inspector throttled",
        "FetchFindings: attempt 2",
        "FetchFindings: failed, InspectorUnavailable: Inspector throttled",
        "FetchFindings: attempt 3",
    ]


def test_attempts_are_counted_for_each_visit_of_a_state() -> None:
    assert describe(entered("A"), SCHEDULED, SUCCEEDED, entered("A"), SCHEDULED) == ["A", "A"]


def test_a_time_out_is_a_failure_too() -> None:
    assert describe(entered("A"), failed("States.Timeout", "", "TimedOut")) == [
        "A",
        "A: failed, States.Timeout",
    ]


def test_a_wait_is_reported_in_words() -> None:
    assert describe(entered("WaitForFindings", "Wait")) == [
        "WaitForFindings: waits, then asks Inspector again"
    ]


def test_an_event_is_reported_once() -> None:
    history = History()
    assert describe(entered("A"), history=history) == ["A"]
    assert describe(entered("A"), entered("B"), history=history) == ["B"]
    assert history.last_id == 2


@pytest.mark.parametrize(("state", "started"), [("StartFallback", True), ("PublishMessage", False)])
def test_only_the_state_that_starts_the_fallback_counts_as_a_fallback(
    state: str, started: bool
) -> None:
    history = History()
    describe(entered(state), SCHEDULED, SUCCEEDED, history=history)
    assert history.fallback_started is started


def test_the_fallbacks_state_is_the_definitions() -> None:
    starting = [
        name
        for name, state in DEFINITION["States"].items()
        if state.get("Resource", "").endswith(":states:startExecution")
    ]
    assert starting == ["StartFallback"]


@pytest.mark.parametrize(
    ("execution", "words"),
    [
        ({"status": "SUCCEEDED", "output": '{"messageId": "6f2c"}'}, "sent: SNS message 6f2c"),
        ({"status": "SUCCEEDED"}, "sent"),
        ({"status": "SUCCEEDED", "output": "[1]"}, "sent"),
        ({"status": "FAILED", "error": "E", "cause": "because"}, "FAILED: E: because"),
        (
            {"status": "FAILED", "error": "E", "cause": '{"errorMessage": "a\\u001b[31m\\nb"}'},
            "FAILED: E: a b",
        ),
        (
            {"status": "FAILED", "error": "E", "cause": '{"Payload": 1}'},
            'FAILED: E: {"Payload": 1}',
        ),
        ({"status": "FAILED"}, "FAILED: no cause is given"),
        ({"status": "TIMED_OUT"}, "TIMED_OUT: it exceeded the state machine's timeout"),
        ({"status": "ABORTED"}, "ABORTED: it was stopped"),
        ({"status": "ABORTED", "error": "", "cause": "a mistake"}, "ABORTED: a mistake"),
    ],
)
def test_an_outcome_is_a_line(execution: dict[str, Any], words: str) -> None:
    assert explain_outcome(execution) == words


@pytest.mark.parametrize(
    ("execution", "words"),
    [
        ({"status": "SUCCEEDED"}, "The fallback brief, without findings, was sent."),
        (
            {"status": "FAILED", "error": "SNS.E", "cause": "c"},
            "The fallback brief was not sent: FAILED: SNS.E: c",
        ),
    ],
)
def test_the_fallbacks_end_is_a_line(execution: dict[str, Any], words: str) -> None:
    assert explain_fallback(execution) == words


@pytest.mark.parametrize("partition", CONSOLE_HOSTS)
def test_a_link_leads_to_the_console_of_the_executions_partition(partition: str) -> None:
    arn = ARN.replace(":aws:", f":{partition}:").replace("eu-central-1", "xx-here-1")
    home = f"https://xx-here-1.{CONSOLE_HOSTS[partition]}/states/home?region=xx-here-1"
    assert link_execution(arn) == f"{home}#/v2/executions/details/{arn}"


def test_a_partition_without_a_known_console_has_no_link() -> None:
    arn = ARN.replace(":aws:", ":aws-iso:")
    assert link_execution(arn) is None
    assert locate_execution(arn) == arn

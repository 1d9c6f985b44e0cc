"""An execution's history and outcome in words, from events as GetExecutionHistory writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scan_brief_cli.aws.console import link_execution
from scan_brief_cli.rerun.history import FALLBACKS, History, explain_outcome
from scan_brief_common.console import CONSOLE_HOSTS

ARN = "arn:aws:states:eu-central-1:111122223333:execution:Workflow:rerun-1"
DEFINITION = json.loads(Path("workflow/scan_brief.asl.json").read_text("utf-8"))


def entered(name: str, kind: str = "Task") -> dict[str, Any]:
    return {"type": f"{kind}StateEntered", "stateEnteredEventDetails": {"name": name}}


def failed(error: str, cause: str, kind: str = "Failed") -> dict[str, Any]:
    details = {"resourceType": "lambda", "resource": "invoke", "error": error, "cause": cause}
    return {"type": f"Task{kind}", f"task{kind}EventDetails": details}


SCHEDULED = {"type": "TaskScheduled", "taskScheduledEventDetails": {}}
SUCCEEDED = {"type": "TaskSucceeded", "taskSucceededEventDetails": {}}


def tell(*events: dict[str, Any], history: History | None = None) -> list[str]:
    numbered = [{"id": number, **event} for number, event in enumerate(events, 1)]
    return list((history or History()).tell(numbered))


def test_states_are_told_as_they_are_entered() -> None:
    events = (
        {"type": "ExecutionStarted"},
        entered("ReceiveRequest", "Pass"),
        entered("FetchFindings"),
        SCHEDULED,
    )
    assert tell(*events) == ["ReceiveRequest", "FetchFindings"]


def test_a_retry_is_told_with_the_sentence_of_what_failed() -> None:
    cause = json.dumps(
        {"errorMessage": "Inspector\nthrottled", "errorType": "X", "stackTrace": ["secret"]}
    )
    fault = failed("InspectorUnavailable", cause)
    assert tell(entered("FetchFindings"), SCHEDULED, fault, SCHEDULED, fault, SCHEDULED) == [
        "FetchFindings",
        "FetchFindings: failed, InspectorUnavailable: Inspector throttled",
        "FetchFindings: try 2",
        "FetchFindings: failed, InspectorUnavailable: Inspector throttled",
        "FetchFindings: try 3",
    ]


def test_tries_are_counted_for_each_visit_of_a_state() -> None:
    assert tell(entered("A"), SCHEDULED, SUCCEEDED, entered("A"), SCHEDULED) == ["A", "A"]


def test_a_time_out_is_a_failure_too() -> None:
    assert tell(entered("A"), failed("States.Timeout", "", "TimedOut")) == [
        "A",
        "A: failed, States.Timeout",
    ]


def test_a_wait_is_told_in_words() -> None:
    assert tell(entered("WaitForFindings", "Wait")) == [
        "WaitForFindings: waits, then Inspector is asked again"
    ]


def test_an_event_is_told_once() -> None:
    history = History()
    assert tell(entered("A"), history=history) == ["A"]
    assert tell(entered("A"), entered("B"), history=history) == ["B"]
    assert history.last_id == 2


@pytest.mark.parametrize(
    ("state", "sent"), [*((one, True) for one in FALLBACKS), ("PublishMessage", False)]
)
def test_only_the_publish_of_the_fallback_counts_as_one(state: str, sent: bool) -> None:
    history = History()
    tell(entered(state), SCHEDULED, SUCCEEDED, history=history)
    assert history.fallback_sent is sent


def test_the_fallbacks_state_is_the_definitions() -> None:
    publishing = {
        name
        for name, one in DEFINITION["States"].items()
        if one.get("Resource", "").endswith(":sns:publish")
    }
    assert publishing == {"PublishMessage", *FALLBACKS}


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
        ({"status": "TIMED_OUT"}, "TIMED_OUT: it took longer than the state machine allows"),
        ({"status": "ABORTED"}, "ABORTED: somebody stopped it"),
        ({"status": "ABORTED", "error": "", "cause": "a mistake"}, "ABORTED: a mistake"),
    ],
)
def test_an_outcome_is_a_line(execution: dict[str, Any], words: str) -> None:
    assert explain_outcome(execution, fallback_sent=False) == words


def test_a_failure_says_whether_the_fallback_was_sent() -> None:
    told = explain_outcome({"status": "FAILED", "error": "E", "cause": "c"}, fallback_sent=True)
    assert told.splitlines() == ["FAILED: E: c", "A message without the findings was sent."]


@pytest.mark.parametrize("partition", CONSOLE_HOSTS)
def test_a_link_leads_to_the_console_of_the_executions_partition(partition: str) -> None:
    arn = ARN.replace(":aws:", f":{partition}:").replace("eu-central-1", "xx-here-1")
    home = f"https://xx-here-1.{CONSOLE_HOSTS[partition]['Host']}/states/home?region=xx-here-1"
    assert link_execution(arn) == f"{home}#/v2/executions/details/{arn}"

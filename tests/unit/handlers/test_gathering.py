"""handlers of gathering: imported as Lambda does it, over one table in this process."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError

from local.inspector2_double import Inspector2Double
from scan_brief.aws import memory
from scan_brief.aws.machines import SummaryNotStarted
from scan_brief.findings.changes import MemoryLost
from scan_brief.findings.gathered import gather_report
from scan_brief.log import UNKNOWN
from scan_brief.model import (
    GatherBriefPayload,
    GatherBriefResult,
    GatherResult,
    SummaryPayload,
    SummaryResult,
)
from scan_brief.settings import SettingsError
from tests.shapes import assert_shape
from tests.unit.aws_calls.digest_runs import ONE
from tests.unit.builders import REPOSITORY_ARN, make_event, make_finding, make_report
from tests.unit.fake_table import FakeTable
from tests.unit.findings.digest_builders import new_finding
from tests.unit.handlers.test_handlers import CONTEXT, EVENT_NAMES, load, read_lines

DIGEST_HANDLER = "scan_brief.handlers.gather_digest"
GATHER, SUMMARIZE = "scan_brief.handlers.gather_brief", "scan_brief.handlers.gather_summary"
MACHINE = "arn:aws:states:eu-central-1:111122223333:stateMachine:Summary"
ROUTES = json.dumps({"addresses": "0" * 16, "routes": {"*": {"to": [0]}}})
PREFERENCES = '{"sample-*":{"language":"en","timeZone":"UTC"}}'
REPORT = make_report([make_finding(1), make_finding(2)])


NO_RIGHTS = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "x"}}, "Call")
TAKEN = ClientError({"Error": {"Code": "ExecutionAlreadyExists", "Message": "x"}}, "Call")


class Handlers:
    """Both, with one table and one client of Step Functions. One brief is sent by itself."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given = {"MEMORY_TABLE": "table", "GATHER_ABOVE": "1"}
        self._gather: Any = load(GATHER, monkeypatch, **given)
        self._summarize: Any = load(SUMMARIZE, monkeypatch, **given)
        self.table, self.machines = FakeTable(), Mock()
        monkeypatch.setattr(self._gather, "_database", self.table)
        monkeypatch.setattr(self._gather, "_machines", self.machines)
        monkeypatch.setattr(self._summarize, "_database", self.table)

    def gather(self, name: str) -> str:
        payload = {
            "request": make_event(),
            "id": name,
            "gather": gather_report(REPORT, None),
            "attributes": {
                "kind": "FINDINGS",
                "severity": "HIGH",
                "total": "2",
                "knownExploited": "0",
                "repository": "sample-app",
                "repositoryArn": REPOSITORY_ARN,
            },
            "preferences": PREFERENCES,
            "routes": ROUTES,
            "stateMachine": MACHINE,
        }
        assert_shape(payload, GatherBriefPayload)
        result = self._gather.handle(payload, CONTEXT)
        assert_shape(result, GatherBriefResult)
        return str(result["gathered"])

    def summarize(self, window: Any) -> Any:
        payload = {"window": window, "routes": ROUTES}
        assert_shape(payload, SummaryPayload)
        result = self._summarize.handle(payload, CONTEXT)
        assert_shape(result, SummaryResult)
        return result


@pytest.fixture
def handlers(aws_environment: None, monkeypatch: pytest.MonkeyPatch) -> Handlers:
    return Handlers(monkeypatch)


def lose(operation: str) -> None:
    raise NO_RIGHTS


def test_what_is_gathered_is_in_the_summary_that_was_started(
    handlers: Handlers, caplog: pytest.LogCaptureFixture
) -> None:
    assert [handlers.gather(name) for name in ("a", "b", "c", "b")] == ["NO", "YES", "YES", "YES"]
    (started,) = [call.kwargs for call in handlers.machines.start_execution.mock_calls]
    window = json.loads(started["input"])
    assert (started["stateMachineArn"], started["name"]) == (MACHINE, window["window"])
    assert (window["limit"], window["repository"]) == (1, "sample-app")
    start, end = (datetime.fromisoformat(window[name]) for name in ("startedAt", "endsAt"))
    assert end - start == timedelta(minutes=5)
    facts = {"level": "INFO", **EVENT_NAMES, "window": window["window"]}
    assert read_lines(caplog) == [facts] * 3

    caplog.clear()
    result = handlers.summarize(window)
    assert result == handlers.summarize(window)  # the same at each try
    assert result["gathered"] == 2
    brief = result["brief"]
    assert brief["attributes"]["kind"] == "SUMMARY"
    arns = json.loads(brief["attributes"]["repositoryArn"])
    assert arns == [f"{REPOSITORY_ARN.rpartition('/')[0]}/*", REPOSITORY_ARN]
    mail = brief["message"]["email"]  # in the audience's words, not the function's
    assert " UTC" in mail
    assert "イメージ" not in mail
    line = {
        "level": "INFO",
        "request": "by hand",
        "repository": "sample-app",
        "digest": UNKNOWN,
        "gathered": 2,
        "window": window["window"],
    }
    assert read_lines(caplog) == [line, line]
    assert handlers.gather("d") == "NO"  # the first of another window: this one has ended


def test_a_window_without_briefs_has_no_summary(handlers: Handlers) -> None:
    for name in ("a", "b"):
        handlers.gather(name)
    window = json.loads(handlers.machines.start_execution.mock_calls[0].kwargs["input"])
    other = {**window, "window": "summary-other"}
    assert handlers.summarize(other) == {"brief": None, "gathered": 0}


def test_a_brief_is_gathered_only_with_a_summary(
    handlers: Handlers, caplog: pytest.LogCaptureFixture
) -> None:
    handlers.machines.start_execution.side_effect = NO_RIGHTS
    handlers.gather("a")
    with pytest.raises(SummaryNotStarted, match="DENIED"):
        handlers.gather("b")
    assert read_lines(caplog) == [{"level": "ERROR", **EVENT_NAMES, "error": "SummaryNotStarted"}]
    handlers.machines.start_execution.side_effect = TAKEN  # by a try that was cut off
    assert handlers.gather("b") == "YES"


def test_a_lost_memory_is_an_error_that_the_machine_catches(
    handlers: Handlers, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("a", "b"):
        handlers.gather(name)
    window = json.loads(handlers.machines.start_execution.mock_calls[0].kwargs["input"])
    caplog.clear()
    handlers.table.before = lose
    for call in (lambda: handlers.gather("c"), lambda: handlers.summarize(window)):
        with pytest.raises(MemoryLost, match="DENIED"):
            call()
    lines = read_lines(caplog)
    assert [(line["level"], line["error"]) for line in lines] == [("ERROR", "MemoryLost")] * 2
    assert [line["repository"] for line in lines] == ["sample-app"] * 2


@pytest.mark.parametrize(
    ("module", "variable", "bad"),
    [
        (GATHER, "GATHER_ABOVE", "201"),
        (GATHER, "GATHER_MINUTES", "0"),
        (SUMMARIZE, "LANGUAGE", "fr"),
        (SUMMARIZE, "TIME_ZONE", "X"),
    ],
)
def test_an_invalid_environment_fails_the_cold_start(
    monkeypatch: pytest.MonkeyPatch, module: str, variable: str, bad: str
) -> None:
    with pytest.raises(SettingsError, match=variable):
        load(module, monkeypatch, **{variable: bad})


def test_a_digest_logs_once_why_the_memory_is_lost(
    aws_environment: None,
    monkeypatch: pytest.MonkeyPatch,
    double: Inspector2Double,
    caplog: pytest.LogCaptureFixture,
) -> None:
    observed = (datetime.now(UTC) - timedelta(hours=1)).timestamp()
    double.findings = [
        {**new_finding(number, repository), "firstObservedAt": observed}
        for number, repository in enumerate(("team/a", "team/b"))
    ]
    given = {"DIGEST_DAYS": "1", "DIGEST_ALL_QUIET": "false", "CHAT_BUTTONS": "Stack"}
    module: Any = load(DIGEST_HANDLER, monkeypatch, MEMORY_TABLE="table", **given)
    client = Mock(
        **{f"{name}.side_effect": NO_RIGHTS for name in ("query", "get_item", "put_item")}
    )
    monkeypatch.setattr(memory, "_connect", lambda: client)
    payload = {"audiences": ONE, "audience": "a", "scheduledAt": None, "execution": "one"}
    result = module.handle(payload, CONTEXT)
    module._client.close()
    assert_shape(result, GatherResult)
    assert (result["digest"]["repositories"], result["digest"]["memoryLost"]) == (2, "DENIED")
    lost, gathered = read_lines(caplog)
    assert (lost["level"], lost["error"]) == ("WARNING", "DENIED")
    assert (gathered["why"], gathered["total"]) == ("reported", 2)

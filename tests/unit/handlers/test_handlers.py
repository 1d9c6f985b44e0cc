"""handlers: each one imported as Lambda does it, with its environment, and invoked."""

from __future__ import annotations

import importlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from local.inspector2_double import Denied, FaultPlan, Inspector2Double, Throttle
from scan_brief.aws.bundled import read_ignored
from scan_brief.findings.changes import MemoryLost
from scan_brief.findings.gathered import gather_report
from scan_brief.log import UNKNOWN
from scan_brief.model import FetchResult, FormatPayload, FormatResult, IgnoreResult, LogLine
from scan_brief.scan import coverage, errors
from scan_brief.settings import SettingsError
from scan_brief_common.limits import IGNORED_FILE, WATCHED_FILE
from tests.shapes import assert_shape
from tests.unit.brief.golden_cases import HOSTILE, hostile_finding
from tests.unit.builders import (
    DIGEST,
    REPOSITORY_ARN,
    make_brief,
    make_event,
    make_finding,
    make_report,
)

OTHER_DIGEST = "sha256:" + "f" * 64
CONTEXT = SimpleNamespace(
    invoked_function_arn="arn:aws:lambda:eu-central-1:111122223333:function:ScanBrief-Fetch",
    get_remaining_time_in_millis=lambda: 900_000,
)
FETCH = "scan_brief.handlers.fetch_findings"
FORMAT = "scan_brief.handlers.format_message"
REMEMBER = "scan_brief.handlers.remember_brief"
IGNORE = "scan_brief.handlers.ignore_vulnerability"
NOW = datetime(2026, 2, 1, 9, 30, tzinfo=UTC)
ENVIRONMENT = {
    "TOP_FINDINGS": "2",
    "SETTLE_ATTEMPTS": "3",
    "SETTLE_WAIT_SECONDS": "7",
    "DETAIL_CALLS": "200",
    "IGNORE_ENTRIES": "0",
    "LANGUAGE": "ja",
    "TIME_ZONE": "Asia/Tokyo",
    "GATHER_ABOVE": "20",
    "GATHER_MINUTES": "5",
}
ENTRY = {
    "ids": ["CVE-2026-0001"],
    "images": [],
    "purls": [],
    "paths": [],
    "until": None,
    "reason": "",
    "ignore": True,
    "repositories": ["*"],
}
BY_TAG = {"repository": "sample-app", "imageTag": "latest"}
EVENT_NAMES = {"request": make_event()["id"], "repository": "sample-app", "digest": DIGEST}


def load(name: str, monkeypatch: pytest.MonkeyPatch, **environment: str) -> ModuleType:
    for variable, value in {**ENVIRONMENT, **environment}.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module(name)


@pytest.fixture
def fetch(aws_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """FetchFindings' result for a request."""
    module: Any = load(FETCH, monkeypatch)

    def invoke(request: Any, attempt: int = 1, preferences: str = "{}") -> Any:
        payload = {"request": request, "attempt": attempt, "preferences": preferences}
        result = module.handle(payload, CONTEXT)
        assert_shape(result, FetchResult)
        assert (result["report"] is None) != (result["refusal"] is None)
        return result

    yield invoke
    module._client.close()


@pytest.fixture
def format_report(monkeypatch: pytest.MonkeyPatch) -> Any:
    """FormatMessage's brief of a report."""
    module: Any = load(FORMAT, monkeypatch)

    def invoke(report: Any, preferences: str = "{}", request: Any = None) -> Any:
        payload = {"request": request, "report": report, "preferences": preferences}
        assert_shape(payload, FormatPayload)
        brief = module.handle(payload, CONTEXT)
        assert_shape(brief, FormatResult)
        return brief

    return invoke


def read_lines(caplog: pytest.LogCaptureFixture) -> list[Any]:
    """As Lambda's JSON format writes them: level and extra keys."""
    usual = {*logging.makeLogRecord({}).__dict__, "message", "asctime"}  # a formatter adds two
    lines = []
    for record in caplog.records:
        if record.name.startswith("scan_brief"):
            assert record.exc_info is None
            line = {name: value for name, value in record.__dict__.items() if name not in usual}
            assert_shape(line, LogLine)
            lines.append({"level": record.levelname, **line})
    return lines


def read_line(caplog: pytest.LogCaptureFixture) -> Any:
    """The only line of an invocation."""
    (line,) = read_lines(caplog)
    return line


def test_an_event_becomes_a_report(fetch: Any, double: Inspector2Double) -> None:
    double.findings = [make_finding(number) for number in range(4)]
    report = fetch(make_event(), 2)["report"]
    assert (report["total"], len(report["topFindings"])) == (4, 2)
    assert (report["settled"], report["attempt"], report["waitSeconds"]) == ("WAIT", 2, 7)
    assert fetch(make_event(), 3)["report"]["settled"] == "NO"
    # Nothing is looked up for a report that waits.
    names = [operation for operation, _ in double.calls]
    assert names[:4] == ["ListFindings"] * 4
    assert sorted(names[4:]) == ["BatchGetFindingDetails", "GetClustersForImage"]


@pytest.mark.parametrize("image", [{"imageTag": "latest"}, {"imageDigest": DIGEST}])
def test_a_request_by_hand_becomes_a_report(
    fetch: Any, double: Inspector2Double, image: dict[str, str]
) -> None:
    double.findings = [make_finding(number) for number in range(4)]
    report = fetch({"repository": "sample-app", **image})["report"]
    scan = {"status": "SUCCESSFUL", "scannedAt": "2026-01-31T23:30:00Z", "byHand": True}
    assert report["scan"] == scan
    assert report["image"]["digest"] == DIGEST
    assert report["image"]["repositoryArn"] == REPOSITORY_ARN
    assert (report["settled"], report["total"], report["announced"]) == ("YES", 4, None)
    names = [operation for operation, _ in double.calls]
    assert names[:2] == ["ListCoverage", "ListFindings"]
    assert sorted(names[2:]) == ["BatchGetFindingDetails", "GetClustersForImage"]


def test_a_repository_has_its_own_number_of_findings(fetch: Any, double: Inspector2Double) -> None:
    double.findings = [make_finding(number) for number in range(4)]
    others = '{"other-app":{"topFindings":1},"sample-*":{"topFindings":3},"*":{"topFindings":1}}'
    assert len(fetch(make_event(), 1, others)["report"]["topFindings"]) == 3
    other = '{"other-app":{"topFindings":1}}'
    assert len(fetch(make_event(), 1, other)["report"]["topFindings"]) == 2


@pytest.mark.parametrize(
    ("request_by_hand", "error", "cause"),
    [
        (BY_TAG, "ImageNotScanned", "sample-app:latest: Inspector does not know this image in "),
        (None, "InvalidRequest", "request: given null; accepted: "),
    ],
)
def test_an_invalid_request_by_hand_is_a_refusal(
    fetch: Any, double: Inspector2Double, request_by_hand: object, error: str, cause: str
) -> None:
    refusal = fetch(request_by_hand)["refusal"]
    assert refusal["error"] == error
    assert refusal["cause"].startswith(cause)
    assert [operation for operation, _ in double.calls] == ["ListCoverage"] * (error[1] == "m")


def test_a_refusals_error_is_the_name_of_its_class() -> None:
    for error in (errors.InvalidRequest, errors.UnreadableEvent, errors.ImageNotScanned):
        assert error.name == error.__name__


@pytest.mark.parametrize(
    "given", [{"x" * 65_000: 1}, {"repository": "x" * 65_000}, {"repository": [["重"] * 9] * 9000}]
)
def test_a_huge_request_is_refused_with_a_short_cause(fetch: Any, given: object) -> None:
    refusal = fetch(given)["refusal"]
    assert refusal["error"] == "InvalidRequest"
    assert len(refusal["cause"]) <= 1_000


@pytest.mark.parametrize(
    "odd",
    [
        {"time": None},
        {"account": "1"},
        {"account": "999988887777"},
        {"region": "us-east-1"},
        {"detail": None},
        {"detail": {}},
    ],
)
def test_an_event_of_inspector_that_cannot_be_read_is_no_mistake_of_a_person(
    fetch: Any, double: Inspector2Double, odd: dict[str, Any]
) -> None:
    refusal = fetch({**make_event(), **odd})["refusal"]
    assert refusal["error"] == "UnreadableEvent"
    (field, _), *_ = odd.items()
    assert refusal["cause"].startswith(field)
    assert not double.calls


def test_suppressed_findings_are_counted_apart(fetch: Any, double: Inspector2Double) -> None:
    hidden = [make_finding(number, severity="CRITICAL", status="SUPPRESSED") for number in (8, 9)]
    double.findings = [make_finding(), *hidden]
    event = make_event({"finding-severity-counts": {"CRITICAL": 2, "HIGH": 1, "TOTAL": 3}})
    report = fetch(event)["report"]
    assert (report["settled"], report["total"]) == ("YES", 1)
    assert report["suppressed"]["CRITICAL"] == 2
    listed = [body["filterCriteria"]["findingStatus"] for name, body in double.calls[:2]]
    assert [status[0]["value"] for status in listed] == ["ACTIVE", "SUPPRESSED"]


@pytest.mark.parametrize(
    ("content", "total", "failure"),
    [
        (b'{"entries": [%s]}', 1, None),
        (b'{"entries": [%s, %s]}', 2, "BROKEN"),
        (b"\xff", 2, "BROKEN"),
        (None, 2, "MISSING"),
    ],
)
def test_the_list_of_ignored_findings_is_read_next_to_the_package(  # noqa: PLR0917 - fixtures
    aws_environment: None,
    monkeypatch: pytest.MonkeyPatch,
    double: Inspector2Double,
    tmp_path: Path,
    content: bytes | None,
    total: int,
    failure: str | None,
) -> None:
    double.findings = [make_finding(1), make_finding(2)]
    if content is not None:
        file = tmp_path / IGNORED_FILE
        file.write_bytes(content.replace(b"%s", json.dumps(ENTRY).encode()))
    module: Any = load(FETCH, monkeypatch, IGNORE_ENTRIES="1")
    monkeypatch.setattr(module, "_ignore", read_ignored(1, tmp_path))
    payload = {"request": make_event(), "attempt": 3, "preferences": "{}"}
    report = module.handle(payload, CONTEXT)["report"]
    assert (report["total"], report["ignored"]["failure"]) == (total, failure)
    assert report["ignored"]["total"] == 2 - total
    module._client.close()


def test_by_hand_an_image_scanned_now_is_settled_like_an_event(
    fetch: Any, double: Inspector2Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    double.findings = [make_finding()]
    resolve = coverage.resolve_image
    monkeypatch.setattr(  # the double's scan is long ago
        f"{FETCH}.resolve_image",
        lambda *given: replace(
            resolve(*given), digest=OTHER_DIGEST, scanned_at=datetime.now(UTC).isoformat()
        ),
    )
    report = fetch(BY_TAG)["report"]
    assert (report["settled"], report["unconfirmed"]) == ("WAIT", "JUST_SCANNED")


def test_a_fault_of_inspector_is_an_error(fetch: Any, double: Inspector2Double) -> None:
    double.plan = FaultPlan([Denied()])
    with pytest.raises(errors.InspectorRefused):
        fetch(make_event())


def test_a_brief_is_in_the_language_and_time_zone_of_the_settings(format_report: Any) -> None:
    report = make_report([make_finding()])
    brief = format_report(report)
    gather = gather_report(report, None)
    assert gather
    assert brief == {**make_brief(report, "ja", "Asia/Tokyo"), "gather": gather}
    assert "2026年02月01日 08:30 JST" in brief["message"]["email"]


@pytest.mark.parametrize(
    ("preferences", "language", "zone"),
    [
        ('{"sample-app":{"language":"en","timeZone":"Europe/Berlin"}}', "en", "Europe/Berlin"),
        ('{"sample-app":{"timeZone":"Europe/Berlin"}}', "ja", "Europe/Berlin"),
        ('{"sample-app":{"language":"ja"},"*":{"language":"en"}}', "ja", "Asia/Tokyo"),
    ],
)
def test_a_repository_has_its_own_language_and_time_zone(
    format_report: Any, preferences: str, language: str, zone: str
) -> None:
    report = make_report([make_finding()])
    brief = format_report(report, preferences)
    assert brief == {**make_brief(report, language, zone), "gather": brief["gather"]}


def test_templates_get_the_request_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = load(FORMAT, monkeypatch)
    formatter = Mock(**{"format.return_value": make_brief(make_report())})
    monkeypatch.setattr(module, "_formatter_of", lambda _: formatter)
    payload = {"request": make_event(), "report": make_report(), "preferences": "{}"}
    formatted = module.handle(payload, CONTEXT)
    assert formatted == {**formatter.format.return_value, "gather": formatted["gather"]}
    formatter.format.assert_called_once_with(
        {"request": payload["request"], "report": payload["report"]}
    )


def test_an_invocation_logs_a_line_with_request_repository_and_digest(
    fetch: Any, format_report: Any, double: Inspector2Double, caplog: pytest.LogCaptureFixture
) -> None:
    double.findings = [make_finding()]
    report = fetch(make_event())["report"]
    facts: dict[str, object] = {"total": 1, "settled": "WAIT", "attempt": 1}
    assert read_line(caplog) == {"level": "INFO", **EVENT_NAMES, **facts}
    caplog.clear()
    format_report(report, request=make_event())
    facts = {name: report[name] for name in ("total", "counts", "knownExploited")}
    facts |= {"kind": "FINDINGS", "severity": "CRITICAL", "language": "ja"}
    assert read_line(caplog) == {"level": "INFO", **EVENT_NAMES, **facts}
    caplog.clear()
    fetch(BY_TAG)
    facts = {"request": "by hand", "total": 1, "settled": "YES", "attempt": 1}
    assert read_line(caplog) == {"level": "INFO", **EVENT_NAMES, **facts}


@pytest.mark.parametrize("mark", [None, {"repository": "sample-app", "digest": DIGEST}])
@pytest.mark.parametrize(
    ("request_", "seconds"),
    [
        (make_event(time="2026-02-01T09:29:00Z"), 60),
        (make_event(time="2026-02-01T09:31:00Z"), 0),  # clocks differ
        (make_event(time="soon"), None),
        (BY_TAG, None),
        ({**BY_TAG, "watchdog": {"reason": ""}}, None),
        ("latest", None),
    ],
)
def test_a_sent_brief_logs_the_seconds_since_its_scan_even_if_the_memory_is_gone(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    request_: Any,
    seconds: int | None,
    mark: Any,
) -> None:
    module: Any = load(REMEMBER, monkeypatch, MEMORY_TABLE="gone")
    monkeypatch.setattr(module, "datetime", Mock(wraps=datetime, **{"now.return_value": NOW}))
    memory = Mock(**{"return_value.move_on.side_effect": MemoryLost("DENIED")})
    monkeypatch.setattr(module, "TableMemory", memory)
    with pytest.raises(MemoryLost) if mark else nullcontext():
        module.handle({"request": request_, "brief": {"remember": mark}}, CONTEXT)
    sent = [record.secondsFromScan for record in caplog.records if record.message == "sent"]  # type: ignore[attr-defined]
    assert sent == ([] if seconds is None else [seconds])


@pytest.mark.parametrize(
    ("request_by_hand", "line"),
    [
        (BY_TAG, {"error": "ImageNotScanned", "repository": "sample-app", "digest": UNKNOWN}),
        ("latest", {"error": "InvalidRequest", "repository": UNKNOWN, "digest": UNKNOWN}),
        (
            {"id": 7, "source": "x"},
            {"error": "InvalidRequest", "repository": UNKNOWN, "digest": UNKNOWN},
        ),
    ],
)
def test_a_refusal_logs_a_warning(
    fetch: Any, caplog: pytest.LogCaptureFixture, request_by_hand: object, line: dict[str, object]
) -> None:
    fetch(request_by_hand)
    assert read_line(caplog) == {"level": "WARNING", "request": "by hand", **line}


def test_a_failure_logs_the_name_of_the_error(
    fetch: Any, format_report: Any, double: Inspector2Double, caplog: pytest.LogCaptureFixture
) -> None:
    double.plan = FaultPlan([Denied()])
    with pytest.raises(errors.InspectorRefused):
        fetch(make_event())
    assert read_line(caplog) == {"level": "ERROR", **EVENT_NAMES, "error": "InspectorRefused"}
    caplog.clear()
    with pytest.raises(SettingsError):
        format_report(make_report(), '{"*":{"timeZone":"X"}}', make_event())
    assert read_line(caplog) == {"level": "ERROR", **EVENT_NAMES, "error": "SettingsError"}


def test_no_text_of_a_finding_or_tag_is_logged(
    fetch: Any, format_report: Any, double: Inspector2Double, caplog: pytest.LogCaptureFixture
) -> None:
    double.findings = [hostile_finding()]
    event = make_event({"image-tags": [HOSTILE], "scan-status": HOSTILE}, id=HOSTILE)
    format_report(fetch(event)["report"], request=event)
    assert len(caplog.records) == 2
    for record in caplog.records:
        written = json.dumps({**record.__dict__, "request": ""}, default=str)
        assert not any(part in written for part in ("evil", "CVE", "openssl", "A flaw"))
        assert len(record.__dict__["request"]) <= 64
        assert record.__dict__["request"].isprintable()


@pytest.mark.parametrize(
    ("name", "variable", "bad"),
    [(FETCH, "TOP_FINDINGS", "51"), (FORMAT, "LANGUAGE", "fr"), (FORMAT, "TIME_ZONE", "X")],
)
def test_an_invalid_environment_fails_the_cold_start(
    monkeypatch: pytest.MonkeyPatch, name: str, variable: str, bad: str
) -> None:
    with pytest.raises(SettingsError, match=variable):
        load(name, monkeypatch, **{variable: bad})


def test_the_formatter_starts_without_boto3_and_without_the_shapes() -> None:
    code = f"import sys, json; import {FORMAT}; print(json.dumps(sorted(sys.modules)))"
    path = os.pathsep.join(entry for entry in sys.path if entry)
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    assert "jinja2" in loaded
    assert not loaded & {"boto3", "botocore", "scan_brief.aws.inspector", "scan_brief.model"}


def test_a_known_exploited_finding_comes_first_although_the_list_says_nothing_of_it(
    fetch: Any, double: Inspector2Double
) -> None:
    double.findings = [make_finding(number, epss={"score": 0.9}) for number in range(1, 40)]
    hidden = make_finding(99, severity="LOW", inspectorScore=0.1, epss={"score": 0.0})
    double.findings = [*double.findings, hidden]
    double.details = [
        {"findingArn": hidden["findingArn"], "cisaData": {"dateDue": 1651104000}, "cwes": []}
    ]
    report = fetch(make_event({"finding-severity-counts": None}))["report"]
    first = report["topFindings"][0]
    assert (first["id"], first["packages"][0]["name"]) == ("CVE-2026-0099", "openssl")
    assert first["intelligence"]["dueDate"] == "2022-04-28"
    assert report["knownExploited"] == 1
    assert report["lookedUp"] == {"findings": 40, "left": 0, "failure": None}
    by_arn = [call for call in double.calls if call.operation == "ListFindings"][-1]
    assert by_arn.body["filterCriteria"]["findingArn"][0]["value"] == hidden["findingArn"]


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (Denied(operation="BatchGetFindingDetails"), "DENIED"),
        (Throttle(operation="BatchGetFindingDetails", retry_after=9_999), "THROTTLED"),
    ],
)
def test_without_details_the_report_is_ranked_by_the_list(
    fetch: Any, double: Inspector2Double, fault: Any, failure: str
) -> None:
    double.findings = [make_finding(1), make_finding(2, severity="CRITICAL")]
    double.plan = FaultPlan([fault])
    report = fetch(make_event({"finding-severity-counts": None}))["report"]
    assert [finding["severity"] for finding in report["topFindings"]] == ["CRITICAL", "HIGH"]
    assert report["lookedUp"] == {"findings": 0, "left": 2, "failure": failure}


def asked_item(**members: Any) -> dict[str, Any]:
    ended = {"until": {"S": "2099-01-01T00:00:00Z"}, "reason": {"S": "why"}}
    return {"key": {}, "part": {}, "id": {"S": "CVE-2026-0001"}, **ended, **members}


@pytest.mark.parametrize(
    ("buttons", "expected"), [("", (2, None)), ("Stack", (1, None)), ("Stack", (2, "MEMORY_LOST"))]
)
def test_what_chats_ignore_is_asked_for_only_with_buttons(
    aws_environment: None,
    monkeypatch: pytest.MonkeyPatch,
    double: Inspector2Double,
    buttons: str,
    expected: tuple[int, str | None],
) -> None:
    total, failure = expected
    double.findings = [make_finding(1), make_finding(2)]
    module: Any = load(FETCH, monkeypatch, MEMORY_TABLE="table", CHAT_BUTTONS=buttons)
    keys: list[str] = []

    def query(**given: Any) -> Any:
        key = given["ExpressionAttributeValues"][":key"]["S"]
        keys.append(key)
        if not key.startswith("ignore#"):
            return {"Items": []}
        return {"Items": [asked_item(**({"id": {}} if failure else {}))]}

    client = Mock(query=query, get_item=lambda **_: {})
    monkeypatch.setattr("scan_brief.aws.memory._connect", lambda: client)
    payload = {"request": make_event(), "attempt": 3, "preferences": "{}"}
    report = module.handle(payload, CONTEXT)["report"]
    asked = ["ignore#sample-app"] if buttons else []
    assert sorted(keys) == ["brief#sample-app", *asked]
    assert report["total"] == total
    assert (report["ignored"] or {"failure": None})["failure"] == failure
    module._client.close()


def test_a_card_has_what_its_buttons_need(monkeypatch: pytest.MonkeyPatch) -> None:
    payload = {"request": None, "report": make_report([make_finding()]), "preferences": "{}"}
    for buttons in ("", "Stack-1"):
        module: Any = load(FORMAT, monkeypatch, CHAT_BUTTONS=buttons)
        brief = module.handle(payload, CONTEXT)
        metadata = json.loads(brief["message"]["https"])["metadata"]
        assert metadata.get("additionalContext", {"notifier": ""})["notifier"] == buttons


@pytest.fixture
def ignore(aws_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """IgnoreVulnerability's answer, and the items that it put."""
    module: Any = load(IGNORE, monkeypatch, MEMORY_TABLE="table")
    (tmp_path / WATCHED_FILE).write_text(json.dumps({"repositories": ["sample-app"]}))
    monkeypatch.setattr(module, "BUNDLE", tmp_path)
    client = Mock()
    monkeypatch.setattr("scan_brief.aws.memory._connect", lambda: client)

    def invoke(event: object) -> Any:
        result = module.handle(event, CONTEXT)
        assert_shape(result, IgnoreResult)
        assert (result["ignored"] is None) != (result["refused"] is None)
        return result, [call.kwargs["Item"] for call in client.put_item.mock_calls]

    return SimpleNamespace(invoke=invoke, client=client)


ASK = {"repository": "sample-app", "vulnerabilityId": "CVE-1", "reason": "why", "days": 30}


def test_an_ask_is_kept_and_answered(ignore: Any, caplog: pytest.LogCaptureFixture) -> None:
    result, (item,) = ignore.invoke(ASK)
    assert result["message"].startswith("CVE-1 is ignored in sample-app until ")
    assert item["key"] == {"S": "ignore#sample-app"}
    line = read_line(caplog)
    assert (line["level"], line["repository"]) == ("INFO", "sample-app")


def test_a_refused_ask_is_an_answer_and_keeps_nothing(ignore: Any) -> None:
    result, items = ignore.invoke({**ASK, "reason": " "})
    assert items == []
    assert result["message"].startswith("Nothing is ignored. reason: given ")
    assert result["refused"]["error"] == "InvalidRequest"


def test_what_cannot_be_kept_is_an_error(ignore: Any) -> None:
    ignore.client.put_item.side_effect = ValueError
    with pytest.raises(MemoryLost):
        ignore.invoke(ASK)

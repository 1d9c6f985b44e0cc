"""What the fallback brief says: numbers, reason, time, links. Its whole texts are goldens."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from scan_brief.findings.report import build_report
from scan_brief.scan.request import Registry, read_request
from scan_brief_cdk.files import WORKFLOW
from scan_brief_cdk.notifier.definition import render_definition
from scan_brief_cdk.route import Route
from scan_brief_cli.fallback import run_fallback
from scan_brief_common.console import CONSOLE_HOSTS
from tests.unit.builders import make_brief, make_settings
from tests.workflow.fallback_inputs import (
    DETAIL,
    EVENT,
    EXECUTION,
    HOSTILE,
    mail,
    publish,
    with_detail,
)
from tests.workflow.retry_contracts import RETRIES
from tests.workflow.test_definitions import DEPLOYED

TEXTS = {
    language: json.loads((WORKFLOW / f"fallback/texts/{language}.json").read_text("utf-8"))
    for language in ("en", "ja")
}
REASONS = json.loads((WORKFLOW / "fallback/reasons.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("counts", "subject", "line", "announced"),
    [
        (
            {"CRITICAL": 13, "HIGH": 18, "MEDIUM": 24, "TOTAL": 60},
            "CRITICAL 13 · HIGH 18",
            "Critical 13 · High 18 · Medium 24 · Total 60\n(from the scan event; its total",
            {"CRITICAL": 13, "HIGH": 18, "MEDIUM": 24, "TOTAL": 60},
        ),
        (
            {"CRITICAL": 0, "HIGH": 2, "TOTAL": 2},
            "HIGH 2",
            "Critical 0 · High 2 · Total 2\n(from the scan event)\n",
            {"CRITICAL": 0, "HIGH": 2, "TOTAL": 2},
        ),
        (
            {"CRITICAL": 3},
            "CRITICAL 3",
            "Critical 3\n(from the scan event, which does not say how many there are in all)",
            {"CRITICAL": 3},
        ),
        ({"TOTAL": 7}, "7 findings", "Total 7\n(from the scan event; its total", {"TOTAL": 7}),
        ({"TOTAL": 0}, "SCANNED", "Total 0\n(from the scan event)\n", {"TOTAL": 0}),
        ({"MEDIUM": 5.0, "TOTAL": "5"}, "MEDIUM 5", "Medium 5 · Total 5", None),
        # Less than its parts is no total.
        ({"CRITICAL": 5, "TOTAL": 3}, "CRITICAL 5", "Critical 5\n", {"CRITICAL": 5}),
        # Null is absent. What cannot be read may be the worst, so the subject names no severity.
        ({"CRITICAL": None, "HIGH": 2, "TOTAL": 9}, "HIGH 2", "High 2 · Total 9\n", None),
        ({"CRITICAL": "x", "HIGH": 2, "TOTAL": 9}, "SCANNED", "High 2 · Total 9\n", None),
        ({"CRITICAL": True, "HIGH": -1, "MEDIUM": 1.5}, "SCANNED", "does not say how many", {}),
        ({"CRITICAL": 10**9}, "SCANNED", "does not say how many findings there are", {}),
        ({}, "SCANNED", "does not say how many findings there are", {}),
        (None, "SCANNED", "does not say how many findings there are", {}),
    ],
)
def test_only_numbers_that_the_event_has_are_printed(
    counts: Any, subject: str, line: str, announced: dict[str, int] | None
) -> None:
    published = publish(with_detail(finding_severity_counts=counts))
    assert published["Subject"] == f"{subject} · sample-app · details unavailable"
    assert line in published["Message"]["email"]
    report = json.loads(published["Message"]["sqs"])
    told = report.get("counts", {}).get("announced", {})
    assert announced is None or told == announced


@cache
def reason_of(error: str) -> str:
    text = mail(EVENT, failure={"Error": error})
    (found,) = [
        str(name)
        for name, reason in TEXTS["en"]["reasons"].items()
        if reason["why"] in text and reason["next"] in text
    ]
    return found


def list_errors() -> Iterator[tuple[str, str]]:
    """Every error that can reach the fallback, and its reason."""
    yield from (
        ("InspectorUnavailable", "inspectorUnavailable"),
        ("InspectorThrottled", "inspectorThrottled"),
        ("InspectorRefused", "inspectorRefused"),
        ("UnreadableEvent", "unreadableEvent"),
        ("IncompleteAnswer", "incompleteAnswer"),
        ("States.Timeout", "timeout"),
        ("Sandbox.Timedout", "timeout"),
        ("States.DataLimitExceeded", "stepFunctions"),
        ("Lambda.ServiceException", "lambda"),
        ("Lambda.ResourceNotFoundException", "lambda"),
        ("Lambda.TooManyRequestsException", "tooManyRequests"),
        ("Lambda.Unknown", "crash"),
        ("Runtime.ExitError", "crash"),
        ("Runtime.ImportModuleError", "crash"),
        ("Sandbox.Unknown", "crash"),
        ("SNS.KMSAccessDeniedException", "publish"),
        ("UndefinedError", "other"),
        ("KeyError", "other"),
        ("", "other"),
    )


@pytest.mark.parametrize(("error", "reason"), list(list_errors()))
def test_every_error_has_a_reason_and_a_next_step(error: str, reason: str) -> None:
    assert reason_of(error) == reason
    assert (error or "The error has no name") in mail(EVENT, failure={"Error": error})


def test_every_reason_is_used_and_written_in_every_language() -> None:
    used = {entry["reason"] for entry in REASONS}
    assert used == {reason for _, reason in list_errors()}
    for texts in TEXTS.values():
        assert texts["reasons"].keys() == used
    named = {entry["begins"] for entry in REASONS}
    assert {"UnreadableEvent", "InspectorUnavailable", "InspectorRefused"} <= named
    assert [error for error in RETRIES if reason_of(error) == "other"] == ["KeyError"]


@pytest.mark.parametrize(
    ("cause", "shown"),
    [
        ('{"errorMessage": "Rate exceeded", "errorType": "E"}', "E1: Rate exceeded\n"),
        ('{"errorType": "E", "errorMessage": "a\\nb"}', "E1: a\n"),
        ('{"errorMessage":"say \\"no\\" to C:\\\\x\\u3042"}', "E1: say 'no' to C:∖x\n"),
        ('{"errorMessage": "cut here', "E1: cut here\n"),
        ('{"errorMessage": null}\n', 'E1: {"errorMessage": null}\n'),
        ("The process exited\nwith 1", "E1: The process exited\n"),
        ("\n\n  late  ", "E1: late\n"),
        ("detail.time: given null; accepted: a UTC time", "E1: detail.time: given null; accepted"),
        ("see https://evil.example/x.y", "E1: see https∶//evil․example/x․y\n"),
        ("x" * 32_000, f"E1: {'x' * 299}…\n"),
        ("", "E1\n"),
        (None, "E1\n"),
        (7, "E1\n"),
    ],
)
def test_the_first_line_of_the_cause_is_shown(cause: object, shown: str) -> None:
    assert f"\n{shown}" in mail(EVENT, failure={"Error": "E1", "Cause": cause})


@pytest.mark.parametrize(
    ("time", "zone", "shown"),
    [
        ("2025-11-13T16:41:52Z", "Asia/Tokyo", "2025-11-14 01:41 JST"),
        ("2026-03-29T00:59:59Z", "Europe/Berlin", "2026-03-29 01:59 CET"),
        ("2026-03-29T01:00:00Z", "Europe/Berlin", "2026-03-29 03:00 CEST"),
        ("2028-02-29T23:59:59.9Z", "America/Sao_Paulo", "2028-02-29 20:59 UTC-03"),
        ("2026-07-01T00:00:00Z", "America/St_Johns", "2026-06-30 21:30 NDT"),
        ("2026-07-01T00:00:00Z", "UTC", "2026-07-01 00:00 UTC"),
        ("2037-12-31T23:59:59Z", "Asia/Tokyo", "2038-01-01 08:59 JST"),
        # No table: UTC, and marked so.
        ("2038-01-01T00:00:00Z", "Asia/Tokyo", "2038-01-01 00:00 UTC"),
        ("2024-12-31T23:59:59Z", "Asia/Tokyo", "2024-12-31 23:59 UTC"),
        # No time: as it is.
        ("2026-02-29T00:00:00Z", "Asia/Tokyo", "2026-02-29T00:00:00Z"),
        ("2026-13-01T00:00:00Z", "Asia/Tokyo", "2026-13-01T00:00:00Z"),
        ("2026-01-01T24:00:00Z", "Asia/Tokyo", "2026-01-01T24:00:00Z"),
        ("yesterday", "Asia/Tokyo", "yesterday"),
    ],
)
def test_the_time_is_the_teams(time: str, zone: str, shown: str) -> None:
    assert f"Scanned   {shown}\n" in mail({**EVENT, "time": time}, time_zone=zone)


def test_starting_again_is_advised_only_where_it_can_help() -> None:
    assert '"New execution"' in mail(EVENT, failure={"Error": "InspectorUnavailable"})
    assert "New execution" not in mail(EVENT, failure={"Error": "UnreadableEvent"})


def test_a_fallback_is_in_the_same_thread_and_has_the_same_id_as_the_scans_brief() -> None:
    """A brief whose publish was not answered can be out: both say which scan they are about."""
    registry = Registry(account=EVENT["account"], region=EVENT["region"], partition="aws")
    request = read_request(EVENT, registry)
    brief = make_brief(build_report(request, [], make_settings(), 1))
    mine, other = brief["message"], publish(EVENT)["Message"]
    threads = [json.loads(text["https"])["metadata"]["threadId"] for text in (mine, other)]
    ids = [json.loads(text["sqs"])["id"] for text in (mine, other)]
    assert (threads[0], ids[0]) == (threads[1], ids[1])
    assert "metadata" not in json.loads(publish(with_detail(image_digest="x"))["Message"]["https"])


def test_what_the_event_lacks_has_no_line() -> None:
    text = mail({"source": EVENT["source"], "detail": {}})
    for label in ("Tags", "Scanned", "Account", "Region", "Digest", "Amazon Inspector:"):
        assert label not in text


def test_all_tags_are_shown_and_many_are_counted() -> None:
    assert "Tags      1.4.2, latest\n" in mail(EVENT)
    text = mail(with_detail(image_tags=[1, *(f"t{number}" for number in range(25)), None]))
    assert ", t19\n          and 5 more\n" in text
    assert "t20" not in text


def test_the_image_comes_before_the_failed_execution() -> None:
    link = (
        "https://ap-northeast-1.console.aws.amazon.com/inspector/v2/home?region=ap-northeast-1"
        "#/findings/container-image/arn%3Aaws%3Aecr%3Aap-northeast-1%3A111122223333%3Arepository"
        f"%2Fsample-app%2F{DETAIL['image-digest'].replace(':', '%3A')}\n"
    )
    text = mail(EVENT)
    assert 0 < text.index(link) < text.index(EXECUTION)
    by_hand = {"repository": "sample-app", "imageDigest": DETAIL["image-digest"]}
    assert link.replace("ap-northeast-1", "eu-central-1") in mail(by_hand)


@pytest.mark.parametrize(
    "changed",
    [
        {"image_digest": "latest"},
        {"image_digest": None},
        {"repository_name": "arn:aws-iso:ecr:us-iso-east-1:111122223333:repository/x"},
        {"repository_name": "arn:aws:ecr:evil.example/:111122223333:repository/x"},
        {"repository_name": "arn:aws:ecr:eu-central-1:111122223333:repository/x y"},
    ],
)
def test_without_a_digest_or_a_known_console_there_is_no_link(changed: dict[str, Any]) -> None:
    assert "/inspector/v2/" not in mail(with_detail(**changed))


@pytest.mark.parametrize(("partition", "host"), [*CONSOLE_HOSTS.items(), ("aws-iso", "")])
def test_the_executions_link_is_of_its_partition(partition: str, host: str) -> None:
    text = render_definition("fallback", "en", DEPLOYED["fallback"])
    execution = EXECUTION.replace("arn:aws:", f"arn:{partition}:")
    state_input = {"request": EVENT, "failure": {}, "execution": execution}
    body = json.loads(run_fallback(json.loads(text), state_input)["Message"])["default"]
    if host:
        assert f"https://ap-northeast-1.{host}/states/home?region=ap-northeast-1#" in body
    else:
        assert "The failed execution" not in body
        assert body.endswith(f"{DETAIL['image-digest']}\n")


@pytest.mark.parametrize(
    ("name", "language", "zone"),
    [
        ("team/app", "ja", "CET"),
        ("team/app/x", "en", "EST"),
        ("team/x", "ja", "CET"),
        ("team", "en", "UTC"),
        ("x", "en", "JST"),
    ],
)
def test_the_most_specific_route_that_sets_it_decides(name: str, language: str, zone: str) -> None:
    routes = (
        Route(name="*", language="en"),
        Route(name="team/*", language="ja", time_zone="Europe/Berlin"),
        Route(name="team/app/*", language="en", time_zone="America/New_York"),
        Route(name="team/app", language="ja"),
        Route(name="x", time_zone="Asia/Tokyo"),
    )
    text = render_definition("fallback", "ja", DEPLOYED["fallback"], routes)
    request = with_detail(repository_name=f"arn:aws:ecr:eu-central-1:1:repository/{name}")
    published = run_fallback(json.loads(text), {"request": request, "failure": {}, "execution": ""})
    assert ("スキャン" in published["Subject"]) == (language == "ja")
    assert f" {zone}\n" in json.loads(published["Message"])["default"]


def test_hostile_text_stays_text_in_the_request_and_in_the_event() -> None:
    for request in (
        {"repository": HOSTILE, "imageTag": HOSTILE},
        with_detail(repository_name=f"x:repository/{HOSTILE}", image_tags=[HOSTILE] * 3),
    ):
        published = publish(request, failure={"Error": "E", "Cause": HOSTILE})
        chat = json.loads(published["Message"]["https"])["content"]
        assert "‹!channel›" in chat["description"]
        assert "＆lt;b＆gt;" in chat["description"]
        assert "www․evil․eu" in published["Message"]["email"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_our_own_lines_fit_a_mail(language: str) -> None:
    texts = TEXTS[language]
    reasons = [line for reason in texts["reasons"].values() for line in reason.values()]
    for block in (*reasons, *texts["opening"].values(), *texts["announced"].values()):
        for line in block.split("\n"):
            width = sum(1 + (unicodedata.east_asian_width(c) in "FW") for c in line)
            assert width <= 72, line


def test_the_runbook_has_an_entry_for_every_error() -> None:
    runbook = (WORKFLOW.parent / "docs" / "runbook.md").read_text("utf-8")
    rows = [line for line in runbook.splitlines() if line.startswith("| … ")]
    for entry in REASONS:
        assert any(f"`{entry['begins']}`" in row for row in rows) or not entry["begins"], entry

"""`scan-brief preview`: the brief on standard output."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.brief.document_schema import validate
from tests.unit.builders import make_event, make_finding
from tests.unit.cli.command import EVENT, FINDINGS, run


def test_a_brief_is_shown_as_a_mail(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, *EVENT, *FINDINGS).splitlines()
    assert lines[0] == "Subject: CRITICAL 13 · sample-app:1.4.2 (+1 tag) · 60 findings"
    assert lines[1] == ""
    assert lines[2].startswith("Of 60 findings, 11 have exploit code and ")
    assert lines[-1].startswith("sha256:")


def test_the_language_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *EVENT, *FINDINGS, "--language", "ja").startswith("Subject: 【重大 13件】")


def test_json_is_one_object_of_every_protocol(capsys: pytest.CaptureFixture[str]) -> None:
    brief = json.loads(run(capsys, *EVENT, *FINDINGS, "--json"))
    assert list(brief) == ["subject", "default", "email", "https", "sqs", "attributes"]
    assert brief["default"] == brief["email"]
    assert validate(brief["sqs"])["total"] == 60
    assert json.loads(brief["https"])["content"]["title"] == brief["subject"]
    assert brief["attributes"]["severity"] == "CRITICAL"


def test_without_findings_it_is_the_fallback_brief(capsys: pytest.CaptureFixture[str]) -> None:
    brief = json.loads(run(capsys, *EVENT, "--json"))
    assert list(brief) == ["subject", "default", "email", "https", "sqs", "attributes"]
    assert brief["default"] == brief["email"]
    assert brief["attributes"]["kind"] == "DETAILS_UNAVAILABLE"
    assert "CRITICAL 13" in brief["subject"] or "Critical 13" in brief["email"]


def test_a_fallbacks_subject_is_cut_to_what_sns_accepts(
    capsys: pytest.CaptureFixture[str], write: Any
) -> None:
    arn = f"arn:aws:ecr:eu-central-1:111122223333:repository/{'a' * 256}"
    event = write(make_event({"repository-name": arn}), "event.json")
    subject = run(capsys, "preview", "--event", event, "--language", "ja").splitlines()[0]
    assert len(subject.removeprefix("Subject: ")) == 99


def test_findings_may_come_in_several_files(capsys: pytest.CaptureFixture[str], write: Any) -> None:
    event = write(make_event({"finding-severity-counts": None}), "event.json")
    files = [write({"findings": [make_finding(number)]}, f"{number}.json") for number in (1, 2)]
    shown = run(capsys, "preview", "--event", event, "--findings", files[0], "--findings", files[1])
    assert shown.startswith("Subject: HIGH 2 · sample-app:latest · 2 findings\n")


def test_details_are_accepted(capsys: pytest.CaptureFixture[str], write: Any) -> None:
    details = write({"findingDetails": [{"findingArn": "arn:aws:inspector2:::finding/1"}]})
    assert run(capsys, *EVENT, *FINDINGS, "--details", details) == run(capsys, *EVENT, *FINDINGS)


def test_an_event_without_tags_and_counts_reads_well(
    capsys: pytest.CaptureFixture[str], write: Any
) -> None:
    event = write(make_event({"finding-severity-counts": None, "image-tags": None}), "event.json")
    shown = run(
        capsys, "preview", "--event", event, "--findings", write({"findings": [make_finding()]})
    )
    assert shown.startswith("Subject: HIGH 1 · sample-app@sha256:0123456789ab · 1 finding\n")
    assert "None" not in shown


def test_a_byte_order_mark_is_no_part_of_the_json(
    capsys: pytest.CaptureFixture[str], write: Any
) -> None:
    event = write(b"\xef\xbb\xbf" + json.dumps(make_event()).encode(), "event.json")
    assert run(capsys, "preview", "--event", event).startswith("Subject: ")

"""`scan-brief preview`: a brief on stdout, or one line on stderr that says which file and where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local.emulator.deployment import read_context
from scan_brief_cdk.settings import Settings
from scan_brief_cli.demo import choose_settings
from scan_brief_cli.main import main
from scan_brief_cli.scan_files import SAMPLE
from tests.unit.builders import make_event, make_finding

EVENT = ["preview", "--event", str(SAMPLE / "event.json")]
FINDINGS = ["--findings", str(SAMPLE / "findings.json")]


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Writes a file, JSON unless text or bytes are given; its path."""

    def write_file(content: object, name: str = "file.json") -> str:
        file = tmp_path / name
        whole = content if isinstance(content, str | bytes) else json.dumps(content)
        file.write_bytes(whole if isinstance(whole, bytes) else whole.encode())
        return str(file)

    return write_file


def shorten(content: object) -> str:
    return f"{content!r:.30}"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("scan-brief: ")
    assert captured.err.count("\n") == 1
    return captured.err.strip()


def test_a_brief_is_shown_as_a_mail(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, *EVENT, *FINDINGS).splitlines()
    assert lines[0] == "Subject: CRITICAL 13 · sample-app:1.4.2 · 60 findings"
    assert lines[1] == ""
    assert lines[2] == "sample-app:1.4.2 was scanned: 60 findings, 13 of them critical."
    assert lines[-1].startswith("https://")


def test_a_language_may_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, *EVENT, *FINDINGS, "--language", "ja").startswith(
        "Subject: 重大 13件 · "
    )


def test_json_is_one_object_of_every_protocol(capsys: pytest.CaptureFixture[str]) -> None:
    brief = json.loads(printed(capsys, *EVENT, *FINDINGS, "--json"))
    assert list(brief) == ["subject", "default", "email", "https", "sqs", "attributes"]
    assert brief["default"] == brief["email"]
    assert json.loads(brief["sqs"])["total"] == 60
    assert json.loads(brief["https"])["content"]["title"] == brief["subject"]
    assert brief["attributes"]["severity"] == "CRITICAL"


def test_without_findings_it_is_the_fallback_brief(capsys: pytest.CaptureFixture[str]) -> None:
    brief = json.loads(printed(capsys, *EVENT, "--json"))
    assert list(brief) == ["subject", "default", "email", "https", "sqs", "attributes"]
    assert brief["attributes"]["kind"] == "DETAILS_UNAVAILABLE"
    assert "CRITICAL 13" in brief["subject"] or "Critical 13" in brief["email"]


@pytest.mark.parametrize(("length", "named"), [(55, True), (56, False), (107, False), (256, False)])
def test_a_fallback_has_the_subject_that_sns_takes(
    capsys: pytest.CaptureFixture[str], write: Any, length: int, named: bool
) -> None:
    name = "a" * length
    arn = f"arn:aws:ecr:eu-central-1:111122223333:repository/{name}"
    event = write(make_event({"repository-name": arn}), "event.json")
    assert main(["preview", "--event", event, "--json"]) == 0
    captured = capsys.readouterr()
    whole = f"CRITICAL 1 · HIGH 2 · {name} · details unavailable"
    brief = json.loads(captured.out)
    assert brief["subject"] == (whole if named else "Scan Brief · details unavailable")
    assert named == (len(whole) <= 99)
    assert name in brief["email"].splitlines()[0]
    assert brief["attributes"]["repository"] == name
    note = (
        "note: SNS takes a subject of at most 99 characters, so the workflow does not send this"
        f" one of {len(whole)} "
    )
    assert captured.err == ("" if named else f"{note}but one without the name: {whole}\n")


def test_a_fallbacks_subject_without_a_name_is_in_the_language_too(
    capsys: pytest.CaptureFixture[str], write: Any
) -> None:
    arn = f"arn:aws:ecr:eu-central-1:111122223333:repository/{'a' * 107}"
    event = write(make_event({"repository-name": arn}), "event.json")
    assert main(["preview", "--event", event, "--language", "ja"]) == 0
    assert capsys.readouterr().out.startswith("Subject: Scan Brief · 詳細を取得できません\n")


def test_findings_may_come_in_several_files(capsys: pytest.CaptureFixture[str], write: Any) -> None:
    event = write(make_event({"finding-severity-counts": None}), "event.json")
    files = [write({"findings": [make_finding(number)]}, f"{number}.json") for number in (1, 2)]
    shown = printed(
        capsys, "preview", "--event", event, "--findings", files[0], "--findings", files[1]
    )
    assert shown.startswith("Subject: HIGH 2 · sample-app:latest · 2 findings\n")


def test_details_are_accepted(capsys: pytest.CaptureFixture[str], write: Any) -> None:
    details = write({"findingDetails": [{"findingArn": "arn:aws:inspector2:::finding/1"}]})
    assert printed(capsys, *EVENT, *FINDINGS, "--details", details) == printed(
        capsys, *EVENT, *FINDINGS
    )


def test_an_event_without_tags_and_counts_reads_well(
    capsys: pytest.CaptureFixture[str], write: Any
) -> None:
    event = write(make_event({"finding-severity-counts": None, "image-tags": None}), "event.json")
    shown = printed(
        capsys, "preview", "--event", event, "--findings", write({"findings": [make_finding()]})
    )
    assert shown.startswith("Subject: HIGH 1 · sample-app@sha256:0123456789ab · 1 finding\n")
    assert "None" not in shown


def test_a_byte_order_mark_is_no_part_of_the_json(
    capsys: pytest.CaptureFixture[str], write: Any
) -> None:
    event = write(b"\xef\xbb\xbf" + json.dumps(make_event()).encode(), "event.json")
    assert printed(capsys, "preview", "--event", event).startswith("Subject: ")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"a": 1,\n  oops}', "not JSON, at line 2 column 3"),
        ("", "not JSON, at line 1 column 1"),
        (b'{"a": "\xff"}', "not UTF-8 text, at byte 7"),
        ("[" * 200_000, "nested too deeply"),
        ("9" * 5_000, "JSON that cannot be read: Exceeds the limit (4300 digits)"),
        ([], "not a scan event"),
        ({"repository": "sample-app", "imageTag": "latest"}, "not a scan event"),
        (
            make_event({"repository-name": "sample-app"}),
            'detail.repository-name: given "sample-app"; accepted: ',
        ),
        (make_event(source="aws.ecr"), 'source: given "aws.ecr"; accepted: aws.inspector2'),
    ],
)
def test_a_bad_event_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], write: Any, content: object, told: str
) -> None:
    file = write(content)
    message = complaint(capsys, "preview", "--event", file)
    assert message.startswith(f"scan-brief: {file}: ")
    assert told in message


@pytest.mark.parametrize(
    ("option", "key"), [("--findings", "findings"), ("--details", "findingDetails")]
)
def test_a_bad_list_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], write: Any, option: str, key: str
) -> None:
    good = {"findingArn": "arn:aws:inspector2:::finding/1"}
    for content, told in (
        ([], f'no list "{key}"'),
        ({"other": []}, f'no list "{key}"'),
        ({key: {}}, f'no list "{key}"'),
        ({key: [good, "x"]}, f"{key}[1]: no object with a findingArn"),
        ({key: [{"findingArn": 7}]}, f"{key}[0]: no object with a findingArn"),
        ("{", "not JSON, at line 1 column 2"),
    ):
        file = write(content)
        message = complaint(capsys, *EVENT, option, file)
        assert message.startswith(f"scan-brief: {file}: {told}")


@pytest.mark.parametrize("option", ["--event", "--findings", "--details"])
def test_a_file_that_is_not_there_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, option: str
) -> None:
    missing = str(tmp_path / "missing.json")
    assert (
        complaint(capsys, *EVENT, option, missing)
        == f"scan-brief: {missing}: No such file or directory"
    )
    assert (
        complaint(capsys, *EVENT, option, str(tmp_path))
        == f"scan-brief: {tmp_path}: Is a directory"
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"context": {\n  "language": "ja",,\n}}', "not JSON, at line 2 column 20: "),
        ('{"context": {\n  "language": "ja",\n}}', "not JSON, at line "),
        (b'{"context": "\xff"}', "not UTF-8 text, at byte 13"),
        ("[" * 200_000, "JSON nested too deeply"),
        ("9" * 5_000, "JSON that cannot be read: Exceeds the limit (4300 digits)"),
        ([], 'no settings; accepted: a JSON object {"context": {…}}'),
        ({"context": []}, 'no settings; accepted: a JSON object {"context": {…}}'),
    ],
    ids=shorten,
)
def test_a_cdk_json_that_is_none_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str],
    write: Any,
    monkeypatch: pytest.MonkeyPatch,
    content: object,
    told: str,
) -> None:
    file = write(content, "cdk.json")
    monkeypatch.setattr("local.emulator.deployment.PROJECT_ROOT", Path(file).parent)
    for command in ("preview", "demo"):
        assert complaint(capsys, command).startswith(f"scan-brief: {file}: {told}")


@pytest.mark.parametrize("command", ["preview", "demo"])
def test_a_cdk_json_that_is_not_there_is_told(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.setattr("local.emulator.deployment.PROJECT_ROOT", tmp_path)
    assert (
        complaint(capsys, command)
        == f"scan-brief: {tmp_path / 'cdk.json'}: No such file or directory"
    )


def test_a_cdk_json_may_begin_with_a_byte_order_mark_and_say_nothing(
    write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content, context in (
        (b'\xef\xbb\xbf{"context": {"language": "ja"}}', {"language": "ja"}),
        ({}, {}),
    ):
        monkeypatch.setattr(
            "local.emulator.deployment.PROJECT_ROOT", Path(write(content, "cdk.json")).parent
        )
        assert read_context() == context


@pytest.mark.parametrize("arguments", [[], ["brief"], [*EVENT, "--language", "de"]])
def test_bad_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert "usage: scan-brief" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("context", "repository", "chosen"),
    [
        ({"repositoryName": "sample-app"}, "sample-app", {}),
        ({"repositoryName": "sample-app"}, "other", {"repositoryName": "other"}),
        ({"repositoryName": "", "repositories": ["sample-app", "other"]}, "other", {}),
        ({"repositoryName": "", "existingRepositories": "team/*"}, "team/app", {}),
        (
            {"repositoryName": "", "existingRepositories": "team/*"},
            "app",
            {"repositoryName": "app"},
        ),
    ],
)
def test_a_demo_deploys_as_the_settings_say_if_they_watch_the_repository(
    context: dict[str, object],
    repository: str,
    chosen: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scan_brief_cli.demo.read_context", lambda: read_context() | context)
    alone: dict[str, object] = {"repositories": [], "existingRepositories": []}
    language = {"language": "ja"}
    assert choose_settings(repository, language) == {
        **language,
        **chosen,
        **(alone if chosen else {}),
    }


def test_a_demo_needs_no_network_in_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "scan_brief_cli.demo.read_context", lambda: {"existingRepositories": "team/*"}
    )
    settings = Settings.from_context(choose_settings("sample-app", {}))
    assert [one.name for one in settings.routes] == ["sample-app"]

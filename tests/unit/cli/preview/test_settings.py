"""The settings of a preview: a cdk.json of Scan Brief in the current folder, or the defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scan_brief_cli.preview.settings import read_settings
from tests.unit.cli.command import EVENT, FINDINGS, fail, run

APP = {"app": "python -m scan_brief_cdk.app"}
JAPANESE = {"existingRepositories": ["*"], "language": "ja"}


@pytest.fixture(autouse=True)
def _current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("document", "language"),
    [
        ({**APP, "context": JAPANESE}, "ja"),
        ({"app": "python3 app.py", "context": JAPANESE}, "en"),
        ({"app": "python -m scan_brief_cdk.application", "context": JAPANESE}, "en"),
        ({"context": JAPANESE}, "en"),
        ({"app": ["python"], "context": JAPANESE}, "en"),
        (None, "en"),
    ],
)
def test_only_a_cdk_json_of_scan_brief_is_used(
    write: Any, document: dict[str, object] | None, language: str
) -> None:
    if document:
        write(document, "cdk.json")
    assert read_settings({}).language == language


def test_defaults_are_those_of_the_settings() -> None:
    settings = read_settings({})
    assert (settings.language, settings.top_findings, settings.time_zone) == ("en", 10, "UTC")


@pytest.mark.parametrize("named", [{}, {"repositoryName": ""}, {"repositories": []}])
def test_settings_that_name_no_repository_yet_are_used(
    write: Any, named: dict[str, object]
) -> None:
    write({**APP, "context": {"language": "ja", **named}}, "cdk.json")
    settings = read_settings({})
    assert (settings.language, [route.name for route in settings.routes]) == ("ja", ["*"])


def test_a_byte_order_mark_is_skipped(write: Any) -> None:
    file = b'\xef\xbb\xbf{"app": "python -m scan_brief_cdk.app", "context": '
    write(file + b'{"existingRepositories": "*", "topFindings": 3}}', "cdk.json")
    assert read_settings({}).top_findings == 3


def test_an_override_replaces_the_language_of_every_repository(
    write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    route = {"repositoryName": "sample-app", "language": "en"}
    write({**APP, "context": {"existingRepositories": [route]}}, "cdk.json")
    assert run(capsys, *EVENT, *FINDINGS, "--language", "ja").startswith("Subject: 【重大 13件】")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"context": {\n  "language": "ja",,\n}}', "not JSON, at line 2 column 20: "),
        ('{"context": {\n  "language": "ja",\n}}', "not JSON, at line "),
        (b'{"context": "\xff"}', "not UTF-8 text, at byte 13"),
        ("[" * 200_000, "JSON nested too deeply"),
        ("9" * 5_000, "JSON that cannot be read: Exceeds the limit (4300 digits)"),
        ([], 'no settings; accepted: a JSON object {"context": {…}}'),
        ({"context": []}, 'no settings; accepted: a JSON object {"context": {…}}'),
    ],
    ids=lambda value: f"{value!r:.30}",
)
def test_an_invalid_cdk_json_is_reported_in_one_line(
    capsys: pytest.CaptureFixture[str],
    write: Any,
    monkeypatch: pytest.MonkeyPatch,
    content: object,
    expected: str,
) -> None:
    file = write(content, "cdk.json")
    monkeypatch.setattr("local.emulator.deployment.PROJECT_ROOT", Path(file).parent)
    for command in ("preview", "demo"):
        assert fail(capsys, command).startswith(f"scan-brief: {file}: {expected}")


def test_a_cdk_json_that_cannot_be_read_is_reported(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "cdk.json"
    file.mkdir()
    assert fail(capsys, "preview") == f"scan-brief: {file}: Is a directory"


def test_a_bad_setting_is_reported(capsys: pytest.CaptureFixture[str], write: Any) -> None:
    write({**APP, "context": {**JAPANESE, "topFindings": 0}}, "cdk.json")
    assert "topFindings: given 0; accepted: " in fail(capsys, "preview")

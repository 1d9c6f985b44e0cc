"""The settings with which `scan-brief demo` deploys, and the checkout that it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.emulator.deployment import read_context
from scan_brief_cdk.settings import Settings
from scan_brief_cli.demo import choose_settings
from tests.unit.cli.command import fail


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


def test_a_checkout_without_cdk_json_is_reported(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.emulator.deployment.PROJECT_ROOT", tmp_path)
    expected = f"scan-brief: {tmp_path / 'cdk.json'}: No such file or directory"
    assert fail(capsys, "demo") == expected


def test_an_installed_command_says_that_a_demo_needs_the_checkout(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scan_brief_cli.checkout.CHECKOUT", None)
    assert fail(capsys, "demo") == (
        "scan-brief: demo: needs the project's checkout; run make demo there"
    )

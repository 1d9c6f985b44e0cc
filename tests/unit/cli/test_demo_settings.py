"""The settings with which `scan-brief demo` deploys, and the checkout that it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from local import sample_settings
from local.emulator import deployment
from scan_brief_cdk.cdk_json import read_context
from scan_brief_cdk.settings import Settings
from scan_brief_cli.demo_settings import choose_settings, find_addressees
from tests.unit.cli.command import fail

ALONE: dict[str, object] = {"repositories": [], "existingRepositories": []}


@pytest.mark.parametrize(
    ("context", "repository", "chosen"),
    [
        ({"repositoryName": "sample-app"}, "sample-app", {}),
        ({"repositoryName": "sample-app"}, "other", {"repositoryName": "other", **ALONE}),
        ({"repositoryName": "", "repositories": ["sample-app", "other"]}, "other", {}),
        ({"repositoryName": "", "existingRepositories": "team/*"}, "team/app", {}),
        (
            {"repositoryName": "", "existingRepositories": "team/*"},
            "app",
            {"repositoryName": "app", **ALONE},
        ),
    ],
)
def test_the_settings_are_used_if_they_watch_the_repository(
    context: dict[str, object], repository: str, chosen: dict[str, object]
) -> None:
    language = {"language": "ja"}
    settings = choose_settings(deployment.read_context() | context, repository, language)
    assert settings == {**language, **chosen}


@pytest.mark.parametrize(
    "context",
    [
        {"existingRepositories": "team/*"},
        {"repositoryName": "sample-app"},
        {"repositories": ["sample-app"], "repositoryName": ""},
    ],
)
def test_networks_are_added_if_the_settings_have_none(context: dict[str, object]) -> None:
    settings = Settings.from_context({**context, **choose_settings(context, "sample-app", {})})
    assert [route.name for route in settings.routes] == ["sample-app"]
    assert settings.repository or settings.repositories


SAMPLE = read_context(sample_settings.FILE)


@pytest.mark.parametrize(
    ("context", "completed"),
    [
        ({}, SAMPLE),
        ({"topFindings": 3, "emails": []}, SAMPLE | {"topFindings": 3, "emails": []}),
        ({"repositoryName": "", "repositories": [], "existingRepositories": ""}, SAMPLE),
        ({"repositoryName": "app"}, {"repositoryName": "app"}),
        ({"existingRepositories": ["*"]}, {"existingRepositories": ["*"]}),
        ({"repositories": "app"}, {"repositories": "app"}),
    ],
)
def test_the_sample_completes_settings_that_name_no_repository(
    context: dict[str, object], completed: dict[str, object]
) -> None:
    assert sample_settings.complete(context) == completed


def test_the_options_of_make_synth_are_the_samples_settings() -> None:
    options = sample_settings.list_options({"emails": []})
    given = dict(option.split("=", 1) for option in options[1::2])
    assert set(options[::2]) == {"-c"}
    assert Settings.from_context(given | {"emails": []}) == Settings.from_context(
        SAMPLE | {"emails": []}
    )
    assert sample_settings.list_options({"repositoryName": ""})[1] == "repositoryName=sample-app"
    assert sample_settings.list_options({"repositoryName": "app"}) == []


FIRST, SECOND = "first@example.com", "second@example.com"


@pytest.mark.parametrize(
    ("settings", "addressees"),
    [
        (
            {
                "repositoryName": "",
                "existingRepositories": [
                    {"repositoryName": "sample-app", "emails": [FIRST]},
                    {"repositoryName": "sample*", "emails": [SECOND]},
                    {"repositoryName": "other", "emails": ["stranger@example.com"]},
                ],
            },
            [FIRST, SECOND],
        ),
        ({"emails": [SECOND, FIRST]}, [SECOND, FIRST]),
        ({"emails": []}, []),
    ],
)
def test_the_addresses_are_those_of_the_repository(
    settings: dict[str, object], addressees: list[str]
) -> None:
    assert find_addressees(deployment.read_context() | settings, "sample-app") == addressees


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

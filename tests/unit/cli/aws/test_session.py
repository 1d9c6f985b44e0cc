"""The caller's session: both commands report a missing or invalid setting in the same line."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import BotoCoreError

from scan_brief_cli.aws.session import open_client, open_session
from scan_brief_cli.main import main

COMMANDS = {
    "doctor": ["doctor"],
    "rerun": ["rerun", "--repository", "sample-app", "--tag", "latest"],
}


@pytest.fixture(params=COMMANDS)
def command(request: pytest.FixtureRequest) -> list[str]:
    return COMMANDS[request.param]


def complaint(capsys: pytest.CaptureFixture[str], command: list[str]) -> str:
    assert main(command) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert "hunter2" not in captured.err
    return captured.err.removeprefix("scan-brief: ").strip()


@pytest.mark.usefixtures("without_credentials")
def test_no_credentials(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert complaint(capsys, command).startswith(
        "credentials: none found; accepted: a profile's (sign in "
    )


@pytest.mark.usefixtures("with_credentials")
def test_no_region(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    text = "region: none given; accepted: AWS_REGION, AWS_DEFAULT_REGION or a profile's region"
    assert complaint(capsys, command) == text


@pytest.mark.usefixtures("with_credentials")
@pytest.mark.parametrize(
    ("given", "text"),
    [
        (
            {"AWS_PROFILE": "nobody"},
            'profile: given "nobody"; accepted: one of `aws configure list-profiles`',
        ),
        (
            {"AWS_REGION": "eu-central"},
            'region: given "eu-central"; accepted: a region such as eu-central-1',
        ),
        (
            {"AWS_REGION": "no\nregion"},
            'region: given "no region"; accepted: a region such as eu-central-1',
        ),
    ],
)
def test_an_invalid_setting_is_named(
    given: dict[str, str],
    text: str,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert complaint(capsys, command) == text


@pytest.mark.usefixtures("with_credentials")
def test_an_incomplete_key_is_reported(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    text = complaint(capsys, command)
    assert text.startswith("credentials: Partial credentials")
    assert "AWS_SECRET_ACCESS_KEY" in text


@pytest.mark.usefixtures("without_credentials")
@pytest.mark.parametrize(
    "given",
    [
        (
            "[default]\nregion = eu-central-1\ncredential_process = false\n",
            "credentials: Error when retrieving credentials from custom-process",
        ),
        ("region = eu-central-1\n", "AWS configuration: Unable to parse config file"),
    ],
    ids=["a credential process that fails", "a setting in no profile"],
)
def test_a_configuration_that_does_not_work_is_reported(
    given: tuple[str, str],
    command: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config, text = given
    path = tmp_path / "config"
    path.write_text(config)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    assert complaint(capsys, command).startswith(text)


@pytest.mark.usefixtures("with_credentials")
def test_an_invalid_endpoint_is_named(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nowhere")
    assert ": not asked: Invalid endpoint: nowhere" in complaint(capsys, command)


@pytest.mark.usefixtures("with_credentials")
def test_the_region_is_that_of_aws_region_first(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_session().region_name == "eu-central-1"
    monkeypatch.setenv("AWS_REGION", "us-gov-west-1")
    assert open_session().region_name == "us-gov-west-1"
    monkeypatch.setenv("AWS_REGION", "")
    assert open_session().region_name == "eu-central-1"
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_REGION", "cn-north-1")
    assert open_session().region_name == "cn-north-1"


@pytest.mark.usefixtures("with_credentials")
def test_a_call_has_three_attempts_and_short_timeouts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = open_client(open_session(), "stepfunctions")
    assert client.meta.config.retries["total_max_attempts"] == 3
    assert client.meta.config.connect_timeout + client.meta.config.read_timeout < 20
    client.close()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nowhere")
    with pytest.raises(BotoCoreError, match="nowhere"):
        open_client(open_session(), "stepfunctions")

"""`scan-brief rerun` before AWS is asked for anything: what is given, and whom the caller is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local.cli import main
from local.rerun import check_request, name_execution

DIGEST = "sha256:" + "0" * 64
MACHINE = "arn:aws-cn:states:cn-north-1:111122223333:stateMachine:Workflow"
IMAGE = ["--repository", "sample-app", "--tag", "latest"]
NOBODY = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of somebody who is not signed in."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in NOBODY.items():
        monkeypatch.setenv(name, value)


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["rerun", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("scan-brief: ")
    assert captured.err.count("\n") == 1
    return captured.err.removeprefix("scan-brief: ").strip()


def test_the_request_is_the_one_by_hand() -> None:
    assert check_request("team/app", "1.4.2", None) == {"repository": "team/app", "imageTag": "1.4.2"}
    assert check_request("team/app", None, DIGEST) == {"repository": "team/app", "imageDigest": DIGEST}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--repository: given nothing; accepted: the name of an ECR repository"),
        (["--repository", "Sample"], '--repository: given "Sample"; accepted: the name of'),
        (["--repository", "a", "--tag", "x"], '--repository: given "a"; accepted: the name of'),
        (["--repository", "sample-app"], "--tag, --digest: given "),
        ([*IMAGE, "--digest", DIGEST], "--tag, --digest: given "),
        (["--repository", "sample-app", "--tag", "a b"], '--tag: given "a b"; accepted: an image tag of'),
        (["--repository", "sample-app", "--tag", ""], '--tag: given ""; accepted: an image tag of'),
        (["--repository", "sample-app", "--digest", "latest"], '--digest: given "latest"; accepted: sha256: and'),
        ([*IMAGE, "--stack-name", "my stack"], '--stack-name: given "my stack"; accepted: a letter, then'),
        ([*IMAGE, "--stack-name", ""], '--stack-name: given ""; accepted: a letter, then'),
    ],
)
def test_bad_input_is_a_line_that_names_the_option(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = complaint(capsys, *arguments)
    assert line.startswith(said)
    assert "; accepted: " in line


def test_no_credentials(capsys: pytest.CaptureFixture[str]) -> None:
    assert complaint(capsys, *IMAGE).startswith("no AWS credentials: sign in (")


def test_no_region(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert complaint(capsys, *IMAGE).startswith("no AWS region: set AWS_REGION")


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("AWS_PROFILE", "nobody", "nobody"),
        ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY"),
        ("AWS_REGION", "not a region", "not a region"),
        ("AWS_ENDPOINT_URL", "nowhere", "nowhere"),
    ],
)
def test_what_is_wrong_on_this_machine_is_named(
    variable: str, value: str, named: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert named in complaint(capsys, *IMAGE)


def test_a_secret_is_never_printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2hunter2")
    assert "hunter2" not in complaint(capsys, *IMAGE)


def test_a_sign_in_that_ended_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text("[default]\ncredential_process = false\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    assert "credential" in complaint(capsys, *IMAGE)


def test_an_execution_has_a_name_of_its_own_that_says_what_it_is() -> None:
    first, second = name_execution(MACHINE), name_execution(MACHINE)
    assert first != second
    assert first.startswith("arn:aws-cn:states:cn-north-1:111122223333:execution:Workflow:rerun-2")
    assert len(first.rpartition(":")[2]) <= 80

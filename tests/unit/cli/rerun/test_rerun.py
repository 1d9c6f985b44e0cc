"""`scan-brief rerun` before it calls AWS."""

from __future__ import annotations

import pytest

from scan_brief_cli.main import main
from scan_brief_cli.rerun.command import check_request, new_execution_arn

DIGEST = "sha256:" + "0" * 64
MACHINE = "arn:aws-cn:states:cn-north-1:111122223333:stateMachine:Workflow"
IMAGE = ["--repository", "sample-app", "--tag", "latest"]


@pytest.fixture(autouse=True)
def _nobody(without_credentials: None) -> None:
    """The options are checked before anything else."""


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["rerun", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("scan-brief: ")
    assert captured.err.count("\n") == 1
    return captured.err.removeprefix("scan-brief: ").strip()


def test_the_request_is_a_request_by_hand() -> None:
    assert check_request("team/app", "1.4.2", None) == {
        "repository": "team/app",
        "imageTag": "1.4.2",
    }
    assert check_request("team/app", None, DIGEST) == {
        "repository": "team/app",
        "imageDigest": DIGEST,
    }


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "--repository: given nothing; accepted: the name of an ECR repository"),
        (["--repository", "Sample"], '--repository: given "Sample"; accepted: the name of'),
        (["--repository", "a", "--tag", "x"], '--repository: given "a"; accepted: the name of'),
        (["--repository", "sample-app"], "--tag, --digest: given "),
        ([*IMAGE, "--digest", DIGEST], "--tag, --digest: given "),
        (
            ["--repository", "sample-app", "--tag", "a b"],
            '--tag: given "a b"; accepted: an image tag of',
        ),
        (["--repository", "sample-app", "--tag", ""], '--tag: given ""; accepted: an image tag of'),
        (
            ["--repository", "sample-app", "--digest", "latest"],
            '--digest: given "latest"; accepted: sha256: and',
        ),
        (
            [*IMAGE, "--stack-name", "my stack"],
            '--stack-name: given "my stack"; accepted: a letter, then',
        ),
        ([*IMAGE, "--stack-name", ""], '--stack-name: given ""; accepted: a letter, then'),
    ],
)
def test_bad_input_is_one_line_with_the_options_name(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = complaint(capsys, *arguments)
    assert line.startswith(expected)
    assert "; accepted: " in line


def test_an_execution_has_a_unique_name_that_describes_it() -> None:
    first, second = new_execution_arn(MACHINE), new_execution_arn(MACHINE)
    assert first != second
    assert first.startswith("arn:aws-cn:states:cn-north-1:111122223333:execution:Workflow:rerun-2")
    assert len(first.rpartition(":")[2]) <= 80

"""--live: it says where it runs, and does not begin without credentials or in CI."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from local.emulator.process import Emulator
from local.loopback import strip_environment
from tests.live import Account, Refused, open_account
from tests.project import PROJECT_ROOT

NO_CREDENTIALS = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


def run_live(environment: dict[str, str], cases: str) -> subprocess.CompletedProcess[str]:
    others = {"CI", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER"}
    clean = {name: value for name, value in strip_environment().items() if name not in others}
    command = [sys.executable, "-m", "pytest", "--live", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, "tests/workflow/test_states.py", "-k", cases],
        cwd=PROJECT_ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_does_not_begin_without_credentials() -> None:
    done = run_live(NO_CREDENTIALS, "fallback")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert done.stderr.startswith("ERROR: --live: credentials: none found; accepted: ")
    assert "passed" not in done.stdout


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"CI": "true"}, "CI is set: tests in an AWS account never run in CI"),
        ({"AWS_PROFILE": "nobody"}, 'profile: given "nobody"; accepted: '),
        ({"AWS_ACCESS_KEY_ID": "1", "AWS_SECRET_ACCESS_KEY": "2"}, "region: none given; accepted"),
    ],
)
def test_it_says_what_is_missing(
    environment: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_") or name == "CI"]:
        monkeypatch.delenv(name)
    for name, value in {**NO_CREDENTIALS, **environment}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Refused, match=f"^{re.escape(message)}"):
        open_account()


@pytest.mark.parametrize(
    ("code", "message", "end"),
    [
        (
            "AccessDeniedException",
            "not authorized to perform: states:TestState",
            "states:TestState",
        ),
        ("ValidationException", "Missing execution role", "in TEST_STATE_ROLE"),
        ("InvalidDefinition", "no such state", None),
    ],
)
def test_what_every_call_would_meet_ends_the_tests(
    code: str, message: str, end: str | None
) -> None:
    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": code, "Message": message}}, "TestState")

    account = Account("1", "eu-central-1", "aws", "arn", "", SimpleNamespace(test_state=refuse))
    with pytest.raises(pytest.exit.Exception if end else ClientError) as ended:
        account.test_state(definition="{}")
    assert message in str(ended.value)
    assert str(ended.value).endswith(end or message)


def test_it_runs_the_cases_in_the_account_that_it_names(case_emulator: Emulator) -> None:
    unprefixed = {"AWS_DISABLE_HOST_PREFIX_INJECTION": "true"}  # sync-127.0.0.1 does not exist
    own = {name: value for name, value in case_emulator.environment.items() if name != "CI"}
    done = run_live({**own, **unprefixed}, "does_as_its and door/Started")
    assert done.returncode == 0, done.stdout
    assert "live: account 111122223333, region eu-central-1, as arn:aws:" in done.stdout
    assert " passed" in done.stdout


def test_no_other_target_and_no_workflow_runs_it() -> None:
    lines = (PROJECT_ROOT / "Makefile").read_text("utf-8").splitlines()
    (target,) = (lines[place - 1] for place, line in enumerate(lines) if "--live" in line)
    assert target.startswith("test-live: setup ## ")
    assert [line for line in lines if "test-live" in line and line[0] != "."] == [target]
    for path in [*(PROJECT_ROOT / ".github").rglob("*.yml"), *(PROJECT_ROOT / ".ci").iterdir()]:
        assert "live" not in path.read_text("utf-8"), path

"""What the doctor may ask at all, with whose credentials, and what becomes of a check without an answer."""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest

from local.cli import main
from local.doctor.calls import PERMISSIONS, Account, connect
from local.doctor.check import Check, ok
from local.doctor.faults import Unanswered
from local.doctor.step import run
from local.scan_files import BadInput

ROOT = Path(__file__).resolve().parents[3]
SERVICES = {"states": "stepfunctions"}


def test_every_permission_is_an_operation_that_only_reads() -> None:
    session = botocore.session.Session()
    for permission in PERMISSIONS:
        prefix, _, operation = permission.partition(":")
        assert operation in session.get_service_model(SERVICES.get(prefix, prefix)).operation_names
        assert re.match("Describe|Get|List|BatchGet|Test", operation), permission
    assert list(PERMISSIONS) == sorted(set(PERMISSIONS))


def read_policy() -> dict[str, Any]:
    text = (ROOT / "docs" / "doctor.md").read_text("utf-8")
    policy: dict[str, Any] = json.loads(text.partition("```json\n")[2].partition("```")[0])
    return policy


def test_the_documented_policy_is_what_the_doctor_asks() -> None:
    statements = read_policy()["Statement"]
    assert {statement["Effect"] for statement in statements} == {"Allow"}
    actions = [action for statement in statements for action in statement["Action"]]
    assert sorted(actions) == list(PERMISSIONS)


def test_the_code_asks_each_permission_that_is_listed_and_no_other() -> None:
    modules = (ROOT / "local" / "doctor").glob("*.py")
    asked = {
        name for one in modules for name in re.findall(r'\bask(?:_all)?\(\s*"(\w+:\w+)"', one.read_text("utf-8"))
    }
    assert asked == set(PERMISSIONS)


def test_nothing_else_is_ever_asked() -> None:
    account = Account(boto3.Session(region_name="eu-central-1"))
    with pytest.raises(ValueError, match="ecr:PutImage"):
        account.ask("ecr:PutImage")


def test_a_check_that_fails_is_a_warning_and_never_a_crash() -> None:
    def unanswered() -> Check:
        raise Unanswered("not seen", "allow it")

    def unexpected() -> Check:
        raise KeyError("resource\nState")

    assert run("a", lambda: ok("a", "fine")) == [ok("a", "fine")]
    (missing,) = run("a", unanswered)
    assert (missing.verdict, missing.said, missing.advice) == ("warning", "not seen", "allow it")
    (odd,) = run("a", unexpected)
    assert (odd.verdict, odd.said) == ("warning", "AWS's answer was not understood: KeyError: 'resource\\nState'")


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without anything of AWS's, on a machine that is no EC2 instance."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "BOTO_CONFIG"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def dead_endpoint() -> Iterator[str]:
    """Where nobody answers: bound, so that nobody else is there either, but not listening."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["doctor", *arguments]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    return captured.err.strip()


@pytest.mark.usefixtures("bare_environment")
def test_without_credentials_or_region_it_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert complaint(capsys).startswith("scan-brief: credentials: none found; accepted: ")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert "nobody" in complaint(capsys)
    monkeypatch.delenv("AWS_PROFILE")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    assert complaint(capsys).startswith("scan-brief: credentials: Partial credentials")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    assert complaint(capsys).startswith("scan-brief: region: none given; accepted: AWS_REGION")
    monkeypatch.setenv("AWS_REGION", "eu-central")
    assert complaint(capsys) == 'scan-brief: region: given "eu-central"; accepted: a region such as eu-central-1'


@pytest.mark.usefixtures("bare_environment")
def test_the_region_may_come_from_either_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    connect().close()
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    connect().close()
    monkeypatch.delenv("AWS_REGION")
    with pytest.raises(BadInput):
        connect()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--repository", "Sample"], '--repository: given "Sample"; accepted: the name of an ECR repository'),
        (["--repository", ""], '--repository: given ""; accepted: the name of an ECR repository'),
        (["--stack-name", "1"], '--stack-name: given "1"; accepted: a letter, then'),
        (["--stack-name", "a" * 129], "accepted: a letter, then up to 127"),
    ],
)
def test_a_bad_option_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert told in complaint(capsys, *arguments)


@pytest.mark.usefixtures("bare_environment")
def test_without_a_network_every_check_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, dead_endpoint: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", dead_endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr("botocore.retries.standard.time.sleep", lambda _: None)
    assert main(["doctor", "--repository", "sample-app", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] == "warning"
    assert len(report["checks"]) == 6
    assert all("no answer from AWS" in one["said"] for one in report["checks"])

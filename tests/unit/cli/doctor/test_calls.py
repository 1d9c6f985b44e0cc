"""What the doctor may ask at all, and what becomes of a check without an answer."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest

from scan_brief_cli.doctor.calls import PERMISSIONS, Account
from scan_brief_cli.doctor.check import Check, ok
from scan_brief_cli.doctor.faults import Unanswered
from scan_brief_cli.doctor.step import run
from scan_brief_cli.main import main
from tests.unit.cli.permissions import read_used_permissions

ROOT = Path(__file__).resolve().parents[4]
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


def test_the_documented_policy_is_the_doctors_permissions() -> None:
    statements = read_policy()["Statement"]
    assert {statement["Effect"] for statement in statements} == {"Allow"}
    actions = [action for statement in statements for action in statement["Action"]]
    assert sorted(actions) == list(PERMISSIONS)


def test_the_code_uses_exactly_the_listed_permissions() -> None:
    assert read_used_permissions("doctor", "ask(?:_all)?") == set(PERMISSIONS)


def test_an_unlisted_operation_is_refused() -> None:
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
    assert (missing.verdict, missing.text, missing.advice) == ("warning", "not seen", "allow it")
    (odd,) = run("a", unexpected)
    assert (odd.verdict, odd.text) == (
        "warning",
        "AWS's response has an unexpected form: KeyError: 'resource\\nState'",
    )


@pytest.fixture
def unused_endpoint() -> Iterator[str]:
    """The address of a bound port that does not listen, so that no other program uses it."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["doctor", *arguments]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    return captured.err.strip()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["--repository", "Sample"],
            '--repository: given "Sample"; accepted: the name of an ECR repository',
        ),
        (["--repository", ""], '--repository: given ""; accepted: the name of an ECR repository'),
        (["--stack-name", "1"], '--stack-name: given "1"; accepted: a letter, then'),
        (["--stack-name", "a" * 129], "accepted: a letter, then up to 127"),
    ],
)
def test_a_bad_option_is_reported_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    assert expected in complaint(capsys, *arguments)


@pytest.mark.usefixtures("with_credentials")
@pytest.mark.parametrize(
    ("options", "count"), [(["--repository", "sample-app"], 6), ([], 4), (["--strict"], 4)]
)
def test_without_a_network_every_check_says_so(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    unused_endpoint: str,
    options: list[str],
    count: int,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", unused_endpoint)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr("botocore.retries.standard.time.sleep", lambda _: None)
    assert main(["doctor", "--json", *options]) == 2
    captured = capsys.readouterr()
    assert captured.err == "scan-brief: no check could be made; the warnings say why\n"
    report = json.loads(captured.out)
    assert report["verdict"] == "warning"
    assert len(report["checks"]) == count
    said = [check["said"] for check in report["checks"] if "no repository" not in check["said"]]
    assert all("no answer from AWS" in text for text in said)

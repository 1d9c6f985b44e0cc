"""The permissions of a rerun: what the code asks for is what the runbook lists."""

from __future__ import annotations

import re
from pathlib import Path

import botocore.session

from scan_brief_cli.rerun.calls import PERMISSIONS
from scan_brief_cli.rerun.command import new_execution_arn
from tests.unit.cli.permissions import read_used_permissions

ROOT = Path(__file__).resolve().parents[4]
MACHINE = "arn:aws:states:eu-central-1:111122223333:stateMachine:Brief"
SERVICES = {"states": "stepfunctions"}


def read_section() -> str:
    text = (ROOT / "docs" / "runbook.md").read_text("utf-8")
    return text.partition("\n## Start it again by hand\n")[2].partition("\n## ")[0]


def test_the_runbook_lists_the_permissions_of_a_rerun() -> None:
    assert sorted(set(re.findall(r"`([a-z]+:[A-Z]\w+)`", read_section()))) == sorted(PERMISSIONS)


def test_the_code_uses_every_permission() -> None:
    assert read_used_permissions("rerun", "permitted") == set(PERMISSIONS)


def test_every_permission_is_an_operation() -> None:
    session = botocore.session.Session()
    for permission in PERMISSIONS:
        prefix, _, operation = permission.partition(":")
        assert operation in session.get_service_model(SERVICES.get(prefix, prefix)).operation_names


def test_the_runbooks_resource_holds_its_executions() -> None:
    resource, *_ = re.findall(r"`(arn:aws:states:[^`]+)`", read_section())
    for word, value in (
        ("REGION", "eu-central-1"),
        ("ACCOUNT", "111122223333"),
        ("STATE_MACHINE", "Brief"),
    ):
        resource = resource.replace(word, value)
    assert resource.endswith("*")
    assert new_execution_arn(MACHINE).startswith(resource.removesuffix("*"))

"""The permissions of a replay: what the code asks for is what the runbook lists."""

from __future__ import annotations

import re

import botocore.session

from scan_brief_cli.replay_dlq.calls import PERMISSIONS
from tests.project import PROJECT_ROOT
from tests.unit.cli.permissions import read_used_permissions

SERVICES = {"states": "stepfunctions"}


def test_the_runbook_lists_the_permissions_of_a_replay() -> None:
    text = (PROJECT_ROOT / "docs" / "runbook.md").read_text("utf-8")
    section = text.partition("\n## Replay the dead-letter queue\n")[2].partition("\n## ")[0]
    assert sorted(set(re.findall(r"`([a-z]+:[A-Z]\w+)`", section))) == sorted(PERMISSIONS)


def test_the_code_uses_every_permission() -> None:
    assert read_used_permissions("replay_dlq", "permitted") == set(PERMISSIONS)


def test_every_permission_is_an_operation() -> None:
    session = botocore.session.Session()
    for permission in PERMISSIONS:
        prefix, _, operation = permission.partition(":")
        assert operation in session.get_service_model(SERVICES.get(prefix, prefix)).operation_names

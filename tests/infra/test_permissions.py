"""Each action of a role exists, and is allowed on `*` only if it accepts no other resource."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scan_brief_cdk.permissions.policies import read_statements

NODE = Path(sys.executable).parent / "node"
DRIVER = Path(__file__).with_name("iam_actions.mjs")


def look_up(*actions: str) -> dict[str, bool | None]:
    """Action -> whether it accepts no resource but `*`; None if AWS has no such action."""
    done = subprocess.run([NODE, DRIVER, *actions], capture_output=True, text=True, check=True)
    found: dict[str, bool | None] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("template", ["template_json", "chosen_json"])
def test_only_actions_without_resources_are_allowed_on_everything(
    template: str, request: pytest.FixtureRequest
) -> None:
    parsed: dict[str, Any] = request.getfixturevalue(template)
    allowed = {
        action: statement.resources == ("`*`",)
        for statement in read_statements(parsed)
        for action in statement.actions
        if statement.of_role
    }
    assert len(allowed) > 15
    assert look_up(*allowed) == allowed


def test_a_misspelled_action_is_found() -> None:
    assert look_up("inspector2:ListFinding", "inspector:ListFindings", "sns:Publish") == {
        "inspector2:ListFinding": None,
        "inspector:ListFindings": True,
        "sns:Publish": False,
    }

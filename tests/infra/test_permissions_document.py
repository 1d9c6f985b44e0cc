"""docs/permissions.md matches the synthesized template, with a reason for each permission.

After an intended change run `pytest tests/infra/test_permissions_document.py --update-goldens` and
read the difference before you commit it: it is what the stack may do more or less than before.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from scan_brief_cdk.app import build_app
from scan_brief_cdk.permissions.assembly import read_assembly
from scan_brief_cdk.permissions.document import COMMAND, render
from scan_brief_cdk.permissions.policies import read_statements
from scan_brief_cdk.permissions.reasons import explain
from tests.project import PROJECT_ROOT

DOCUMENT = PROJECT_ROOT / "docs" / "permissions.md"
MANY = {"repositoryName": "", "repositories": ["web", "api"], "existingRepositories": ["legacy/*"]}


def test_the_document_matches_the_template(assembly: Path, pytestconfig: pytest.Config) -> None:
    (stack,) = read_assembly(assembly)
    text = render(stack)
    if pytestconfig.getoption("update_goldens"):
        DOCUMENT.write_text(text, encoding="utf-8", newline="\n")
    written = DOCUMENT.read_bytes().decode("utf-8")
    assert written == text, f"docs/permissions.md differs from the template; run `{COMMAND}`"


def test_every_permission_has_a_reason_with_every_setting(chosen_assembly: Path) -> None:
    (stack,) = read_assembly(chosen_assembly)
    assert explain(read_statements(stack.template), stack.reasons)


def test_every_permission_has_a_reason_with_several_stacks(
    sample_context: dict[str, Any], tmp_path: Path
) -> None:
    build_app(context=sample_context | MANY, outdir=tmp_path).synth()
    stacks = read_assembly(tmp_path)
    assert len(stacks) == 3
    assert all(explain(read_statements(stack.template), stack.reasons) for stack in stacks)


def test_every_action_of_the_template_is_in_the_document(template_json: dict[str, Any]) -> None:
    """Found by a text search, without the code that writes the document."""
    lists = re.findall(r'"Action": (\[[^]]*\]|"[^"]*")', json.dumps(template_json))
    actions = {action for found in lists for action in re.findall(r'"([^"]+)"', found)}
    document = DOCUMENT.read_text("utf-8").replace("Assumed by", "`sts:AssumeRole`")
    assert len(actions) > 20
    assert not [action for action in actions if f"`{action}`" not in document]

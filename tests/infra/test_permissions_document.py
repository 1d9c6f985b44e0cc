"""docs/permissions.md is what the synthesized template says, with a reason for every line.

After a change that is meant: `pytest tests/infra/test_permissions_document.py --update-goldens`,
then read the difference before committing it: it is what the stack may do more or less than before.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.documents.permission_words import WHYS
from tests.documents.permissions import COMMAND, render
from tests.documents.policies import read_statements
from tests.documents.reasons import explain
from tests.project import PROJECT_ROOT

DOCUMENT = PROJECT_ROOT / "docs" / "permissions.md"


@pytest.fixture(scope="session")
def templates(assembly: Path) -> dict[str, dict[str, Any]]:
    """Every template of the assembly, nested ones too."""
    ending = ".template.json"
    return {
        path.name.removesuffix(ending): json.loads(path.read_text("utf-8"))
        for path in sorted(assembly.rglob(f"*{ending}"))
    }


def test_the_document_is_what_the_template_says(
    templates: dict[str, dict[str, Any]], pytestconfig: pytest.Config
) -> None:
    text = render(templates)
    if pytestconfig.getoption("update_goldens"):
        DOCUMENT.write_text(text, encoding="utf-8", newline="\n")
    written = DOCUMENT.read_bytes().decode("utf-8")
    assert written == text, (
        f"docs/permissions.md differs from the template; `{COMMAND}` writes it anew: then read it"
    )


def test_no_setting_adds_or_removes_a_permission(chosen_json: dict[str, Any]) -> None:
    """Every reason is used and every statement has one with every setting chosen too."""
    assert explain({"chosen": read_statements(chosen_json)}, WHYS)


def test_every_action_of_the_template_is_told(templates: dict[str, dict[str, Any]]) -> None:
    """Read out of the JSON by the words alone, without what makes the document."""
    text = "\n".join(json.dumps(template) for template in templates.values())
    lists = re.findall(r'"(?:Action|ManagedPolicyArns)": (\[[^]]*\]|"[^"]*")', text)
    actions = {action for found in lists for action in re.findall(r'"([^"]+)"', found)}
    document = DOCUMENT.read_text("utf-8").replace("Assumed by", "`sts:AssumeRole`")
    assert len(actions) > 20
    assert not [action for action in actions if f"`{action}`" not in document]

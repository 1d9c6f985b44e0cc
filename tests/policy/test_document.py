"""docs/repository-policy.md matches the table."""

from __future__ import annotations

import pytest

from tests.policy.cases import CASES
from tests.policy.document import FILE, render


def test_the_document_matches_the_table(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("update_goldens"):
        FILE.write_text(render(), encoding="utf-8", newline="\n")
    assert FILE.read_text("utf-8") == render()


def test_no_name_contains_a_column_separator() -> None:
    assert not [name for name, case in CASES.items() if set("|\n") & set(case.words + case.reason)]

"""docs/reliability.md has the table of the cases."""

from __future__ import annotations

import re

import pytest

from tests.faults.conftest import CASES
from tests.faults.table import make_table
from tests.project import PROJECT_ROOT

DOCUMENT = PROJECT_ROOT / "docs" / "reliability.md"
KEPT = re.compile(r"(?<=`make faults` prints this table:\n\n)(\|.*\n)+")


def test_the_document_has_the_table_of_the_cases(pytestconfig: pytest.Config) -> None:
    table = make_table(CASES)
    if pytestconfig.getoption("update_goldens"):
        text = DOCUMENT.read_text("utf-8")
        DOCUMENT.write_text(KEPT.sub(lambda _: table, text), "utf-8")
    kept = KEPT.search(DOCUMENT.read_text("utf-8"))
    assert kept
    assert kept[0] == table

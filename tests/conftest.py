"""The option that writes the goldens anew; what each kind of test needs stands in its own folder."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest tests/unit/test_goldens.py --update-goldens`, then read the difference before committing it."""
    parser.addoption("--update-goldens", action="store_true", help="write tests/unit/goldens/ anew")

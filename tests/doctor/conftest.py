"""The stage with an image pushed and scanned, and the gate before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.doctor.surgery import Surgery, list_executions, operate
from tests.stage import Stage


@pytest.fixture
def surgery(stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Surgery]:
    """All is well."""
    with operate(stage, monkeypatch, capsys) as prepared:
        prepared.scan_registry("ENHANCED")
        prepared.push()
        prepared.cover("SUCCESSFUL")
        prepared.gate.turns["ListExecutions"] = list_executions("SUCCEEDED")
        try:
            yield prepared
        finally:
            prepared.remove()
            stage.double.statuses = {}

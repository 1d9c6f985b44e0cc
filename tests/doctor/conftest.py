"""The harness with a pushed and scanned image, behind a gate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.doctor.doctor_harness import DoctorHarness, list_executions, operate
from tests.harness import StackHarness


@pytest.fixture
def doctor(
    harness: StackHarness, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[DoctorHarness]:
    """A doctor harness whose checks are all ok."""
    with operate(harness, monkeypatch, capsys) as prepared:
        prepared.scan_registry("ENHANCED")
        prepared.push()
        prepared.cover("SUCCESSFUL")
        prepared.gate.turns["ListExecutions"] = list_executions("SUCCEEDED")
        try:
            yield prepared
        finally:
            prepared.remove()
            harness.double.statuses = {}

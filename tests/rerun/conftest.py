"""`scan-brief rerun` in this process, against the deployed stack."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from scan_brief_cli.main import main
from tests.gate import Gate, serve_gate
from tests.harness import StackHarness
from tests.rerun.command import Ended, Run


@pytest.fixture
def gate(harness: StackHarness, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """The caller's AWS is the emulator, behind a gate. The command's clock runs faster, botocore's
    too.
    """
    monkeypatch.setattr("scan_brief_cli.rerun.command.sleep", sleep_less)
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=sleep_less))
    with serve_gate(harness.deployment.emulator, monkeypatch) as gate:
        yield gate


@pytest.fixture
def run(gate: Gate, capsys: pytest.CaptureFixture[str]) -> Run:
    """`scan-brief rerun` with these arguments."""

    def run_command(*arguments: str) -> Ended:
        status = main(["rerun", *arguments])
        return Ended(status, *capsys.readouterr())

    return run_command


def sleep_less(seconds: float) -> None:
    """Replaces the sleep of the command and of botocore, but no test's wait."""
    time.sleep(seconds / 20)

"""Runs the command in this process and returns what it prints."""

from __future__ import annotations

import contextlib
import io

import pytest

from scan_brief_cli.main import main
from scan_brief_cli.scan_files import SAMPLE

EVENT = ["preview", "--event", str(SAMPLE / "event.json")]
FINDINGS = ["--findings", str(SAMPLE / "findings.json")]
DETAILS = ["--details", str(SAMPLE / "details.json")]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Standard output of a command that succeeds and prints nothing on standard error."""
    assert main([*arguments]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def fail(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The line on standard error of a command that ends with 2 for bad input."""
    assert main([*arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("scan-brief: ")
    assert captured.err.count("\n") == 1
    return captured.err.strip()


def run_main(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error, also where a test runs many examples."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([*arguments])
    return status, out.getvalue(), err.getvalue()

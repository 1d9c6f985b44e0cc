"""`scan-brief doctor` as a process sees it: colors and exit status."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import pytest

from scan_brief_cli.main import main

SUFFERING = {"check": "a", "verdict": "warning", "said": "off", "advice": "on", "made": True}


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the doctor finds."""
    found = {"verdict": "warning", "checks": [SUFFERING]}
    monkeypatch.setattr("scan_brief_cli.doctor.command.run_doctor", lambda **_: found)
    return found


@contextmanager
def open_terminal() -> Iterator[tuple[int, TextIO]]:
    controller, terminal = os.openpty()
    with os.fdopen(terminal, "w") as stream:
        yield controller, stream
    os.close(controller)


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize(
    ("environment", "colored"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "xterm", "NO_COLOR": "0"}, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({}, False),
    ],
)
def test_a_terminal_gets_colors_unless_it_declines(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], colored: bool
) -> None:
    for name in ("TERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with open_terminal() as (controller, stream):
        monkeypatch.setattr("sys.stdout", stream)
        assert main(["doctor"]) == 0
        stream.flush()
        shown = os.read(controller, 4096).decode()
    verdict = "\x1b[33mwarning  \x1b[0m" if colored else "warning  "
    assert shown.startswith(f"{verdict}off\r\n")
    assert shown.count("\x1b") == (2 if colored else 0)


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_pipe_gets_no_colors(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: list[str]
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    file = tmp_path / "out"
    with file.open("w") as stream:
        monkeypatch.setattr("sys.stdout", stream)
        main(["doctor", *options])
    assert "off" in file.read_text()
    assert "\x1b" not in file.read_text()


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize(("options", "status"), [([], 0), (["--strict"], 1)])
def test_strict_makes_a_warning_fail(options: list[str], status: int) -> None:
    assert main(["doctor", *options]) == status

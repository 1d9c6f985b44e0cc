"""Wrong options, closed pipes and interrupts: one line or none, never a traceback."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scan_brief_cli.main import main

COMMAND = [sys.executable, "-m", "scan_brief_cli.main"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "the following arguments are required: COMMAND; see scan-brief --help"),
        (["brief"], "argument COMMAND: invalid choice: 'brief' (choose from "),
        (["preview", "--language", "de"], "argument --language: invalid choice: 'de' (choose"),
        (["preview", "--findings"], "argument --findings: expected at least one argument; see"),
        (["preview", "--eve\n\x1b"], r"unrecognized arguments: --eve \x1b; see scan-brief --help"),
        (["demo", "--event"], "argument --event: expected one argument; see scan-brief demo"),
        (["doctor", "x"], "unrecognized arguments: x; see scan-brief --help"),
        (["rerun", "--tag"], "argument --tag: expected one argument; see scan-brief rerun --help"),
    ],
    ids=" ".join,
)
def test_wrong_options_end_in_one_line(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    captured = capsys.readouterr()
    assert (raised.value.code, captured.out, captured.err.count("\n")) == (2, "", 1)
    assert captured.err.startswith(f"scan-brief: {expected}")


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_reader_who_leaves_is_no_error(options: list[str]) -> None:
    command = [*COMMAND, "preview", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_a_full_disk_is_reported_in_one_line() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [*COMMAND, "preview"], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
        )
    assert done.returncode == 2
    assert done.stderr == b"scan-brief: standard output: No space left on device\n"


# A shell's background job ignores interrupts, and so would its children.
INTERRUPTIBLE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from scan_brief_cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def wait_until_it_sleeps(process: subprocess.Popen[bytes]) -> None:
    """In a read, that is: one that has not begun yet does not see a signal. Linux only."""
    state, deadline = Path(f"/proc/{process.pid}/stat"), time.monotonic() + 60
    while state.exists() and state.read_text("utf-8").split()[2] != "S":
        assert time.monotonic() < deadline


def test_an_interrupt_is_quiet() -> None:
    command = [sys.executable, "-c", INTERRUPTIBLE, "preview", "--findings", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin
        process.stdin.write(b" " * 1_000_000)  # more than a pipe holds: the command is reading
        process.stdin.flush()
        wait_until_it_sleeps(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr
        assert process.stderr.read() == b""

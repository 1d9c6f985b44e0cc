"""`scan-brief demo`, as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCAN_BRIEF = Path(sys.executable).parent / "scan-brief"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SCAN_BRIEF, *arguments], capture_output=True, text=True, check=False, timeout=300)


def test_the_demo_shows_what_a_subscriber_got() -> None:
    done = run("demo", "--language", "ja", "--json")
    assert done.returncode == 0, done.stderr
    received = json.loads(done.stdout)
    assert list(received) == ["subject", "default", "email", "https", "sqs", "attributes"]
    assert received["subject"] == "重大 13件 · sample-app:1.4.2 · 検出結果 60件"
    assert received["default"] == received["email"]
    assert json.loads(received["sqs"])["total"] == 60
    assert "state machine: PublishMessage" in done.stderr


def test_bad_input_is_one_line_and_starts_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "event.json"
    broken.write_text('{"detail": ')
    done = run("demo", "--event", str(broken))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"scan-brief: {broken}: not JSON, at line 1 column 12: Expecting value\n"

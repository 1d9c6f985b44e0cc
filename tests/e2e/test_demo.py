"""`scan-brief demo`, as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.emulator.deployment import read_context
from local.emulator.outbox import Message
from scan_brief_cli.demo import DemoError, find_missing, run_demo
from scan_brief_cli.main import main
from scan_brief_cli.scan_files import SAMPLE, read_findings

SCAN_BRIEF = Path(sys.executable).parent / "scan-brief"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SCAN_BRIEF, *arguments], capture_output=True, text=True, check=False, timeout=300
    )


def test_the_demo_shows_what_a_subscriber_received() -> None:
    done = run("demo", "--language", "ja", "--json")
    assert done.returncode == 0, done.stderr
    received = json.loads(done.stdout)
    assert list(received) == ["subject", "default", "email", "https", "sqs", "attributes"]
    assert (
        received["subject"]
        == "【重大 13件・悪用確認済み 7件】sample-app:1.4.2（他1タグ）の検出結果60件"
    )
    assert received["default"] == received["email"]
    assert json.loads(received["sqs"])["total"] == 60
    assert "state machine: PublishMessage" in done.stderr


def test_bad_input_is_one_line_and_starts_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "event.json"
    broken.write_text('{"detail": ')
    done = run("demo", "--event", str(broken))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"scan-brief: {broken}: not JSON, at line 1 column 12: ")
    assert done.stderr.count("\n") == 1


# One by the name, one by a prefix, one of another repository. The second has characters with a
# meaning in URLs.
FIRST, SECOND, STRANGER = "first@example.com", "second#2%41/x@example.com", "stranger@example.com"
SETTINGS: dict[str, object] = {
    "repositoryName": "",
    "existingRepositories": [
        {"repositoryName": "sample-app", "emails": [FIRST]},
        {"repositoryName": "sample*", "emails": [SECOND]},
        {"repositoryName": "other", "emails": [STRANGER]},
    ],
}


def test_the_demo_waits_for_every_address_and_names_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    context = read_context() | SETTINGS
    for module in ("scan_brief_cli.demo", "local.emulator.deployment"):
        monkeypatch.setattr(f"{module}.read_context", lambda: context)
    assert main(["demo"]) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines()[:2] == [
        f"To: {FIRST}, {SECOND}",
        "Subject: CRITICAL 13 · 7 known exploited · sample-app:1.4.2 (+1 tag) · 60 findings",
    ]
    assert shown.err.endswith(
        f"SNS: delivered to {FIRST}, {SECOND}, to a chat (https), to a queue (sqs)\n"
    )


def test_the_demo_names_the_address_without_a_mail(
    event: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an address that is not subscribed: SNS does deliver to those that are."""
    monkeypatch.setattr("scan_brief_cli.demo.find_addressees", lambda *_: [FIRST, STRANGER])
    monkeypatch.setattr("scan_brief_cli.demo._MESSAGE_SECONDS", 1)
    with pytest.raises(
        DemoError, match=f"^nothing for {STRANGER}: not all messages in 1 s; .*'SUCCEEDED'"
    ):
        run_demo(event, read_findings([SAMPLE / "findings.json"]), [], SETTINGS, lambda _: None)


def test_a_message_is_missing_until_each_address_and_each_protocol_has_one() -> None:
    arrived: list[Message] = []
    for protocol, to, missing in (
        ("email", FIRST, [SECOND, "subscriber", "chat"]),
        ("email", FIRST, [SECOND, "subscriber", "chat"]),
        ("https", "chat", [SECOND, "subscriber"]),
        ("http", SECOND, [SECOND, "subscriber"]),
        ("http", "subscriber", [SECOND]),
        ("email", SECOND, []),
    ):
        arrived.append(Message(protocol, to, "subject", "text"))
        assert find_missing(arrived, [FIRST, SECOND]) == missing

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


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(SCAN_BRIEF), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=300, cwd=cwd
    )


def write_ignored(folder: Path) -> Path:
    """A list with one of the sample's vulnerabilities, which one finding has."""
    file = folder / "ignored.yaml"
    file.write_text("vulnerabilities:\n- id: CVE-2024-21538\n  statement: at build time\n", "utf-8")
    return file


def test_the_demo_shows_what_a_subscriber_received(tmp_path: Path) -> None:
    file = write_ignored(tmp_path).name  # in the folder of the command, which is not that of synth
    done = run("demo", "--language", "ja", "--json", "--ignore", file, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    received = json.loads(done.stdout)
    assert list(received) == ["subject", "default", "email", "https", "sqs", "attributes"]
    assert (
        received["subject"]
        == "【重大 13件・悪用確認済み 7件】sample-app:1.4.2（他1タグ）の検出結果59件"
    )
    assert received["default"] == received["email"]
    assert json.loads(received["sqs"])["total"] == 59
    assert "at build time" in received["email"]
    assert "state machine: PublishMessage" in done.stderr


def test_bad_input_is_one_line_and_starts_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "event.json"
    broken.write_text('{"detail": ')
    done = run("demo", "--event", str(broken))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"scan-brief: {broken}: not JSON, at line 1 column 12: ")
    assert done.stderr.count("\n") == 1
    ignored = tmp_path / "ignored.yaml"
    ignored.write_text("vulnerabilities:\n- id: 7\n")
    done = run("demo", "--ignore", str(ignored))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"scan-brief: {ignored}, line 2: vulnerabilities[0].id: ")


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


def write_base_image(folder: Path) -> Path:
    """A finding of another repository's image, in a layer that the sample has too."""
    finding = read_findings([SAMPLE / "findings.json"])[0]
    text = json.dumps(finding).replace("sample-app", "base/debian")
    digest = finding["resources"][0]["details"]["awsEcrContainerImage"]["imageHash"]
    other: dict[str, Any] = json.loads(text.replace(digest, f"sha256:{'f' * 64}"))
    other["findingArn"] = other["findingArn"][:-32] + "f" * 32
    file = folder / "base.json"
    file.write_text(json.dumps({"findings": [other]}), "utf-8")
    return file


def test_the_demo_waits_for_every_address_and_names_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """And applies an entry's own list, and names the owner of a shared layer."""
    entries: Any = SETTINGS["existingRepositories"]
    own = {**entries[0], "ignoreFile": str(write_ignored(tmp_path))}
    context = read_context() | SETTINGS
    context["existingRepositories"] = [own, *entries[1:]]
    context["layerOwners"] = [{"repository": "base/*", "owner": "platform team <#ops>"}]
    for module in ("scan_brief_cli.demo", "local.emulator.deployment"):
        monkeypatch.setattr(f"{module}.read_context", lambda: context)
    files = [SAMPLE / "findings.json", write_base_image(tmp_path)]
    given = ["--event", SAMPLE / "event.json", "--details", SAMPLE / "details.json"]
    assert main(["demo", *map(str, [*given, "--findings", *files])]) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines()[:2] == [
        f"To: {FIRST}, {SECOND}",
        "Subject: CRITICAL 13 · 7 known exploited · sample-app:1.4.2 (+1 tag) · 59 findings",
    ]
    text = " ".join(shown.out.split())
    assert (
        "IGNORED by your list: 1 CVE-2024-21538 · ignored with no end because: at build time"
        in text
    )
    assert "shared with 1 more repository: base/debian · owner: platform team <#ops>" in text
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

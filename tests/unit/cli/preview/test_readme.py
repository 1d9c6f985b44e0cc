"""The README shows what `scan-brief preview` prints: the beginning of the sample's mail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.project import PROJECT_ROOT
from tests.unit.cli.command import run

README = PROJECT_ROOT / "README.md"
SAMPLE = re.compile(r"(?<=```text\n)Subject: .*?(?=\n…\n```)", re.DOTALL)

LINK = re.compile(r"^(https://[^/]+/inspector/).*$", re.MULTILINE)


def test_the_readme_shows_the_sample(
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Through the third upgrade, with the default settings."""
    monkeypatch.chdir(tmp_path)
    # The console's link is as long as four lines.
    mail = LINK.sub(r"\1…", run(capsys, "preview"))
    beginning = re.match(r".*?^ *3\. .*?(?=\n *4\. )", mail, re.DOTALL | re.MULTILINE)
    assert beginning
    shown = re.sub(r"(?<=/inspector/)\S+", "…", beginning[0])  # the whole link is too long
    text = README.read_text("utf-8")
    if pytestconfig.getoption("update_goldens"):
        README.write_text(SAMPLE.sub(lambda _: shown, text), "utf-8")
    assert SAMPLE.findall(README.read_text("utf-8")) == [shown]

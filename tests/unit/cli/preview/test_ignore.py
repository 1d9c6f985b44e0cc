"""`scan-brief preview` with findings to ignore."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.command import fail, run

IGNORE = "vulnerabilities:\n- id: CVE-2024-21538\n  statement: only at build time\n"
SAID = "CVE-2024-21538 · ignored with no end because: only at build time"


def write(folder: Path, text: str = IGNORE) -> str:
    file = folder / "a.yaml"
    file.write_text(text, "utf-8")
    return str(file)


def test_findings_to_ignore_are_listed_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = run(capsys, "preview", "--ignore", write(tmp_path))
    assert SAID in shown
    assert "· 59 findings" in shown.partition("\n")[0]
    page = run(capsys, "preview", "--html", "-", "--ignore", write(tmp_path))
    assert page.count("CVE-2024-21538") == 4  # mail and chat in two languages


def test_the_setting_in_cdk_json_applies_and_the_option_replaces_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    context: dict[str, Any] = {"existingRepositories": ["*"], "ignoreFile": "a.yaml"}
    cdk_json = {"app": "python -m scan_brief_cdk.app", "context": context}
    Path("cdk.json").write_text(json.dumps(cdk_json), "utf-8")
    write(tmp_path)
    assert SAID in run(capsys, "preview")
    Path("none.yaml").write_text("vulnerabilities: []\n", "utf-8")
    assert "gnored" not in run(capsys, "preview", "--ignore", "none.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vulnerabilities:\n- id: 7\n", "a.yaml, line 2: vulnerabilities[0].id: given "),
        (None, "a.yaml: No such file or directory"),
    ],
)
def test_a_file_that_synth_refuses_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, said: str
) -> None:
    file = write(tmp_path, text or "")
    if text is None:
        Path(file).unlink()
    assert said in fail(capsys, "preview", "--ignore", file)

"""The documented command of the AWS CLI, run against the Inspector2 double."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.inspector2_double import Inspector2Double
from scan_brief_cli.options import LIST_FINDINGS
from scan_brief_cli.scan_files import SAMPLE, read_findings
from tests.project import PROJECT_ROOT
from tests.unit.cli.command import run

DOCUMENTS = ("README.md", "docs/templates.md")


@pytest.mark.parametrize("times", ["wire", "iso8601"])  # versions 1 and 2 of the AWS CLI
def test_what_the_aws_cli_prints_gives_a_brief(
    times: str, tmp_path: Path, aws_environment: None, capsys: pytest.CaptureFixture[str]
) -> None:
    aws = tmp_path / "aws"
    aws.write_text(f'#!/bin/sh\nexec {sys.executable} -W ignore -m awscli "$@"\n', "utf-8")
    aws.chmod(0o755)
    (tmp_path / "config").write_text(f"[default]\ncli_timestamp_format = {times}\n", "utf-8")
    findings = read_findings([SAMPLE / "findings.json"])
    with Inspector2Double(findings=findings) as double:
        environment = os.environ | {
            "AWS_ENDPOINT_URL_INSPECTOR2": double.endpoint_url,
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
        }
        command = ["sh", "-euc", LIST_FINDINGS]
        subprocess.run(command, check=True, cwd=tmp_path, env=environment, timeout=60)
    file = tmp_path / "FINDINGS.json"
    assert ('"updatedAt": "20' in file.read_text("utf-8")) is (times == "iso8601")
    shown = run(capsys, "preview", "--findings", str(file))
    assert shown == run(capsys, "preview", "--findings", str(SAMPLE / "findings.json"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_documents_give_this_command(document: str) -> None:
    assert LIST_FINDINGS in (PROJECT_ROOT / document).read_text("utf-8")

"""The product's command: one line and exit 2 for what cannot be read or written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scan_brief_cdk.service_catalog.command import FolderError, write_product
from scan_brief_cdk.settings import SettingsError
from tests.infra.test_product import copy_project
from tests.project import PROJECT_ROOT


def run_refused(*arguments: str, infra: Path = PROJECT_ROOT / "infra") -> str:
    """The line that the command under this folder writes to stderr."""
    command = [sys.executable, "-m", "scan_brief_cdk.service_catalog.command", *arguments]
    variables = os.environ | {"PYTHONPATH": str(infra)}
    done = subprocess.run(
        command, cwd=infra.parent, env=variables, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr.strip()


def test_a_folder_that_cannot_exist_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for place in ("file/template", "file/deep/template", "x" * 300, f"new/{'x' * 250}"):
        target = tmp_path / place
        message = run_refused("--output", str(target))
        assert message.startswith(f"--output: given {target}: ")
        assert message.endswith("; accepted: a folder to be written")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="needs Linux's /proc, which nobody can write to"
)
def test_a_folder_without_write_access_is_refused() -> None:
    message = run_refused("--output", "/proc/template")
    assert message.startswith("--output: given /proc/template: ")


def test_a_folder_that_cannot_be_replaced_is_refused(
    monkeypatch: pytest.MonkeyPatch, sample_context: dict[str, Any], tmp_path: Path
) -> None:
    """As for a mount point. The error is simulated, because a test cannot mount."""
    target = tmp_path / "template"
    target.mkdir()
    rename = Path.rename

    def refuse(path: Path, to: Path) -> Path:
        if path == target:
            raise OSError(16, "Device or resource busy", str(path))
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(
        FolderError, match=r"^--output: given .*: Device or resource busy; accepted: "
    ):
        write_product(target, root=copy_project(tmp_path, sample_context))
    assert list(target.iterdir()) == []


@pytest.fixture
def project(sample_context: dict[str, Any], tmp_path: Path) -> Path:
    """A copy of the project whose cdk.json a test may change."""
    root = copy_project(tmp_path, sample_context)
    shutil.copytree(
        PROJECT_ROOT / "infra", root / "infra", ignore=shutil.ignore_patterns("__pycache__")
    )
    return root


def test_an_extra_comma_in_cdk_json_is_reported(project: Path) -> None:
    (project / "cdk.json").write_text('{\n  "context": {\n    "language": "ja",\n  }\n}\n', "utf-8")
    target = project / "build" / "template"
    message = run_refused("--output", str(target), infra=project / "infra")
    assert message.startswith(f"{project / 'cdk.json'}: not JSON, at line ")
    assert " column " in message
    assert not [path for path in (project / "build").iterdir() if "template" in path.name]


def test_a_missing_cdk_json_is_reported(project: Path) -> None:
    (project / "cdk.json").unlink()
    with pytest.raises(SettingsError, match=r"cdk\.json: No such file or directory$"):
        write_product(project / "build" / "template", root=project)

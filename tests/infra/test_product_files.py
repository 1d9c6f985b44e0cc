"""The product's two files: reproducible, and nothing else is replaced or left."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from scan_brief_cdk.service_catalog.command import (
    CODE,
    TEMPLATE,
    FolderError,
    write_product,
    zip_code,
)
from tests.project import PROJECT_ROOT


def test_the_archive_contains_the_bundle(product: Path, bundle: Path) -> None:
    with zipfile.ZipFile(product / CODE) as archive:
        held = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o644}
        names = [PurePosixPath(name) for name in archive.namelist()]
    assert names == sorted(names)
    files = {str(path.relative_to(bundle)): path for path in bundle.rglob("*") if path.is_file()}
    assert held == {
        name: path.read_bytes() for name, path in files.items() if "__pycache__" not in name
    }


def test_the_archive_depends_on_names_and_contents_only(tmp_path: Path) -> None:
    archives = []
    for name, order, when, mode in (
        ("one", "ab", 1_000_000_000, 0o600),
        ("other", "ba", 2_000_000_000, 0o755),
    ):
        folder = tmp_path / name
        (folder / "package" / "__pycache__").mkdir(parents=True)
        (folder / "package" / "__pycache__" / "a.pyc").write_text(name)
        for file in order:
            path = folder / "package" / file
            path.write_text(f"the content of {file}")
            path.chmod(mode)
            os.utime(path, (when, when))
        zip_code(folder, tmp_path / f"{name}.zip")
        archives.append((tmp_path / f"{name}.zip").read_bytes())
    assert archives[0] == archives[1]


def test_a_second_run_replaces_the_product_with_the_same_files(
    product: Path, tmp_path: Path
) -> None:
    again = tmp_path / "template"
    again.mkdir()
    (again / TEMPLATE).write_text("an earlier one")
    write_product(again)
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in product.iterdir()
    }
    assert list(tmp_path.iterdir()) == [again]


@pytest.mark.parametrize("held", ["notes.txt", ".git"])
def test_a_folder_with_other_files_is_not_replaced(held: str, tmp_path: Path) -> None:
    (tmp_path / held).write_text("")
    with pytest.raises(FolderError, match=r"^--output: given .*; accepted: a new folder"):
        write_product(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [held]


def test_a_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / TEMPLATE).write_text("mine")
    with pytest.raises(FolderError):
        write_product(tmp_path / TEMPLATE)
    assert (tmp_path / TEMPLATE).read_text() == "mine"


def test_bad_input_is_exit_2_with_one_line() -> None:
    command = [sys.executable, "-m", "scan_brief_cdk.service_catalog.command", "--output", "docs"]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"--output: given {PROJECT_ROOT / 'docs'}; accepted: ")
    assert done.stderr.count("\n") == 1
    assert (PROJECT_ROOT / "docs" / "deploy.md").exists()

"""Where things stand: AWS is spoken with in local/aws alone, and the emulator's side knows nothing of it."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from local.cli import main

ROOT = Path(__file__).resolve().parents[3]
LOCAL = ROOT / "local"
MODULES = sorted(LOCAL.rglob("*.py"))
OF_AWS = [path for path in MODULES if LOCAL / "aws" in path.parents]
# What it may have of the rest: a person's bad input is the same everywhere.
SHARED = {"local.bad_input"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("path", OF_AWS, ids=name)
def test_nothing_that_acts_on_an_account_knows_the_emulator(path: Path) -> None:
    of_local = {one for one in imported(path) if one.startswith("local")}
    assert {one for one in of_local if not one.startswith("local.aws")} <= SHARED


@pytest.mark.parametrize("path", [path for path in MODULES if path not in OF_AWS], ids=name)
def test_only_the_command_line_knows_what_acts_on_an_account(path: Path) -> None:
    assert path.name == "cli.py" or not any(one.startswith("local.aws") for one in imported(path))


def test_the_command_line_imports_it_only_for_its_commands() -> None:
    at_the_top = ast.parse((LOCAL / "cli.py").read_text("utf-8")).body
    froms = {str(node.module) for node in at_the_top if isinstance(node, ast.ImportFrom)}
    assert not [one for one in froms if one.startswith("local.aws")]


def test_one_module_makes_the_session_and_one_reads_faults() -> None:
    makes = {path.name for path in OF_AWS if "boto3.Session(" in path.read_text("utf-8")}
    asks = {path.name for path in OF_AWS if ".client(" in path.read_text("utf-8")}
    reads = {path.name for path in OF_AWS if "botocore.exceptions" in imported(path)}
    assert (makes, asks, reads) == ({"session.py"}, {"session.py"}, {"session.py", "faults.py"})


@pytest.mark.parametrize("module", ["local.preview", "local.aws.doctor.command", "local.aws.rerun.command"])
def test_a_command_begins_at_once_because_it_loads_no_cdk(module: str) -> None:
    loaded = f"import sys, {module}; print(sorted({{'aws_cdk', 'jsii'}} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout == "[]\n"


def test_every_package_is_installed() -> None:
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"])
    found = {name(path.parent).replace("/", ".") for path in LOCAL.rglob("__init__.py")}
    assert found == {one for one in listed if one.partition(".")[0] == "local"}


@pytest.mark.parametrize("command", ["doctor", "rerun"])
def test_the_place_is_named_in_the_same_words(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    words = " ".join(capsys.readouterr().out.split())
    assert "--repository NAME an ECR repository of the stack's account and region; " in words
    assert "--stack-name NAME the stack; default: ScanBrief" in words

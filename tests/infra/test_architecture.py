"""The form of every module, and where settings are read. Layers: .importlinter."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from tests.project import PROJECT_ROOT

INFRA = PROJECT_ROOT / "infra" / "scan_brief_cdk"
MODULES = sorted(INFRA.rglob("*.py"))
SOURCES = [
    path
    for folder in ("lambdas", "common", "infra", "cli", "local")
    for path in sorted((PROJECT_ROOT / folder).rglob("*.py"))
]
MOST_LINES = 250
# All shapes of the data are in one module. A module that keeps the rule must leave the list.
TOO_LONG = {"lambdas/scan_brief/model.py"}


def name(path: Path) -> str:
    return str(path.relative_to(INFRA))


def relative(path: Path) -> str:
    return path.relative_to(PROJECT_ROOT).as_posix()


def begins_with_a_summary(path: Path) -> bool:
    """PEP 257: a sentence on a line of its own, then a blank line if more follows."""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")), clean=False) or ""
    summary, _, more = docstring.partition("\n")
    return summary.endswith(".") and (not more or more.startswith("\n"))


def calls(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_every_package_is_installed() -> None:
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text("utf-8"))
    setuptools = project["tool"]["setuptools"]
    found = {
        ".".join((package, *path.parent.relative_to(PROJECT_ROOT / folder).parts))
        for package, folder in setuptools["package-dir"].items()
        for path in (PROJECT_ROOT / folder).rglob("__init__.py")
        if package != "scan_brief_functions"  # lambdas/, of which it is the lock alone
    }
    assert {*found, "scan_brief_functions"} == set(setuptools["packages"])


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_the_app_reads_the_context(path: Path) -> None:
    readers = calls(path) & {"try_get_context", "get_context", "get_all_context"}
    assert readers == ({"get_all_context"} if path.stem == "app" else set())


def test_every_modules_docstring_begins_with_a_summary() -> None:
    assert [relative(path) for path in SOURCES if not begins_with_a_summary(path)] == []


def test_every_module_is_short() -> None:
    longer = {
        relative(path) for path in SOURCES if len(path.read_text("utf-8").splitlines()) > MOST_LINES
    }
    assert longer == TOO_LONG

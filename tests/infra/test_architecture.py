"""Where settings are read, and what each module of the constructs has. Layers: .importlinter."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from tests.project import PROJECT_ROOT

INFRA = PROJECT_ROOT / "infra" / "scan_brief_cdk"
MODULES = sorted(INFRA.rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(INFRA))


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


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_has_a_docstring_and_is_short(path: Path) -> None:
    text = path.read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring is not None
    assert len(text.splitlines()) <= 250

"""Who may import whom: the stack knows nothing of the functions' code, and settings are read in one place."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from scan_brief_cdk.bundle import PROJECT_ROOT

INFRA = PROJECT_ROOT / "infra" / "scan_brief_cdk"
MODULES = sorted(INFRA.rglob("*.py"))
PURE = (
    INFRA / "watch.py",
    INFRA / "product" / "network_pattern.py",
    INFRA / "repository_policy.py",
    *(path for path in MODULES if path.parent == INFRA / "settings"),
)
# What each package may have of what stands beside it.
LAYERS = {
    "settings": {"watch", "repository_policy"},
    "repository": {"settings", "properties", "repository_policy"},
    "notifier": {"settings", "properties", "watch", "bundle"},
    "product": {"settings", "watch", "bundle", "scan_brief_stack"},
}


def name(path: Path) -> str:
    return str(path.relative_to(INFRA))


def imported(path: Path) -> set[str]:
    """The dotted names of the modules that the file imports, wherever in it."""
    tree = ast.parse(path.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [node for node in froms if node.level], "relative imports hide where a module comes from"
    return names | {str(node.module) for node in froms}


def tops(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


def calls(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_infra_imports_neither_the_functions_nor_the_local_runner(path: Path) -> None:
    assert not tops(path) & {"scan_brief", "lambdas", "local", "tests", "boto3", "botocore"}


@pytest.mark.parametrize("path", PURE, ids=name)
def test_what_is_pure_imports_no_cdk_and_no_edge(path: Path) -> None:
    edges = {"aws_cdk", "constructs", "cdk_nag", "os", "sys", "subprocess", "pathlib", "socket", "logging"}
    assert not tops(path) & edges


@pytest.mark.parametrize("layer", LAYERS)
def test_a_package_knows_only_what_is_below_it(layer: str) -> None:
    names = [one.split(".") for path in (INFRA / layer).glob("*.py") for one in imported(path)]
    known = {parts[1] for parts in names if parts[0] == INFRA.name and parts[1:]}
    assert known
    assert known <= LAYERS[layer] | {layer}


def test_every_package_is_installed() -> None:
    listed = set(
        tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    )
    found = {".".join(path.parent.relative_to(INFRA.parent).parts) for path in INFRA.rglob("__init__.py")}
    assert found == {one for one in listed if one.partition(".")[0] == "scan_brief_cdk"}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_the_context_is_handed_to_the_settings_and_read_nowhere_else(path: Path) -> None:
    readers = calls(path) & {"try_get_context", "get_context", "get_all_context"}
    assert readers == ({"get_all_context"} if path.stem == "app" else set())


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_it_is_for_in_a_line_and_stays_short(path: Path) -> None:
    text = path.read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring is not None
    assert "\n" not in docstring
    assert len(text.splitlines()) <= 200

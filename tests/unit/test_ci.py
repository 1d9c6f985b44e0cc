"""CI runs the project's own targets, actions are pinned by commit, dependencies by version."""

from __future__ import annotations

import re

import pytest

from tests.project import PROJECT_ROOT

WORKFLOWS = sorted((PROJECT_ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOW = "\n".join(path.read_text("utf-8") for path in WORKFLOWS)
RUN = (PROJECT_ROOT / ".ci" / "run").read_text("utf-8")
MAKEFILE = (PROJECT_ROOT / "Makefile").read_text("utf-8")
REQUIREMENTS = ("requirements.in", "lambdas/requirements.in")


def test_actions_are_pinned_by_commit() -> None:
    used = re.findall(r"uses: (.+)", WORKFLOW)
    assert used
    pinned = re.compile(r"[\w-]+/[\w.-]+@[0-9a-f]{40} # v\d+(\.\d+)+")
    assert [action for action in used if not pinned.fullmatch(action)] == []


def test_ci_runs_targets_of_the_makefile_and_the_same_on_a_bare_machine() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    hosted = set(re.findall(r"run: make (\S+)", WORKFLOW))
    bare = set(re.findall(r"^make ([a-z-]+)", RUN, re.MULTILINE))
    assert hosted | bare <= targets
    assert hosted == bare | {"test-sfn-local"}  # which needs Docker


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_dependencies_are_pinned_by_version(name: str) -> None:
    lines = (PROJECT_ROOT / name).read_text("utf-8").splitlines()
    given = [line.partition("#")[0].strip() for line in lines]
    named = [line for line in given if line and not line.startswith("-r ")]
    assert [line for line in named if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)] == []
    locked = (PROJECT_ROOT / name.replace(".in", ".lock")).read_text("utf-8")
    assert [line for line in named if f"{line} \\" not in locked.splitlines()] == []


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_locked_packages_have_hashes_and_no_host(name: str) -> None:
    locked = (PROJECT_ROOT / name.replace(".in", ".lock")).read_text("utf-8")
    packages = re.split(r"\n(?=[a-z])", locked)
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert "http" not in re.sub(r"^[a-z0-9-]+==", "", locked, flags=re.MULTILINE)

"""The wheel in a fresh environment, with the declared dependencies and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement

from tests.project import PROJECT_ROOT

_SOURCES = (
    "cli",
    "common",
    "infra",
    "lambdas",
    "workflow",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)


def build_wheel(folder: Path) -> Path:
    """The wheel of a copy of the sources: a build leaves files among them."""
    sources = folder / "sources"
    sources.mkdir()
    for name in _SOURCES:
        if (PROJECT_ROOT / name).is_dir():
            shutil.copytree(
                PROJECT_ROOT / name, sources / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(PROJECT_ROOT / name, sources / name)
    # The development environment has the build's own requirement, setuptools.
    _run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        *_OFFLINE,
        "--no-build-isolation",
        "-w",
        folder,
        sources,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


class Environment:
    """A virtual environment with the wheel.

    Its dependencies are links to those of the development environment: no network is needed, and
    the tests' own packages, `local` and the editable install stay out of sight.
    """

    def __init__(self, folder: Path, wheel: Path) -> None:
        venv.create(folder / "venv", with_pip=False)
        self._bin = folder / "venv" / "bin"
        self._home = folder / "home"
        self._home.mkdir()
        python = self._bin / "python"
        _run(sys.executable, "-m", "pip", "--python", python, "install", *_OFFLINE, wheel)
        found = _run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
        self.site = Path(found.stdout.strip())

    def add_dependencies(self, extra: str = "") -> None:
        """What pip would install of the wheel's metadata."""
        (project,) = distributions(name="scan-brief", path=[str(self.site)])
        for dependency in _find_dependencies(project, extra, set()):
            for path in _list_top_level(dependency):
                source = Path(str(dependency.locate_file(path)))
                if not (self.site / path).exists():
                    (self.site / path).symlink_to(source)

    def run(self, *command: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, for a caller without credentials."""
        program = self._bin / command[0]
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "PYTHON")) and name != "JSII_NODE"
        }
        own = {"HOME": str(self._home), "AWS_EC2_METADATA_DISABLED": "true"}
        return subprocess.run(
            [program, *command[1:]],
            cwd=cwd,
            env=inherited | own | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )


_OFFLINE = ("--quiet", "--no-deps", "--no-index")


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], check=True, capture_output=True, text=True, timeout=300
    )


def _find_dependencies(
    dependent: Distribution, extra: str, seen: set[str]
) -> Iterator[Distribution]:
    """The distributions that a distribution requires, at any depth."""
    for text in dependent.requires or []:
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        if requirement.name not in seen:
            seen.add(requirement.name)
            found = distribution(requirement.name)
            yield found
            yield from _find_dependencies(found, "", seen)


def _list_top_level(dependency: Distribution) -> set[str]:
    files: Iterable[Path] = [Path(str(file)) for file in dependency.files or []]
    return {file.parts[0] for file in files} - {"..", "bin", "__pycache__"}

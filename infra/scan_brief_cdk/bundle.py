"""The functions' code as one folder: the package scan_brief and what its lock names, in pure
Python.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

PROJECT_ROOT = Path(__file__).resolve().parents[2]
# The same files on every host: one platform is asked for whatever this machine is, and what is
# compiled for it is left out afterwards. MarkupSafe falls back to Python where its extension is
# missing.
PLATFORM = (
    "--platform",
    "manylinux2014_x86_64",
    "--implementation",
    "cp",
    "--python-version",
    "3.13",
)
PIP_OPTIONS = (
    "--quiet",
    "--no-deps",
    "--no-compile",
    "--require-hashes",
    "--only-binary=:all:",
    *PLATFORM,
)
# Folder in the checkout -> the package in it.
PACKAGES = {"lambdas": "scan_brief", "common": "scan_brief_common"}
LEFT_OUT_SUFFIXES = (".so", ".pyd", ".c", ".pyc", ".pyi")


class BundleError(Exception):
    """The third-party packages could not be installed; the text says what pip said."""


def build_bundle(root: Path = PROJECT_ROOT) -> Path:
    """Build the bundle of the project under root, or find it built, and return its folder.

    The folder is build/bundle/<hash of its content>, and it does not change once it is there:
    processes that build at once, or use one bundle while the next is built, do not disturb each
    other. pip runs once for each state of lambdas/requirements.lock. Raises BundleError.
    """
    lambdas, build = root / "lambdas", root / "build"
    files = _package_files(root) | _third_party_files(
        _install_once(lambdas / "requirements.lock", build)
    )
    target = build / "bundle" / _content_hash(files)
    if not target.is_dir():
        with _appearing_at_once(target) as folder:
            _copy(files, folder)
    return target


def _package_files(root: Path) -> dict[str, Path]:
    """Path in the bundle -> file, of our own packages."""
    return {
        str(path): root / folder / path
        for folder, package in PACKAGES.items()
        for path in _files(root / folder)
        if path.parts[0] == package
    }


def _third_party_files(vendor: Path) -> dict[str, Path]:
    """Path in the bundle -> file, of what pip installed."""
    return {str(path): vendor / path for path in _files(vendor) if _travels_along(path)}


def _travels_along(path: PurePosixPath) -> bool:
    # bin holds console scripts, which name this machine's Python. Of a dist-info only the licences
    # go along.
    top, *below = path.parts
    return top != "bin" and (not top.endswith(".dist-info") or below[0] == "licenses")


def _files(folder: Path) -> Iterator[PurePosixPath]:
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if path.is_file() and not hidden and path.suffix not in LEFT_OUT_SUFFIXES:
            yield PurePosixPath(relative.as_posix())


def _content_hash(files: Mapping[str, Path]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        content = files[name].read_bytes()
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def _copy(files: Mapping[str, Path], folder: Path) -> None:
    for name, source in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    # Lambda runs the code as another user, whatever the umask here.
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _install_once(lock: Path, build: Path) -> Path:
    """The folder with what pip installs from the lock, installed if it is not there yet."""
    key = hashlib.sha256(lock.read_bytes() + repr(PIP_OPTIONS).encode()).hexdigest()[:16]
    target = build / f"vendor-{key}"
    if not target.is_dir():
        with _appearing_at_once(target) as folder:
            _install(lock, folder)
    return target


def _install(lock: Path, folder: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        *PIP_OPTIONS,
        "--target",
        str(folder),
        "-r",
        str(lock),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BundleError(f"pip could not install {lock.name}:\n{done.stderr.strip()}")


@contextmanager
def _appearing_at_once(target: Path) -> Iterator[Path]:
    """A folder to fill, which then becomes target in one step, unless another process was faster."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as temporary:
        folder = Path(temporary) / target.name
        folder.mkdir(mode=0o755)
        yield folder
        try:
            folder.rename(target)
        except OSError:
            if not target.is_dir():
                raise

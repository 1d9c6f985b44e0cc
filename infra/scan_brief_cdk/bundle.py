"""The functions' code as one folder: our packages and those in the lock, in pure Python."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from platformdirs import user_cache_path

from scan_brief_cdk.files import CHECKOUT, FUNCTION_PACKAGES, REQUIREMENTS_LOCK
from scan_brief_cdk.inspector_model import ModelError, provide_model

# The same files on every host: pip always gets one platform, and what is compiled for it is left
# out afterwards. MarkupSafe falls back to Python where its extension is missing.
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
# Versions, not their ranges. The rest of these packages would be an eighth of the bundle.
SHIPPED_PARTS = {
    "packaging": ("__init__.py", "version.py"),
    "univers": (
        *("__init__.py", "arch.py", "datetime.py", "debian.py", "gem.py", "gentoo.py", "intdot.py"),
        *("maven.py", "nuget.py", "rpm.py", "utils.py", "versions.py"),
        *("conan/__init__.py", "conan/errors.py", "conan/version.py"),
    ),
}
# What the functions never import: extensions of the languages of paths and templates.
LEFT_OUT = ("jsonpath_ng/ext/", "jsonpath_ng/_ply_tables/ext_", "jinja2/ext.py")
# Compiled, or tzdata's sources and lists, of which zoneinfo reads none.
EXCLUDED_SUFFIXES = (".so", ".pyd", ".c", ".pyc", ".pyi", ".zi", ".tab")
# aws.inspector puts this folder of the bundle into the search path of botocore's loader.
MODELS = "aws-models"


class BundleError(Exception):
    """The third-party packages, or Inspector's service model, could not be installed; the text says
    what pip said.
    """


def choose_build_folder() -> Path:
    """`build/` of the checkout; without a checkout, the user's cache folder."""
    return CHECKOUT / "build" if CHECKOUT else user_cache_path("scan-brief", appauthor=False)


def build_bundle(
    build: Path | None = None,
    *,
    packages: Mapping[str, Path] = FUNCTION_PACKAGES,
    lock: Path = REQUIREMENTS_LOCK,
) -> Path:
    """Build the bundle, or find it built, and return its folder.

    build: the folder to build in; choose_build_folder's if none is given. packages: the functions'
    packages, name to folder. lock: their dependencies, with hashes. Raises BundleError.

    The folder is bundle/<hash of its content> in the build folder, and it never changes: processes
    that build at the same time, or use one bundle while the next is built, do not disturb each
    other. pip runs once for each content of the lock.
    """
    folder = build or choose_build_folder()
    files = (
        _package_files(packages)
        | _third_party_files(_install_once(lock, folder))
        | _model_files(folder)
    )
    target = folder / "bundle" / _content_hash(files)
    if not target.is_dir():
        with _appearing_at_once(target) as temporary:
            _copy(files, temporary)
    return target


def extend_bundle(bundle: Path, name: str, content: str) -> Path:
    """A bundle with one file more, next to the one that it extends."""
    data = content.encode()
    key = hashlib.sha256(f"{name}\n".encode() + data).hexdigest()[:16]
    target = bundle.with_name(f"{bundle.name}-{key}")
    if not target.is_dir():
        with _appearing_at_once(target) as temporary:
            shutil.copytree(bundle, temporary, dirs_exist_ok=True)
            (temporary / name).write_bytes(data)
            (temporary / name).chmod(0o644)
    return target


def _package_files(packages: Mapping[str, Path]) -> dict[str, Path]:
    """Path in the bundle -> file, of our own packages."""
    return {
        f"{name}/{path}": folder / path
        for name, folder in packages.items()
        for path in _files(folder)
    }


def _model_files(build: Path) -> dict[str, Path]:
    """Path in the bundle -> file, of Inspector's service model."""
    try:
        folder = provide_model(build)
    except ModelError as fault:
        raise BundleError(str(fault)) from fault
    return {f"{MODELS}/{path}": folder / path for path in _files(folder)}


def _third_party_files(vendor: Path) -> dict[str, Path]:
    """Path in the bundle -> file, of what pip installed."""
    return {str(path): vendor / path for path in _files(vendor) if _is_shipped(path)}


def _is_shipped(path: PurePosixPath) -> bool:
    # bin/ holds console scripts, which name this machine's Python. Of a dist-info only the licenses
    # are shipped.
    top, *below = path.parts
    if top.endswith(".dist-info"):
        return below[0].startswith(("licenses", "LICENSE"))
    parts = SHIPPED_PARTS.get(top)
    if str(path).startswith(LEFT_OUT):
        return False
    return top != "bin" and (parts is None or "/".join(below) in parts)


def _files(folder: Path) -> Iterator[PurePosixPath]:
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if path.is_file() and not hidden and path.suffix not in EXCLUDED_SUFFIXES:
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
    # Lambda runs the code as another user, so the umask of this machine must not apply.
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _install_once(lock: Path, build: Path) -> Path:
    """The folder with what pip installs from the lock; pip runs if the folder does not exist."""
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
    """A folder to fill. It then becomes target in one step, unless another process was faster."""
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

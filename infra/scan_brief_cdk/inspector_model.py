"""Inspector's service model for the bundle, from a pinned and hashed wheel of botocore."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from scan_brief_cdk.files import CHECKOUT, INSPECTOR_MODEL_LOCK

# What botocore's loader reads below a folder of its search path, and the licence of what it reads.
_MODEL = "botocore/data/inspector2/2020-06-08/service-2.json.gz"
_LICENSES = ("LICENSE.txt", "NOTICE")
PIP_OPTIONS = ("--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:")


class ModelError(Exception):
    """The wheel could not be downloaded, or has no such model; the text says why."""


def locate_model(build: Path, lock: Path = INSPECTOR_MODEL_LOCK) -> Path:
    """The folder that provide_model fills, below the build folder; it may not exist yet."""
    key = hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    return build / f"inspector-model-{key}"


def provide_model(build: Path, lock: Path = INSPECTOR_MODEL_LOCK) -> Path:
    """A folder for the search path of botocore's loader; pip runs once for each lock.

    Raises ModelError.
    """
    folder = locate_model(build, lock)
    if not folder.is_dir():
        build.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=build) as temporary:
            made = Path(temporary) / "model"
            _extract(_download(lock, Path(temporary)), made)
            try:
                made.rename(folder)
            except OSError:  # another process was faster
                if not folder.is_dir():
                    raise
    return folder


def _download(lock: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", *PIP_OPTIONS]
    done = subprocess.run(
        [*command, "--dest", str(folder), "-r", str(lock)],
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = list(folder.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        raise ModelError(f"pip could not download {lock.name}:\n{done.stderr.strip()}")
    return wheels[0]


def _extract(wheel: Path, folder: Path) -> None:
    folder.mkdir(mode=0o755)
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        if _MODEL not in names:
            raise ModelError(f"{wheel.name} has no {_MODEL}")
        target = folder / Path(_MODEL).relative_to("botocore/data")
        target.parent.mkdir(parents=True)
        target.write_bytes(archive.read(_MODEL))
        for name in names:
            if ".dist-info/" in name and Path(name).name in _LICENSES:
                (folder / Path(name).name).write_bytes(archive.read(name))


if __name__ == "__main__":  # `make setup`, so that a command needs no network later
    if CHECKOUT:
        provide_model(CHECKOUT / "build")

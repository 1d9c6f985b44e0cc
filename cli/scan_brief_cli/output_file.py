"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from scan_brief_cli.bad_input import BadInput


def write_file(file: Path, content: bytes) -> None:
    """Replaces the file at once, so that no reader sees half of it. Raises BadInput."""
    try:
        if (
            file.exists() and not file.is_file()
        ):  # a device, a pipe; for a folder, the error says so
            file.write_bytes(content)
        else:
            _replace(file.resolve(), content)
    except OSError as fault:
        raise BadInput(f"{file}: {fault.strerror}") from fault


def _replace(file: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name[:100]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(_find_mode(file))
        Path(name).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _find_mode(file: Path) -> int:
    """That of the file; of a new one, what the process's mask leaves."""
    if file.exists():
        return file.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask

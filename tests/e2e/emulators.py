"""Functions of the tests of the emulator."""

from __future__ import annotations

import io
import zipfile

from local.emulator.process import Emulator

ROLE = "arn:aws:iam::111122223333:role/any"


def create_function(emulator: Emulator, name: str, code: str) -> str:
    """A function whose handler is `handle`; its ARN."""
    archived = io.BytesIO()
    with zipfile.ZipFile(archived, "w") as archive:
        archive.writestr("code.py", code)
    created = emulator.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="code.handle",
        Role=ROLE,
        Code={"ZipFile": archived.getvalue()},
        Timeout=60,
    )
    return str(created["FunctionArn"])


def fail(message: str) -> None:
    raise AssertionError(message)

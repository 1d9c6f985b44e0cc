"""Input files, and callers with and without credentials."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials: not in the environment, in files, or from an EC2 instance."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "BOTO_CONFIG"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def with_credentials(without_credentials: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key, and the region in the variable that AWS_REGION overrides."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2hunter2")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Writes a file, as JSON unless it is text or bytes; returns its path."""

    def write_file(content: object, name: str = "file.json") -> str:
        file = tmp_path / name
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(file)

    return write_file

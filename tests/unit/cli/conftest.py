"""Somebody who is not signed in, on a machine that is no EC2 instance."""

from __future__ import annotations

import os

import pytest


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without anything of AWS's in environment and files."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "BOTO_CONFIG"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def somebody(nobody: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a key, and with a region of the kind that AWS_REGION goes before."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2hunter2")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")

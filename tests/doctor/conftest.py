"""The stage with an image pushed and scanned, and the gate before it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.doctor.gate import Answer, Gate, error
from tests.doctor.surgery import ENHANCED, MODELS, Surgery, list_executions
from tests.stage import Stage


@pytest.fixture
def surgery(stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Surgery]:
    """All is well."""
    with Gate(stage.deployment.emulator.endpoint_url) as gate:
        for name in [name for name in os.environ if name.startswith("AWS_") or name.lower().endswith("_proxy")]:
            monkeypatch.delenv(name)
        # A session of boto3 reads the models of all its services anew, which would be most of these tests' time.
        monkeypatch.setattr("botocore.session.create_loader", lambda *_: MODELS)
        for name, value in stage.deployment.emulator.environment.items():
            if name.startswith("AWS_"):
                monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_ENDPOINT_URL", gate.endpoint_url)
        monkeypatch.setenv("AWS_ENDPOINT_URL_INSPECTOR2", stage.double.endpoint_url)
        gate.answers["GetRegistryScanningConfiguration"] = Answer(ENHANCED)
        gate.answers["GetRegistryPolicy"] = error("RegistryPolicyNotFoundException")
        prepared = Surgery(stage, gate, capsys)
        prepared.push()
        prepared.cover("SUCCESSFUL")
        gate.answers["ListExecutions"] = list_executions("SUCCEEDED")
        try:
            yield prepared
        finally:
            prepared.remove()
            stage.double.statuses = {}

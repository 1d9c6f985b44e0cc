"""The stage that workflow and end-to-end tests share, and the option that writes the goldens anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.deployment import synthesize
from local.inspector2_double import FaultPlan
from local.scan_files import SAMPLE, read_event, read_findings
from tests.stage import Stage, open_stage


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest <a test of goldens> --update-goldens`, then read the difference before committing it."""
    parser.addoption("--update-goldens", action="store_true", help="write goldens and generated documents anew")


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cloud assembly that AWS would get, of the settings in cdk.json."""
    folder = tmp_path_factory.mktemp("assembly") / "cdk.out"
    synthesize({}, folder)
    return folder


@pytest.fixture(scope="session")
def deployed_stage(assembly: Path) -> Iterator[Stage]:
    """Use `stage`, which is the same, set back before each test."""
    with open_stage(assembly) as stage:
        stage.deployment.subscribe("https", f"{stage.outbox.endpoint_url}/https/chat")
        yield stage


@pytest.fixture
def stage(deployed_stage: Stage) -> Stage:
    """The deployed stack with the sample's findings, no faults and an empty outbox."""
    deployed_stage.wait_until_delivered()
    deployed_stage.double.findings = read_findings([SAMPLE / "findings.json"])
    deployed_stage.double.coverage = None
    deployed_stage.double.plan = FaultPlan()
    deployed_stage.outbox.clear()
    return deployed_stage


@pytest.fixture
def event() -> dict[str, Any]:
    """The sample's scan event, free to change."""
    copied: dict[str, Any] = json.loads(json.dumps(read_event(SAMPLE / "event.json")))
    return copied

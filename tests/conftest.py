"""The stage that workflow and end-to-end tests share, and the option that writes the goldens anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.deployment import deploy, synthesize
from local.emulator import Emulator
from local.inspector2_double import FaultPlan, Inspector2Double
from local.outbox import Outbox
from local.scan_files import SAMPLE, read_event, read_findings
from tests.stage import Stage

# Waits and retry pauses of the state machine take a thousandth of their time; its order of things stays.
_WAIT_SCALE = 0.001


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
    with (
        Outbox() as outbox,
        Inspector2Double() as double,
        Emulator(
            account="111122223333", region="ap-northeast-1", outbox=outbox.endpoint_url, wait_scale=_WAIT_SCALE
        ) as emulator,
    ):
        deployment = deploy(emulator, assembly)
        deployment.reach_inspector_at(double.endpoint_url)
        deployment.subscribe("https", f"{outbox.endpoint_url}/https/chat")
        yield Stage(deployment, double, outbox)


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

"""The harness of the workflow and end-to-end tests, and the option that updates goldens."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local import sample_settings
from local.emulator.deployment import synthesize
from local.inspector2_double import FaultPlan
from scan_brief_cdk.cdk_json import read_context
from scan_brief_cli.scan_files import SAMPLE, read_event, read_findings
from tests.harness import StackHarness, open_harness
from tests.live import ACCOUNT, Refused, open_account


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest TEST --update-goldens`; read the difference before you commit it."""
    parser.addoption(
        "--update-goldens", action="store_true", help="write goldens and generated documents again"
    )
    parser.addoption(
        "--live", action="store_true", help="run the states' cases on AWS, in your own account"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--live"):
        try:
            config.stash[ACCOUNT] = open_account()
        except Refused as refused:
            raise pytest.UsageError(f"--live: {refused}") from None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: many tests wait for the emulator's retries and pauses."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_report_header(config: pytest.Config) -> list[str]:
    account = config.stash.get(ACCOUNT, None)
    return [account.describe()] if account else []


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cloud assembly for the sample's settings."""
    folder = tmp_path_factory.mktemp("assembly") / "cdk.out"
    synthesize(read_context(sample_settings.FILE), folder)
    return folder


@pytest.fixture(scope="session")
def deployed_harness(assembly: Path) -> Iterator[StackHarness]:
    """Use `harness` instead: the same, reset before each test."""
    with open_harness(assembly) as harness:
        harness.deployment.subscribe("https", f"{harness.outbox.endpoint_url}/https/chat")
        yield harness


@pytest.fixture
def harness(deployed_harness: StackHarness) -> StackHarness:
    """The deployed stack with the sample's findings, no faults and an empty outbox."""
    deployed_harness.wait_until_delivered()
    deployed_harness.double.findings = read_findings([SAMPLE / "findings.json"])
    deployed_harness.double.coverage = None
    deployed_harness.double.plan = FaultPlan()
    deployed_harness.outbox.clear()
    deployed_harness.forget()
    return deployed_harness


@pytest.fixture
def event() -> dict[str, Any]:
    """The sample's scan event, free to change."""
    copied: dict[str, Any] = json.loads(json.dumps(read_event(SAMPLE / "event.json")))
    return copied

"""The product as an account's owner deploys it: `make template`'s files, and AWS's own command line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.bundle import PROJECT_ROOT
from infra.product import TEMPLATE, write_product
from local.deployment import Deployment
from local.emulator import Emulator
from local.inspector2_double import Inspector2Double
from local.outbox import Outbox
from local.scan_files import SAMPLE, read_findings
from tests.stage import Stage

AWS = Path(sys.executable).parent / "aws"
BUCKET = "templates-of-111122223333"
STACK = "SampleAppBriefs"
GOOD = {
    "RepositoryName": "sample-app",
    "EcrApiVpcEndpointId": "vpce-0123456789abcdef0",
    "EcrDkrVpcEndpointId": "vpce-0fedcba9876543210",
    "MyIP": "203.0.113.0/24",
    "EMail": "platform-team@example.com",
}


class CommandLine:
    """AWS's command line with the emulator for AWS, and a home of its own."""

    def __init__(self, emulator: Emulator, home: Path) -> None:
        self._environment = emulator.environment | {"HOME": str(home)}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(AWS), *arguments]
        return subprocess.run(
            command, env=self._environment, capture_output=True, text=True, check=False, timeout=300
        )

    def deploy(self, template: Path, parameters: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """As docs/deploy.md says it."""
        overrides = [f"{name}={value}" for name, value in parameters.items()]
        where = ("--template-file", str(template), "--stack-name", STACK, "--s3-bucket", BUCKET)
        what = ("--capabilities", "CAPABILITY_IAM", "--parameter-overrides", *overrides)
        return self.run("cloudformation", "deploy", *where, *what)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Outbox() as outbox:
        yield outbox

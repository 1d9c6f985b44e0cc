"""The product of `make template`, deployed with the AWS CLI."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.emulator.deployment import Deployment
from local.emulator.outbox import Outbox
from local.emulator.process import Emulator
from local.inspector2_double import Inspector2Double
from scan_brief_cli.scan_files import SAMPLE, read_findings
from tests.harness import StackHarness, open_emulator
from tests.project import PROJECT_ROOT

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
    """The AWS CLI, for which the emulator is AWS, with an empty home folder."""

    def __init__(self, emulator: Emulator, home: Path) -> None:
        self._variables = emulator.environment | {"HOME": str(home)}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "awscli", *arguments]
        return subprocess.run(
            command, env=self._variables, capture_output=True, text=True, check=False, timeout=300
        )

    def deploy(
        self, stack: str, packaged: Path, parameters: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        where = ("--template-file", str(packaged), "--stack-name", stack, "--s3-bucket", BUCKET)
        what = [f"{name}={value}" for name, value in parameters.items()]
        options = ("--capabilities", "CAPABILITY_IAM", "--parameter-overrides", *what)
        return self.run("cloudformation", "deploy", *where, *options)


@pytest.fixture(scope="module")
def outbox() -> Iterator[Outbox]:
    with Outbox() as outbox:
        yield outbox


@pytest.fixture(scope="module")
def emulator(outbox: Outbox) -> Iterator[Emulator]:
    """A separate emulator, because the harness's has a repository of this name."""
    with open_emulator(outbox) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def aws(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(emulator, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def packaged(aws: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template after the upload, from the files that `make template` writes."""
    folder = tmp_path_factory.mktemp("product")
    made, packaged = folder / "template", folder / "packaged.yaml"
    write = [sys.executable, "-m", "scan_brief_cdk.service_catalog.command", "--output", str(made)]
    done = subprocess.run(write, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    template = ("--template-file", str(made / "scan-brief.template.json"))
    for command in (
        ("s3", "mb", f"s3://{BUCKET}"),
        (
            "cloudformation",
            "package",
            *template,
            "--s3-bucket",
            BUCKET,
            "--output-template-file",
            str(packaged),
        ),
    ):
        uploaded = aws.run(*command)
        assert uploaded.returncode == 0, uploaded.stderr
    return packaged


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"RepositoryName": "Sample-App"}, "'RepositoryName' must be 2 to 256 characters"),
        (
            {"EcrApiVpcEndpointId": "vpc-0123abcd"},
            "'EcrApiVpcEndpointId' must be the id of a VPC endpoint",
        ),
        (
            {"EcrDkrVpcEndpointId": GOOD["EcrApiVpcEndpointId"]},
            "EcrDkrVpcEndpointId must be two endpoints",
        ),
        ({"MyIP": "203.0.113.7/24"}, "'MyIP' must be a public IPv4 network in CIDR notation"),
        ({"EMail": "platform-team@example"}, "'EMail' must be one email address"),
    ],
)
def test_a_bad_parameter_is_refused_by_name_before_anything_is_made(
    aws: CommandLine, packaged: Path, emulator: Emulator, change: dict[str, str], expected: str
) -> None:
    done = aws.deploy("Refused", packaged, GOOD | change)
    assert done.returncode != 0
    assert re.search(rf"ValidationError.*{re.escape(expected)}", done.stderr)
    stacks = emulator.client("cloudformation").describe_stacks()["Stacks"]
    assert "Refused" not in {stack["StackName"] for stack in stacks}


def test_a_missing_parameter_is_named(aws: CommandLine, packaged: Path) -> None:
    """No parameter has a default."""
    done = aws.deploy(
        "Refused", packaged, {name: value for name, value in GOOD.items() if name != "MyIP"}
    )
    assert done.returncode != 0
    assert "MyIP" in done.stderr


def test_a_scan_of_the_product_gives_a_brief_to_the_address_of_the_parameter(
    aws: CommandLine, packaged: Path, emulator: Emulator, outbox: Outbox, event: dict[str, Any]
) -> None:
    done = aws.deploy(STACK, packaged, GOOD)
    assert done.returncode == 0, done.stderr
    (stack,) = emulator.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    deployment = Deployment(emulator, outputs)
    deployment.deliver_mail()
    with Inspector2Double(read_findings([SAMPLE / "findings.json"])) as double:
        deployment.reach_inspector_at(double.endpoint_url)
        harness = StackHarness(deployment, double, outbox)
        outcome = harness.scan(event)
        assert (outcome.status, outcome.task_errors) == ("SUCCEEDED", [])
        mail = harness.receive()
    assert mail.to == GOOD["EMail"]
    assert mail.subject == "CRITICAL 13 · sample-app:1.4.2 (+1 tag) · 60 findings"

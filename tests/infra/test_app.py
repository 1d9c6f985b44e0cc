"""The app as the CDK command line runs it: with the context in the environment."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scan_brief_cdk.app import STACK_ID
from scan_brief_cdk.cdk_json import read_context
from scan_brief_cdk.settings import Settings, SettingsError
from scan_brief_cdk.settings.settings import KEYS
from tests.project import PROJECT_ROOT


def run(context: dict[str, Any], outdir: Path) -> subprocess.CompletedProcess[str]:
    """Run it without credentials."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    environment |= {
        "CDK_CONTEXT_JSON": json.dumps(context),
        "CDK_OUTDIR": str(outdir),
        "HOME": str(outdir),
    }
    command = [sys.executable, "-m", "scan_brief_cdk.app"]
    return subprocess.run(
        command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"topFindings": "0"}, 'topFindings: given "0"; accepted: a whole number from 1 to 50'),
        ({"language": "fr"}, 'language: given "fr"; accepted: en or ja'),
    ],
)
def test_a_bad_setting_ends_synth_with_one_line(
    sample_context: dict[str, Any], change: dict[str, Any], line: str, tmp_path: Path
) -> None:
    done = run(sample_context | change, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"scan-brief settings: {line}\n")


def shipped_context() -> dict[str, Any]:
    return read_context(PROJECT_ROOT / "cdk.json")


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({}, "repositoryName: given nothing; accepted: a repository name, or repositories, or"),
        ({"emails": "you@example.com"}, "repositoryName: given nothing; accepted: "),
        ({"repositoryName": "my-app"}, "ecrApiVpcEndpointId: given nothing; accepted: "),
        (
            {"repositoryName": "my-app", "ecrApiVpcEndpointId": "vpce-0a0a0a0a"},
            "ecrDkrVpcEndpointId: given nothing; accepted: ",
        ),
        (
            {
                "repositories": "my-app",
                "ecrApiVpcEndpointId": "vpce-0a0a0a0a",
                "ecrDkrVpcEndpointId": "vpce-0b0b0b0b",
            },
            "allowedCidrs: given nothing; accepted: ",
        ),
    ],
)
def test_a_deployment_needs_values_of_ones_own(given: dict[str, Any], line: str) -> None:
    with pytest.raises(SettingsError, match=line):
        Settings.from_context(shipped_context() | given)


def test_the_first_deployment_is_refused_in_one_line(tmp_path: Path) -> None:
    done = run(shipped_context(), tmp_path)
    line = "repositoryName: given nothing; accepted: a repository name, or repositories, or"
    assert done.stderr == f"scan-brief settings: {line} existingRepositories\n"
    assert (done.returncode, list(tmp_path.glob("*.template.json"))) == (1, [])


def test_the_start_in_the_readme_creates_no_repository() -> None:
    options = re.findall(r"-c (\w+)=([^\s`]*)", (PROJECT_ROOT / "README.md").read_text("utf-8"))
    settings = Settings.from_context(shipped_context() | dict(options))
    assert (settings.repository, settings.repositories) == (None, ())
    assert [(route.name, route.emails) for route in settings.routes] == [
        ("my-app", ("you@example.com",))
    ]


def test_the_shipped_settings_have_no_values_of_an_account() -> None:
    assert set(shipped_context()) & set(KEYS) == {"language", "topFindings", "timeZone"}


def test_synthesis_needs_no_credentials_and_is_reproducible(
    sample_context: dict[str, Any], template_json: dict[str, Any], tmp_path: Path
) -> None:
    done = run(sample_context, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((tmp_path / f"{STACK_ID}.template.json").read_text("utf-8")) == template_json


def test_the_cdk_command_line_runs_it() -> None:
    assert (
        json.loads((PROJECT_ROOT / "cdk.json").read_text("utf-8"))["app"]
        == "python -m scan_brief_cdk.app"
    )

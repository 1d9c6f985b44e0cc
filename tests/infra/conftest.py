"""The synthesized app, created once per session, because starting jsii takes seconds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.assertions import Template

from local import sample_settings
from scan_brief_cdk.app import STACK_ID, build_app
from scan_brief_cdk.bundle import build_bundle
from scan_brief_cdk.cdk_json import read_context
from scan_brief_cdk.service_catalog.command import write_product
from tests.project import PROJECT_ROOT

# Every setting other than the sample's, as the command line would give it.
CHOSEN = {
    "repositoryName": "team/other-app",
    "ecrApiVpcEndpointId": "vpce-0a0a0a0a",
    "ecrDkrVpcEndpointId": "vpce-0b0b0b0b",
    "allowedCidrs": "198.51.100.0/24,2001:db8::/32",
    "emails": "one@example.com, two@example.org",
    "minimumSeverity": "HIGH",
    "knownExploitedOnly": "true",
    "topicArns": "arn:aws:sns:eu-central-1:111122223333:copies",
    "publishEvents": "true",
    "language": "ja",
    "topFindings": "25",
    "timeZone": "Asia/Tokyo",
    "settleAttempts": "2",
    "settleWaitSeconds": "5",
    "detailCalls": "9",
    "fetchConcurrency": "7",
    "watchMinutes": "45",
    "gatherAbove": "7",
    "gatherMinutes": 9,
    "ignoreFile": str(PROJECT_ROOT / "tests/infra/ignored.vex.json"),
    "layerOwners": [{"repository": "base/*", "owner": "platform team"}],
    "chatButtons": "true",
    "imageTagMutability": "IMMUTABLE",
    "untaggedImageExpiryDays": "14",
    "maxImageCount": "100",
    "exemptPrincipalArns": "arn:aws:iam::111122223333:role/ci/push",
    "logRetentionDays": "30",
    "alarmTopicArn": "arn:aws:sns:eu-central-1:111122223333:alarms",
    "registryScanFrequency": "CONTINUOUS_SCAN",
    "digest": "weekly",
    "digestHour": "17",
    "digestDay": "FRI",
    "digestTimeZone": "America/New_York",
    "digestAllQuiet": "true",
    "urgent": "true",
    "urgentPerHour": "3",
    "stackName": "OtherBrief",
    "@aws-cdk/core:bootstrapQualifier": "qual1",
}


@pytest.fixture(scope="session")
def sample_context() -> dict[str, Any]:
    """The context of cdk.json with the sample's settings."""
    return read_context(PROJECT_ROOT / "cdk.json") | read_context(sample_settings.FILE)


@pytest.fixture(scope="session")
def bundle() -> Path:
    return build_bundle()


@pytest.fixture(scope="session")
def assembly(sample_context: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `cdk synth` writes with the sample's settings."""
    outdir = tmp_path_factory.mktemp("assembly")
    build_app(context=sample_context, outdir=outdir).synth()
    return outdir


@pytest.fixture(scope="session")
def template_json(assembly: Path) -> dict[str, Any]:
    return _template(assembly)


@pytest.fixture(scope="session")
def template(template_json: dict[str, Any]) -> Template:
    return Template.from_json(template_json)


@pytest.fixture(scope="session")
def chosen_assembly(
    sample_context: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """What `cdk synth` writes with every setting chosen."""
    outdir = tmp_path_factory.mktemp("chosen")
    build_app(context=sample_context | CHOSEN, outdir=outdir).synth()
    return outdir


@pytest.fixture(scope="session")
def chosen_json(chosen_assembly: Path) -> dict[str, Any]:
    return _template(chosen_assembly)


@pytest.fixture(scope="session")
def chosen(chosen_json: dict[str, Any]) -> Template:
    return Template.from_json(chosen_json)


def _template(assembly: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((assembly / f"{STACK_ID}.template.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make template` writes."""
    folder = tmp_path_factory.mktemp("product") / "template"
    write_product(folder)
    return folder

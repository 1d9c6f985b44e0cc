"""The settings as a whole: the defaults, the keys of the CDK, and limits of several settings."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_logs as logs
from aws_cdk.assertions import Template

from scan_brief_cdk import Digests
from scan_brief_cdk.repository_policy import (
    deny_all_others,
    deployment_role_arn,
    fits_policy_limit,
    inspector_role_arn,
)
from scan_brief_cdk.settings import Settings, SettingsError
from scan_brief_cdk.settings.gathering import Gathering
from scan_brief_common.limits import LOG_RETENTION_DAYS

REQUIRED: dict[str, object] = {
    "repositoryName": "sample-app",
    "ecrApiVpcEndpointId": "vpce-0123456789abcdef0",
    "ecrDkrVpcEndpointId": "vpce-0fedcba9876543210",
    "allowedCidrs": ["203.0.113.0/24"],
}


def test_defaults() -> None:
    assert dataclasses.asdict(Settings.from_context(REQUIRED)) == {
        "repository": {
            "repository_name": "sample-app",
            "ecr_api_vpc_endpoint_id": "vpce-0123456789abcdef0",
            "ecr_dkr_vpc_endpoint_id": "vpce-0fedcba9876543210",
            "allowed_cidrs": ("203.0.113.0/24",),
            "exempt_principal_arns": (),
            "image_tag_mutability": "MUTABLE",
            "untagged_image_expiry_days": 0,
            "max_image_count": 0,
        },
        "repositories": (),
        "routes": (
            {"name": "sample-app", "emails": ()}
            | dict.fromkeys(("language", "top_findings", "time_zone", "ignore_file"))
            | {"minimum_severity": None, "known_exploited_only": False, "topic_arns": ()},
        ),
        "language": "en",
        "top_findings": 10,
        "time_zone": "UTC",
        "settle_attempts": 4,
        "settle_wait_seconds": 30,
        "detail_calls": 200,
        "fetch_concurrency": None,
        "watch_minutes": 30,
        "gathering": dataclasses.asdict(Gathering()),
        "ignore_file": None,
        "layer_owners": (),
        "chat_buttons": False,
        "log_retention_days": 90,
        "operations_emails": None,
        "alarm_topic_arn": None,
        "registry_scan_frequency": None,
        "stack_name": "ScanBrief",
        "bootstrap_qualifier": "hnb659fds",
        "publish_events": False,
        "digests": dataclasses.asdict(Digests()),
        "urgent": {"enabled": False, "per_hour": 5},
    }


@pytest.mark.parametrize("key", REQUIRED)
def test_a_required_setting_that_is_missing_is_refused_like_null(key: str) -> None:
    rest = {other: value for other, value in REQUIRED.items() if other != key}
    for context in (rest, {**rest, key: None}):
        with pytest.raises(SettingsError, match=f"^scan-brief settings: {key}: given nothing; acc"):
            Settings.from_context(context)


def test_an_unknown_name_is_the_first_error() -> None:
    with pytest.raises(SettingsError, match=r"^scan-brief settings: emial: given 1; "):
        Settings.from_context({"topFindings": 0, "emial": 1})


@pytest.mark.parametrize(
    "key",
    [
        *("@aws-cdk/core:newStyleStackSynthesis", "aws:cdk:enable-path-metadata"),
        *("vpc-provider:account=1:region=x", "cdk-something", "awsome"),
        *("cli-telemetry", "acknowledged-issue-numbers"),
    ],
)
def test_the_cdks_own_keys_are_ignored(key: str) -> None:
    assert Settings.from_context({**REQUIRED, key: True}) == Settings.from_context(REQUIRED)


def test_the_retention_periods_are_those_of_cloudwatch_logs() -> None:
    stack = Stack(App(), "Stack")
    for retention in set(logs.RetentionDays) - {logs.RetentionDays.INFINITE}:
        logs.LogGroup(stack, retention.name, retention=retention)
    groups = Template.from_stack(stack).find_resources("AWS::Logs::LogGroup").values()
    retentions = [group["Properties"]["RetentionInDays"] for group in groups]
    assert sorted(retentions) == list(LOG_RETENTION_DAYS)


def test_a_policy_keeps_440_characters_below_the_limit_of_ecr() -> None:
    own = {"partition": "aws-us-gov", "account": "111122223333"}
    exempt = [
        inspector_role_arn(**own),
        deployment_role_arn(**own, region="ap-southeast-99", qualifier="q" * 10),
    ]
    endpoints = ["vpce-0123456789abcdef0", "vpce-0fedcba9876543210"]

    def measure(principal: str) -> int:
        statement = deny_all_others(
            vpc_endpoint_ids=endpoints,
            allowed_cidrs=[],
            exempt_principal_arns=[*exempt, principal],
        )
        return len(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    longest = "a" * (10_240 - 440 - measure(""))
    assert fits_policy_limit(allowed_cidrs=[], exempt_principal_arns=[longest])
    assert not fits_policy_limit(allowed_cidrs=[], exempt_principal_arns=[longest + "a"])


def test_the_settings_can_be_imported_without_the_cdk() -> None:
    code = "import sys; sys.modules['aws_cdk'] = None; import scan_brief_cdk.settings"
    subprocess.run([sys.executable, "-c", code], check=True)

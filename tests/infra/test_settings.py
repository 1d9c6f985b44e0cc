"""The settings as a whole: the keys, the defaults, and how a bad one is refused."""

from __future__ import annotations

import dataclasses

import pytest
from aws_cdk import aws_logs as logs

from scan_brief_cdk.settings import KEYS, QUALIFIER_KEY, Settings, SettingsError
from scan_brief_common.limits import LOG_RETENTION_DAYS

REQUIRED: dict[str, object] = {
    "repositoryName": "sample-app",
    "ecrApiVpcEndpointId": "vpce-0123456789abcdef0",
    "ecrDkrVpcEndpointId": "vpce-0fedcba9876543210",
    "allowedCidrs": ["203.0.113.0/24"],
}


def read(**context: object) -> Settings:
    return Settings.from_context(REQUIRED | context)


def test_defaults() -> None:
    assert dataclasses.asdict(read()) == {
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
            {
                "name": "sample-app",
                "emails": (),
                "language": None,
                "top_findings": None,
                "time_zone": None,
            },
        ),
        "language": "en",
        "top_findings": 10,
        "time_zone": "UTC",
        "settle_attempts": 4,
        "settle_wait_seconds": 30,
        "log_retention_days": 90,
        "alarm_topic_arn": None,
        "registry_scan_frequency": None,
        "stack_name": "ScanBrief",
        "bootstrap_qualifier": "hnb659fds",
    }


@pytest.mark.parametrize("key", REQUIRED)
def test_a_required_setting_is_missed(key: str) -> None:
    with pytest.raises(
        SettingsError, match=f"^scan-brief settings: {key}: given nothing; accepted: "
    ):
        Settings.from_context({other: value for other, value in REQUIRED.items() if other != key})


def test_the_bad_item_of_a_list_is_named() -> None:
    with pytest.raises(SettingsError, match='emails: given "b";'):
        read(emails="a@example.com,b")


def test_what_was_given_is_shown_in_short_and_harmless() -> None:
    with pytest.raises(SettingsError) as refused:
        read(language="x\n\u202e" * 100)
    shown = str(refused.value).partition("given ")[2].partition("; accepted")[0]
    assert len(shown) == 80
    assert shown.isprintable()


def test_an_unknown_setting_is_refused_with_the_one_that_is_near() -> None:
    with pytest.raises(
        SettingsError, match=r'^scan-brief settings: emial: given "x"; .*is emails meant\?$'
    ):
        read(emial="x")


def test_an_unknown_setting_that_is_near_none_is_refused_with_all_names() -> None:
    with pytest.raises(SettingsError) as refused:
        read(zzz=1)
    assert all(key in str(refused.value) for key in KEYS)


@pytest.mark.parametrize(
    "key",
    [
        "@aws-cdk/core:newStyleStackSynthesis",
        "aws:cdk:enable-path-metadata",
        "vpc-provider:account=1:region=x",
        "cdk-something",
        "cli-telemetry",
        "acknowledged-issue-numbers",
    ],
)
def test_what_belongs_to_cdk_is_left_alone(key: str) -> None:
    assert read(**{key: True}) == read()


def test_the_qualifier_of_the_bootstrap_is_read() -> None:
    assert read(**{QUALIFIER_KEY: "team1"}).bootstrap_qualifier == "team1"


def test_the_retentions_are_as_many_as_cdk_knows() -> None:
    assert len(LOG_RETENTION_DAYS) == len(set(logs.RetentionDays) - {logs.RetentionDays.INFINITE})

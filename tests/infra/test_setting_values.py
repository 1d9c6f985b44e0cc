"""Every setting: what is taken, from cdk.json and from the command line, and what is not."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest

from scan_brief_cdk.route import Route
from scan_brief_cdk.settings import KEYS, QUALIFIER_KEY, RepositorySettings, Settings, SettingsError

ROLE = "arn:aws:iam::111122223333:role/deploy"
USER = "arn:aws-cn:iam::111122223333:user/x/y"
TOPIC = "arn:aws:sns:eu-central-1:111122223333:alarms"

GOOD: list[tuple[str, object, object]] = [
    ("repositoryName", "ab", "ab"),
    ("repositoryName", "team/sub-team/app_1.x", "team/sub-team/app_1.x"),
    ("repositoryName", "a" * 256, "a" * 256),
    ("ecrApiVpcEndpointId", "vpce-0123abcd", "vpce-0123abcd"),
    ("ecrDkrVpcEndpointId", "vpce-0123abcd", "vpce-0123abcd"),
    ("allowedCidrs", ["203.0.113.0/24", "2001:db8::/32"], ("203.0.113.0/24", "2001:db8::/32")),
    ("allowedCidrs", "203.0.113.0/24, 198.51.100.7/32", ("203.0.113.0/24", "198.51.100.7/32")),
    ("emails", ["a@example.com"], ("a@example.com",)),
    (
        "emails",
        "a@example.com,b+scan@mail.example.co.jp",
        ("a@example.com", "b+scan@mail.example.co.jp"),
    ),
    ("emails", "", ()),
    ("emails", [], ()),
    ("language", "ja", "ja"),
    ("topFindings", 1, 1),
    ("topFindings", "50", 50),
    ("timeZone", "Asia/Tokyo", "Asia/Tokyo"),
    ("settleAttempts", 1, 1),
    ("settleAttempts", "5", 5),
    ("settleWaitSeconds", 1, 1),
    ("settleWaitSeconds", "300", 300),
    ("imageTagMutability", "IMMUTABLE", "IMMUTABLE"),
    ("untaggedImageExpiryDays", 0, 0),
    ("untaggedImageExpiryDays", "3650", 3650),
    ("maxImageCount", 0, 0),
    ("maxImageCount", "100000", 100_000),
    ("exemptPrincipalArns", [ROLE, USER], (ROLE, USER)),
    ("exemptPrincipalArns", ROLE, (ROLE,)),
    ("logRetentionDays", 1, 1),
    ("logRetentionDays", "3653", 3653),
    ("alarmTopicArn", TOPIC, TOPIC),
    ("alarmTopicArn", "", None),
    ("registryScanFrequency", "SCAN_ON_PUSH", "SCAN_ON_PUSH"),
    ("registryScanFrequency", "CONTINUOUS_SCAN", "CONTINUOUS_SCAN"),
    ("registryScanFrequency", "", None),
    ("stackName", "Team-Brief-2", "Team-Brief-2"),
]
BAD: list[tuple[str, object, str]] = [
    ("repositoryName", "a", "2 to 256 characters"),
    ("repositoryName", "a" * 257, "2 to 256 characters"),
    ("repositoryName", "Sample-App", "a-z"),
    ("repositoryName", "app//x", "between"),
    ("repositoryName", "app\n", "between"),
    ("repositoryName", 12, "2 to 256 characters"),
    ("ecrApiVpcEndpointId", "vpc-0123abcd", "vpce-"),
    ("ecrApiVpcEndpointId", "vpce-0123abcde", "8 or 17"),
    ("ecrDkrVpcEndpointId", "vpce-0123ABCD", "8 or 17"),
    ("ecrDkrVpcEndpointId", ["vpce-0123abcd"], "8 or 17"),
    ("ecrDkrVpcEndpointId", "vpce-0123456789abcdef0", "another endpoint than for the API"),
    ("allowedCidrs", [], "at least 1"),
    ("allowedCidrs", "", "at least 1"),
    ("allowedCidrs", 24, "comma-separated"),
    ("allowedCidrs", ["203.0.113.0/24", 7], "CIDR"),
    ("allowedCidrs", ["203.0.113.0/24", "203.0.113.0/24"], "only once"),
    ("allowedCidrs", "203.0.113.0/24,", "CIDR"),
    ("allowedCidrs", ["203.0.113.7/32", "203.0.113.0/24"], "holds it already"),
    ("allowedCidrs", [f"8.{n % 3}.{n // 3}.0/24" for n in range(700)], "10,240"),
    ("emails", "not an address", "e-mail"),
    ("emails", ["a@example.com", "A@example.com"], "only once"),
    ("emails", ["a@example"], "e-mail"),
    ("emails", ["a..b@example.com"], "e-mail"),
    ("emails", {"a@example.com": 1}, "a list"),
    ("language", "fr", "en or ja"),
    ("language", ["en"], "en or ja"),
    ("topFindings", 0, "from 1 to 50"),
    ("topFindings", "51", "from 1 to 50"),
    ("topFindings", 10.0, "from 1 to 50"),
    ("topFindings", True, "from 1 to 50"),
    ("topFindings", "１０", "from 1 to 50"),
    ("topFindings", "+5", "from 1 to 50"),
    ("timeZone", "Tokyo", "IANA"),
    ("timeZone", "Asia/Tokio", "is Asia/Tokyo meant?"),
    ("timeZone", "../etc/passwd", "IANA"),
    ("timeZone", "Europe", "IANA"),
    ("timeZone", 9, "IANA"),
    ("timeZone", "localtime", "IANA"),
    ("settleAttempts", 0, "from 1 to 5"),
    ("settleAttempts", 6, "from 1 to 5"),
    ("settleWaitSeconds", 0, "from 1 to 300"),
    ("settleWaitSeconds", "301", "from 1 to 300"),
    ("imageTagMutability", "immutable", "MUTABLE or IMMUTABLE"),
    ("untaggedImageExpiryDays", -1, "from 0 to 3650"),
    ("untaggedImageExpiryDays", "3651", "from 0 to 3650"),
    ("maxImageCount", "100001", "from 0 to 100000"),
    ("exemptPrincipalArns", ["*"], "no *"),
    ("exemptPrincipalArns", ["arn:aws:iam::111122223333:role/*"], "no *"),
    ("exemptPrincipalArns", ["arn:aws:iam::111122223333:role/a*/b"], "no *"),
    ("exemptPrincipalArns", ["arn:aws:iam::111122223333:root"], "no account root"),
    (
        "exemptPrincipalArns",
        ["arn:aws:sts::111122223333:assumed-role/deploy/x"],
        "no assumed-role session",
    ),
    ("exemptPrincipalArns", "111122223333", "ARNs of IAM roles or users"),
    ("exemptPrincipalArns", [ROLE, ROLE], "only once"),
    ("exemptPrincipalArns", [f"{ROLE}-{n}" for n in range(250)], "10,240"),
    ("emails", [f"a{n}@example.com" for n in range(201)], "at most 200 e-mail addresses"),
    ("logRetentionDays", 91, "one of 1, 3, 5, 7"),
    ("logRetentionDays", "forever", "one of 1, 3, 5, 7"),
    ("alarmTopicArn", "alarms", "SNS topic"),
    ("alarmTopicArn", f"{TOPIC}.fifo", "standard SNS topic"),
    ("registryScanFrequency", "MANUAL", "SCAN_ON_PUSH or CONTINUOUS_SCAN"),
    ("repositories", ["other-app"], "nothing beside repositoryName"),
    ("existingRepositories", "*", "nothing beside repositoryName"),
    ("stackName", "1-brief", "a letter"),
    ("stackName", "a" * 129, "a letter"),
    (QUALIFIER_KEY, "much-too-long", "1 to 10"),
]


# Their own tests: test_settings_of_many.
LISTS = {"repositories", "existingRepositories"}


def read(settings: Settings, key: str) -> object:
    """The field for the key: of the settings, of their repository, or of a route."""
    name = re.sub(r"[A-Z]", lambda found: "_" + found.group().lower(), key)
    (routes,) = settings.routes
    holders = [one for one in (settings, settings.repository, routes) if hasattr(one, name)]
    return getattr(holders[0], name)


def test_a_key_stands_for_every_field() -> None:
    kinds = (Settings, RepositorySettings, Route)
    fields = {one.name for kind in kinds for one in dataclasses.fields(kind)}
    keys = {
        re.sub(r"[A-Z]", lambda found: "_" + found.group().lower(), key) for key in {*KEYS} - LISTS
    }
    assert fields - keys == {"repository", "repositories", "routes", "name", "bootstrap_qualifier"}
    assert keys <= fields


@pytest.mark.parametrize(("key", "given", "expected"), GOOD)
def test_a_good_value_is_taken(
    sample_context: dict[str, Any], key: str, given: object, expected: object
) -> None:
    settings = Settings.from_context(sample_context | {key: given})
    assert read(settings, key) == expected


@pytest.mark.parametrize(("key", "given", "accepted"), BAD)
def test_a_bad_value_is_refused_in_one_line(
    sample_context: dict[str, Any], key: str, given: object, accepted: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_context(sample_context | {key: given})
    text = str(refused.value)
    assert text.startswith(f"scan-brief settings: {key}: given ")
    assert accepted in text.partition("; accepted: ")[2]
    assert "\n" not in text


def test_every_key_is_tried_with_good_and_bad_values() -> None:
    assert {key for key, _, _ in GOOD} == set(KEYS) - LISTS
    assert {key for key, _, _ in BAD} == {*KEYS, QUALIFIER_KEY}

"""Every setting: which values are accepted, from cdk.json and the command line."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scan_brief_cdk.route import Route
from scan_brief_cdk.settings import KEYS, QUALIFIER_KEY, RepositorySettings, Settings, SettingsError
from scan_brief_cdk.settings.digest import Digests
from scan_brief_cdk.settings.gathering import Gathering
from scan_brief_cdk.settings.owners import LayerOwner
from scan_brief_cdk.settings.urgent import Urgent

ROLE = "arn:aws:iam::111122223333:role/Deploy"
USER = "arn:aws-cn:iam::111122223333:user/x/y"
TOPIC = "arn:aws:sns:eu-central-1:111122223333:alarms"
ENDPOINT = "vpce-0fedcba9876543210"
LISTS = {"repositories", "existingRepositories"}  # their entries: test_settings_of_many
MEANT = f"is {ENDPOINT} meant?"
HALVES = ["203.0.113.0/25", "203.0.113.128/25", "2001:db8::/33", "2001:db8:8000::/33"]

LAYER = "sha256:" + "0a" * 32

# A value that is accepted, and what it is then.
GOOD: list[tuple[str, object, object]] = [
    *(("repositoryName", name, name) for name in ("ab", "team/sub-team/app_1.x", "a" * 256)),
    *((f"ecr{name}VpcEndpointId", "vpce-0123abcd", "vpce-0123abcd") for name in ("Api", "Dkr")),
    *(
        ("allowedCidrs", network, (network,))
        for network in (
            *("203.0.113.0/24", "192.0.2.0/24", "198.51.100.7/32", "8.0.0.0/8", "2400::/16"),
            *("223.255.255.0/24", "2000::/16", "3fff::/20", "2600:1f00::/24", "2001:db8::1/128"),
        )
    ),
    ("allowedCidrs", "203.0.113.0/24, 2001:DB8:0::/32", ("203.0.113.0/24", "2001:db8::/32")),
    ("allowedCidrs", HALVES, tuple(HALVES)),
    ("emails", ["a@example.com"], ("a@example.com",)),
    ("emails", "a@Example.COM,b+x@mail.example.co.jp", ("a@Example.COM", "b+x@mail.example.co.jp")),
    *(("emails", empty, ()) for empty in ("", " ")),
    ("emails", [], ()),
    ("operationsEmails", ["a@example.com"], ("a@example.com",)),
    ("operationsEmails", "a@example.com,b@example.com", ("a@example.com", "b@example.com")),
    ("operationsEmails", [], ()),
    ("operationsEmails", "", None),
    *(("language", language, language) for language in ("en", "ja")),
    *(("topFindings", number, int(number)) for number in (1, "07", 50, "50")),
    ("timeZone", "Asia/Tokyo", "Asia/Tokyo"),
    *(("settleAttempts", number, int(number)) for number in (1, "5")),
    *(("settleWaitSeconds", number, int(number)) for number in (1, "300")),
    *(("watchMinutes", number, int(number)) for number in (5, "1440")),
    *(("gatherAbove", number, int(number)) for number in (0, "200")),
    *(("gatherMinutes", number, int(number)) for number in (1, "60")),
    *(("detailCalls", number, int(number)) for number in (0, "500")),
    *(("fetchConcurrency", number, int(number)) for number in (5, "20")),
    ("fetchConcurrency", "", None),
    *(("ignoreFile", path, path) for path in (".trivyignore.yaml", "a b/x.yml", "../vex.json")),
    ("ignoreFile", "", None),
    *(("minimumSeverity", word, word) for word in ("CRITICAL", "INFORMATIONAL")),
    ("minimumSeverity", "", None),
    ("topicArns", [TOPIC, f"{TOPIC}-2"], (TOPIC, f"{TOPIC}-2")),
    ("topicArns", f"{TOPIC},{TOPIC}-2", (TOPIC, f"{TOPIC}-2")),
    ("topicArns", "arn:aws-cn:sns:cn-north-1:111122223333:x", None),
    ("topicArns", [], ()),
    *(("publishEvents", given, given in (True, "true")) for given in (True, "true", "false")),
    *(("knownExploitedOnly", given, given in (True, "true")) for given in (True, "true", "false")),
    *(("chatButtons", given, given in (True, "true")) for given in (True, False, "true", "false")),
    ("layerOwners", [], ()),
    ("layerOwners", "", ()),
    *(
        ("layerOwners", [{"owner": owner, **of}], (LayerOwner(owner=owner, **of),))
        for owner, of in (
            ("platform team <#ops>", {"repository": "base/*"}),
            ("x" * 70, {"repository": "*"}),
            ("基盤チーム", {"repository": "base/python"}),
            ("O", {"layer": LAYER}),
        )
    ),
    *(("digest", word, word) for word in ("off", "daily", "weekly")),
    *(("digestHour", number, int(number)) for number in (0, "23")),
    *(("digestDay", word, word) for word in ("MON", "SUN")),
    *(("digestTimeZone", zone, zone or None) for zone in ("Asia/Tokyo", "")),
    *(("digestAllQuiet", given, given in (True, "true")) for given in (True, "true", "false")),
    *(("urgent", given, given in (True, "true")) for given in (True, "true", "false")),
    *(("urgentPerHour", number, int(number)) for number in (1, "18")),
    *(("imageTagMutability", word, word) for word in ("MUTABLE", "IMMUTABLE")),
    *(("untaggedImageExpiryDays", number, int(number)) for number in (0, "3650")),
    *(("maxImageCount", number, int(number)) for number in (0, "100000")),
    ("exemptPrincipalArns", [ROLE, USER], (ROLE, USER)),
    ("exemptPrincipalArns", ROLE.replace("Deploy", "a!b~/" + "x" * 128), None),
    *(("logRetentionDays", number, int(number)) for number in (1, "3653")),
    *(("alarmTopicArn", arn, arn) for arn in (TOPIC, TOPIC.replace("alarms", "x" * 256))),
    *(("registryScanFrequency", word, word) for word in ("SCAN_ON_PUSH", "CONTINUOUS_SCAN")),
    *((key, "", None) for key in ("alarmTopicArn", "registryScanFrequency")),
    *(("stackName", name, name) for name in ("Team-Brief-2", "a" * 128)),
    *((QUALIFIER_KEY, name, name) for name in ("a", "A_b-345678")),
]
# What the error says is accepted, and values for which it does.
REFUSED: dict[str, dict[str, list[object]]] = {
    "repositoryName": {
        "2 to 256 characters: a-z and 0-9, with single . _ - or / between": [
            *("a", "a" * 257, "app//x", "-app", "app--x", "app:latest", 12, None, []),
        ],
        "is team/sample-app meant?": ["Team/Sample-App", " team/sample-app\n"],
    },
    "ecrApiVpcEndpointId": {
        "8 or 17": [
            "vpc-0123abcd",
            "vpce-0123abcde",
            ["vpce-0123abcd"],
            "vpce-svc-0123456789abcdef0",
        ],
        MEANT: [ENDPOINT.upper().replace("VPCE", "vpce"), f" {ENDPOINT}\n"],
    },
    "ecrDkrVpcEndpointId": {
        "8 or 17": [f"{ENDPOINT}-ab12cd34.api.ecr.eu-central-1.vpce.amazonaws.com"],
        MEANT: [f" {ENDPOINT}"],
        "a different endpoint from ecrApiVpcEndpointId": ["vpce-0123456789abcdef0"],
    },
    "allowedCidrs": {
        "a list of at least 1: networks in CIDR": [[], "", " "],
        "a list, or comma-separated text: networks in CIDR": [24, None, {"203.0.113.0/24": 1}],
        "networks in CIDR form": [
            *("203.0.113.0/24,", "203.0.113.0/24 198.51.100.0/24", "2001:db8::%eth0/64"),
            *("203.0.113.0/33", "203.0.113/24", "example.com", ["203.0.113.0/24", 7], [None]),
        ],
        "each only once": [["203.0.113.0/24", "203.0.113.0/024"], "2001:db8::/32,2001:DB8:0::/32"],
        "203.0.113.0/24 contains it": [["203.0.113.7/32", "203.0.113.0/24"]],
        "2001:db8::/32 contains it": ["2001:db8::/32,2001:db8:1::/48"],
        "10,240 characters": [[f"8.{n % 3}.{n // 3}.0/24" for n in range(700)]],
        "is 203.0.113.0/24 meant?": ["203.0.113.9/24", "203.0.113.0/255.255.255.0"],
        "is 203.0.113.9/32 meant?": ["203.0.113.9"],
        "is 2001:db8::/32 meant?": ["2001:db8::1/32"],
        "would open the repository to everyone": ["0.0.0.0/0", "::/0", "203.0.113.9/0"],
        "a prefix of at least /8": ["203.0.113.9/4", "128.0.0.0/1", "8.0.0.0/7"],
        "a prefix of at least /16": ["2000::/3", "2400::/15"],
        "no request through the internet comes from private": [
            *("10.0.0.0/8", "10.1.2.3/24", "10.1.2.3", "172.31.0.0/16", "192.168.1.0/24"),
            *("100.64.0.0/10", "127.0.0.1/32", "169.254.0.0/16", "224.0.0.0/4", "192.0.0.0/24"),
            *("198.18.0.0/15", "255.255.255.255/32", "fd00::/8", "fe80::/10", "::1/128", "::/3"),
            *("::ffff:203.0.113.0/120", "::203.0.113.0/120", "64:ff9b::/96", "100::/64"),
            *("4000::/16", "5f00::/16", "fd00:ec2::/32", "0.0.0.0/8"),
        ],
    },
    "emails": {
        "a list, or comma-separated text: email addresses": [{"a@example.com": 1}, 5, None],
        "email addresses such as": [
            *("not an address", "a@example", ["a..b@example.com"], "a@example.com,b", [""]),
            *("a" * 243 + "@example.com", f"a@{'b' * 64}.com", [["a@example.com"]]),
        ],
        "is a@example.com meant?": [["a@example.com\n"]],
        "each only once": [["a@example.com", "A@example.com"]],
        "at most 200 email addresses": [[f"a{n}@example.com" for n in range(201)]],
    },
    "language": {"en or ja": ["fr", ["en"], "EN", None, "x\n\u202e" * 100]},
    "topFindings": {
        "a whole number from 1 to 50": [
            *(0, "51", 51, 10.0, True, None, "１０", "+5", " 5", "5\n", "", [5], "0" * 9 + "5"),
        ]
    },
    "timeZone": {
        "an IANA time zone name such as": ["../etc/passwd", 9, "localtime", None, ["Mars"]],
        "is Asia/Tokyo meant?": ["Asia/Tokio", "Tokyo"],
        "is Europe/Rome meant?": ["Europe"],
    },
    "settleAttempts": {"a whole number from 1 to 5": [0, 6]},
    "settleWaitSeconds": {"a whole number from 1 to 300": [0, "301"]},
    "gatherAbove": {"a whole number from 0 to 200": [-1, "201"]},
    "gatherMinutes": {"a whole number from 1 to 60": [0, "61"]},
    "watchMinutes": {"a whole number from 5 to 1440": [4, "1441"]},
    "detailCalls": {"a whole number from 0 to 500": [-1, "501"]},
    "fetchConcurrency": {"a whole number from 5 to 20": [0, "4", 21, True, 5.5, "off"]},
    "ignoreFile": {
        "a .trivyignore.yaml": [".trivyignore", ".yaml", "a/.json", 7, None, ["a.json"]]
    },
    "minimumSeverity": {
        "CRITICAL or HIGH or MEDIUM or LOW or INFORMATIONAL": ["NONE", "UNTRIAGED", "high", 7],
    },
    "topicArns": {
        "the ARN of a standard SNS topic such as": [
            *(["briefs"], f"{TOPIC}.fifo", [TOPIC.replace("sns", "sqs")], [7], "*"),
        ],
        "a list, or comma-separated text": [7, None],
        "each only once": [[TOPIC, TOPIC]],
        "at most 10 topics": [[f"{TOPIC}-{n}" for n in range(11)]],
        "in one Region, that of the stack, and in its partition": [
            [TOPIC, TOPIC.replace("eu-central-1", "eu-west-1")],
            [TOPIC.replace("eu-central-1", "cn-north-1")],
            [TOPIC.replace("arn:aws:", "arn:aws-us-gov:")],
        ],
    },
    "publishEvents": {"true or false": ["yes", 1, None]},
    "knownExploitedOnly": {"true or false": ["yes", "True", 1, "TRUE"]},
    "chatButtons": {"true or false": ["on", "True", 0, None, ["true"]]},
    "layerOwners": {
        "a list of objects with an owner, and a repository or a layer": ["x", None, {}, 0],
        "at most 750 entries": [[{"repository": "*", "owner": "x"}] * 751],
    },
    "digest": {
        "off or daily or weekly": ["hourly", True, None, "Daily"],
    },
    "digestHour": {"a whole number from 0 to 23": [24, "-1", "8:00", None]},
    "digestDay": {"MON or TUE": ["Monday", 1, "mon", None]},
    "digestTimeZone": {"is Asia/Tokyo meant?": ["Asia/Tokio"], "an IANA time zone": [9, None]},
    "digestAllQuiet": {"true or false": ["yes", 1, "", None, "True"]},
    "urgent": {"true or false": ["yes", 1, "", None, "True"]},
    "urgentPerHour": {"a whole number from 1 to 18": [0, 19, "many", None, True]},
    "imageTagMutability": {"MUTABLE or IMMUTABLE": ["immutable", 1]},
    "untaggedImageExpiryDays": {"a whole number from 0 to 3650": [-1, "3651"]},
    "maxImageCount": {"a whole number from 0 to 100000": [-1, "100001"]},
    "exemptPrincipalArns": {
        "no *, no account root, no assumed-role session": [
            *("*", [ROLE.replace("Deploy", "*")], [ROLE.replace("Deploy", "a*/b")], "111122223333"),
            *([ROLE.replace("Deploy", "a?/b")], [ROLE.replace("Deploy", "${aws:username}")]),
            *([ROLE.replace("Deploy", "x" * 129)], ["arn:aws:iam::*:role/deploy"]),
            *("arn:aws:iam::111122223333:root", "arn:aws:sts::111122223333:assumed-role/deploy/x"),
            *("lambda.amazonaws.com", ["arn:aws:iam::111122223333:group/oncall"]),
            [ROLE.replace("role", "ROLE")],  # in lower case it might be another role
        ],
        f"is {ROLE} meant?": [[f" {ROLE}"]],
        "each only once": [[ROLE, ROLE.lower()]],  # IAM names do not distinguish case
        "10,240 characters": [[f"{ROLE}-{n}" for n in range(250)]],
    },
    "logRetentionDays": {"one of 1, 3, 5, 7": [91, "91", "forever", True, 1.0, 0]},
    "operationsEmails": {"email addresses such as": ["nobody", ["a@b"], [7], None, {}]},
    "alarmTopicArn": {
        "a standard SNS topic": [
            "alarms",
            f"{TOPIC}.fifo",
            TOPIC.replace("alarms", "x" * 257),
            None,
        ]
    },
    "registryScanFrequency": {"SCAN_ON_PUSH or CONTINUOUS_SCAN": ["MANUAL", None]},
    "repositories": {"no list besides repositoryName": ["other-app", ["other-app"], {}, 0]},
    "existingRepositories": {
        "no list besides repositoryName": ["*"],
        "a list of names, or of objects": [None],
    },
    "stackName": {"a letter, then up to 127": ["1-brief", "a" * 129, "a_b", "", None]},
    QUALIFIER_KEY: {"1 to 10 letters": ["much-too-long", "", None]},
    "emial": {"no such setting; is emails meant?": ["x"]},
    "zzz": {f"only {', '.join(KEYS)}": [1]},
}
# The fields of Digests by their keys.
OF_DIGESTS = {
    "digest": "period",
    **{f"digest_{name}": name for name in ("hour", "day", "time_zone", "all_quiet")},
}
# And of Urgent.
OF_URGENT = {"urgent": "enabled", "urgent_per_hour": "per_hour"}
BAD = [
    (key, value, words)
    for key, refused in REFUSED.items()
    for words, values in refused.items()
    for value in values
]


OF_GATHERING = {"gather_above": "above", "gather_minutes": "minutes"}


def snake(key: str) -> str:
    return re.sub(r"[A-Z]", lambda found: "_" + found.group().lower(), key.rpartition(":")[2])


def read(found: Settings, key: str) -> object:
    """The field for the key: of the settings, of their repository, or of a route."""
    (route,) = found.routes
    name = snake(key)
    if name in OF_DIGESTS:
        return getattr(found.digests, OF_DIGESTS[name])
    if name in OF_URGENT:
        return getattr(found.urgent, OF_URGENT[name])
    if name in OF_GATHERING:
        return getattr(found.gathering, OF_GATHERING[name])
    holders = [kind for kind in (found, found.repository, route) if hasattr(kind, name)]
    return getattr(holders[0], name)


def show(value: object) -> str:
    """A value as an error shows it."""
    shown = "nothing" if value is None else json.dumps(value)
    return shown if len(shown) <= 80 else shown[:79] + "…"


def test_every_field_has_a_key_and_every_key_is_tested() -> None:
    kinds = (Settings, RepositorySettings, Route)
    fields = {field.name for kind in kinds for field in dataclasses.fields(kind)}
    keys = {snake(key) for key in {*KEYS, QUALIFIER_KEY} - LISTS}
    assert fields - (keys - OF_URGENT.keys()) == {
        *("repository", "repositories", "routes", "name", "digests", "urgent", "gathering")
    }
    assert keys - OF_DIGESTS.keys() - OF_URGENT.keys() - OF_GATHERING.keys() <= fields
    assert {*OF_URGENT.values()} == {field.name for field in dataclasses.fields(Urgent)}
    assert {*OF_DIGESTS.values()} == {field.name for field in dataclasses.fields(Digests)}
    assert {*OF_GATHERING.values()} == {field.name for field in dataclasses.fields(Gathering)}
    assert {key for key, _, _ in GOOD} == {*KEYS, QUALIFIER_KEY} - LISTS
    assert {*KEYS, QUALIFIER_KEY} <= REFUSED.keys()


@pytest.mark.parametrize(("key", "value", "expected"), GOOD)
def test_a_good_value_is_accepted(
    sample_context: dict[str, Any], key: str, value: object, expected: object
) -> None:
    found = read(Settings.from_context(sample_context | {key: value}), key)
    assert found == ((value,) if expected is None and value else expected)


@pytest.mark.parametrize(("key", "value", "words"), BAD)
def test_a_bad_value_is_refused_in_one_line(
    sample_context: dict[str, Any], key: str, value: object, words: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_context(sample_context | {key: value})
    text = str(refused.value)
    name, _, rest = text.removeprefix("scan-brief settings: ").partition(": given ")
    shown, _, accepted = rest.partition("; accepted: ")
    assert name == key
    assert words in accepted
    assert ("meant?" in accepted) == ("meant?" in words)
    assert text.isprintable()
    items = value if isinstance(value, list) else [item.strip() for item in str(value).split(",")]
    assert shown in [show(value), *map(show, items)]
    if not isinstance(value, str | list):
        assert shown == show(value)


ECRS_NAME = (
    boto3.client("ecr", region_name="eu-central-1")
    .meta.service_model.shape_for("RepositoryName")
    .metadata
)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(name=st.text(alphabet="az09-_./A ", max_size=8))
def test_ecr_accepts_every_name_that_is_accepted(name: str) -> None:
    # Not the other way round: ECR accepts sample--app too, but CDK's Repository refuses it.
    context = {"allowedCidrs": "203.0.113.0/24", "ecrApiVpcEndpointId": "vpce-0123abcd"}
    try:
        Settings.from_context(
            {**context, "ecrDkrVpcEndpointId": ENDPOINT, "repositoryName": name or "-"}
        )
    except SettingsError:
        return
    assert re.fullmatch(ECRS_NAME["pattern"], name)
    assert len(name) >= ECRS_NAME["min"]

"""request: what is a request, and what the refusal of anything else says."""

from __future__ import annotations

from typing import Any

import pytest

from scan_brief.errors import InvalidRequest
from scan_brief.request import Registry, ScanRequest, read_request
from tests.unit.builders import COUNTS, DIGEST, REGISTRY, REPOSITORY_ARN, SCANNED_AT, make_event

GONE = object()
PREFIX = "arn:aws:ecr:eu-central-1:111122223333:repository/"
GOOD_NAMES = [
    "ab",
    "sample-app",
    "team/sample-app",
    "a/b/c/d",
    "a.b_c-d/f0",
    "0a",
    "a" * 256,
]
BAD_NAMES = [
    "double__separator",
    "double--separator",
    "",
    "a",
    "Sample",
    "-app",
    "app-",
    "a//b",
    "/app",
    "app/",
    "a..b",
    "a___b",
    "a b",
    "アプリ",
    "ab\n",
    "a" * 257,
]


def refusal(request: object) -> str:
    with pytest.raises(InvalidRequest) as raised:
        read_request(request, REGISTRY)
    message = str(raised.value)
    assert "\n" not in message
    return message


def test_an_event_is_read_whole() -> None:
    assert read_request(make_event(), REGISTRY) == ScanRequest(
        registry=Registry(account="111122223333", region="eu-central-1", partition="aws"),
        repository="sample-app",
        by_hand=False,
        digest=DIGEST,
        tag=None,
        tags=("latest",),
        scanned_at=SCANNED_AT,
        status="INITIAL_SCAN_COMPLETE",
        announced=COUNTS,
    )


@pytest.mark.parametrize(
    ("partition", "region"), [("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1"), ("aws", "eu-central-1")]
)
def test_an_event_names_its_own_registry(partition: str, region: str) -> None:
    arn = f"arn:{partition}:ecr:{region}:444455556666:repository/team/app"
    request = read_request(make_event({"repository-name": arn}), REGISTRY)
    assert request.registry == Registry(account="444455556666", region=region, partition=partition)
    assert request.repository == "team/app"
    assert request.repository_arn == arn


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_repositories_of_ecrs_grammar_are_accepted(name: str) -> None:
    assert read_request(make_event({"repository-name": PREFIX + name}), REGISTRY).repository == name
    assert read_request({"repository": name, "imageTag": "1"}, REGISTRY).repository == name


@pytest.mark.parametrize("name", BAD_NAMES)
def test_other_repositories_are_refused(name: str) -> None:
    assert refusal(make_event({"repository-name": PREFIX + name})).startswith("detail.repository-name: given")
    assert refusal({"repository": name, "imageTag": "1"}).startswith("repository: given")


@pytest.mark.parametrize(
    ("member", "bad", "accepted"),
    [
        ("source", ["aws.ecr", "awsXinspector2", 7, GONE, "aws.inspector2\n"], "aws.inspector2"),
        ("detail-type", ["Inspector2 Finding", "inspector2 scan", GONE], "Inspector2 Scan"),
        ("account", ["11112222333", "1111222233334", 111122223333, GONE], "12 digits"),
        ("region", ["", "EU-1", None, GONE], "a region such as eu-central-1"),
        (
            "time",
            ["2026-01-31", "2026-01-31T23:30:00+01:00", "2026-99-99T09:30:00Z", "２０２６-01-31T09:30:00Z", 1, GONE],
            "a UTC time such as 2026-01-31T09:30:00Z",
        ),
        ("detail", ["text", [], None, GONE], "the object of a scan event"),
    ],
)
def test_a_bad_member_of_an_event_is_named(member: str, bad: list[Any], accepted: str) -> None:
    for given in bad:
        event = make_event()
        del event[member]
        if given is not GONE:
            event[member] = given
        check_refusal(refusal(event), member, given, accepted)


@pytest.mark.parametrize(
    ("member", "bad", "accepted"),
    [
        (
            "repository-name",
            ["sample-app", REPOSITORY_ARN.replace(":ecr:", ":ecs:"), REPOSITORY_ARN + ":latest", 1, GONE],
            "the ARN of an ECR repository",
        ),
        (
            "image-digest",
            [DIGEST[:-1], DIGEST + "0", DIGEST.upper(), "sha512:" + "0" * 64, None, GONE],
            "sha256: and 64 hexadecimal digits in lower case",
        ),
    ],
)
def test_a_bad_member_of_the_detail_is_named(member: str, bad: list[Any], accepted: str) -> None:
    for given in bad:
        event = make_event({member: None})
        if given is not GONE:
            event["detail"][member] = given
        check_refusal(refusal(event), f"detail.{member}", given, accepted)


def check_refusal(message: str, field: str, given: object, accepted: str) -> None:
    assert message.startswith(f"{field}: given ")
    assert message.endswith(f"; accepted: {accepted}")
    if given is GONE:
        assert message == f"{field}: given nothing; accepted: {accepted}"
    elif isinstance(given, str) and given.isascii() and given.isprintable():
        assert f'given "{given}";' in message


@pytest.mark.parametrize(
    "detail",
    [
        {"instance-id": "i-0123456789abcdef0", "repository-name": None, "image-digest": None},
        {"machine-image-id": "ami-0123456789abcdef0", "repository-name": None},
        {"function-name": "arn:aws:lambda:eu-central-1:111122223333:function:f:1", "repository-name": None},
    ],
    ids=["EC2", "AMI", "Lambda"],
)
def test_scans_of_other_things_are_refused(detail: dict[str, Any]) -> None:
    assert refusal(make_event(detail)).startswith("detail.repository-name: given nothing;")


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, ()),
        ([], ()),
        (["a", "b"], ("a", "b")),
        (["a", 7, None, {"x": 1}], ("a",)),
        ("latest", ()),
        ({"tag": "a"}, ()),
    ],
)
def test_odd_tags_lose_no_brief(given: object, read: tuple[str, ...]) -> None:
    assert read_request(make_event({"image-tags": given}), REGISTRY).tags == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, None),
        ({}, None),
        ("many", None),
        ([1], None),
        ({"CRITICAL": "9"}, None),
        ({"LOW": 4}, None),
        ({"TOTAL": 0}, {"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "TOTAL": 0}),
        ({"HIGH": 2}, {"CRITICAL": 0, "HIGH": 2, "MEDIUM": 0}),
        ({"HIGH": 2, "TOTAL": -1}, {"CRITICAL": 0, "HIGH": 2, "MEDIUM": 0}),
        ({"HIGH": True, "MEDIUM": 1.5, "TOTAL": 3}, {"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "TOTAL": 3}),
        ({"CRITICAL": 1, "LOW": 5, "TOTAL": 9}, {"CRITICAL": 1, "HIGH": 0, "MEDIUM": 0, "TOTAL": 9}),
    ],
)
def test_an_absent_count_is_zero_but_the_total_is_not(given: object, read: dict[str, int] | None) -> None:
    assert read_request(make_event({"finding-severity-counts": given}), REGISTRY).announced == read


@pytest.mark.parametrize("status", [None, 7, ["x"]])
def test_an_odd_status_is_none(status: object) -> None:
    assert read_request(make_event({"scan-status": status}), REGISTRY).status is None

"""request: what is a request, and what the refusal of anything else says."""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import Any

import hypothesis
import pytest
from botocore.loaders import Loader
from hypothesis import strategies as st

from scan_brief.scan.errors import InvalidRequest
from scan_brief.scan.request import Registry, ScanRequest, read_request
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
    "double__separator",
    "double--separator",
    "a-----b/c__d--e.f",
    "a" * 256,
    "a" + "-" * 254 + "a",
    "a-" * 127 + "aa",
]
BAD_NAMES = [
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
    "a_-b",
    "a-_b",
    "a.-b",
    "a-/b",
    "a/-b",
    "a__",
    "--a",
    "a b",
    "アプリ",
    "ab\n",
    "a" * 257,
    # None of these would ever be refused by a pattern that can read a name in more than one way.
    "a" * 255 + "!",
    "a-" * 127 + "a!",
    "a" + "-" * 254 + "!",
    "a--a__a/" * 31 + "a!",
    "a-" * 100_000,
    "a" * 200_000 + "!",
]


def shorten(name: str) -> str:
    return f"{name[:20]} {len(name)}"


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
    ("partition", "region"),
    [("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1"), ("aws", "eu-central-1")],
)
def test_an_event_names_its_own_registry(partition: str, region: str) -> None:
    arn = f"arn:{partition}:ecr:{region}:444455556666:repository/team/app"
    request = read_request(make_event({"repository-name": arn}), REGISTRY)
    assert request.registry == Registry(account="444455556666", region=region, partition=partition)
    assert request.repository == "team/app"
    assert request.repository_arn == arn


@cache
def ecrs_own() -> tuple[re.Pattern[str], range]:
    """ECR's pattern of a repository's name, and how many characters it may have."""
    name = Loader().load_service_model("ecr", "service-2")["shapes"]["RepositoryName"]
    return re.compile(name["pattern"], re.ASCII), range(name["min"], name["max"] + 1)


def ecr_takes(name: str) -> bool:
    pattern, lengths = ecrs_own()
    return pattern.fullmatch(name) is not None and len(name) in lengths


def we_take(name: str) -> bool:
    event = make_event({"repository-name": PREFIX + name})
    answers = {reads(event, name), reads({"repository": name, "imageTag": "1"}, name)}
    assert len(answers) == 1
    return answers.pop()


def reads(request: object, name: str) -> bool:
    try:
        return read_request(request, REGISTRY).repository == name
    except InvalidRequest:
        return False


def test_every_short_name_is_accepted_if_ecr_would_and_only_then() -> None:
    names = ["".join(letters) for length in range(7) for letters in product("a_-./", repeat=length)]
    assert [name for name in names if we_take(name) != ecr_takes(name)] == []
    assert 100 < sum(map(ecr_takes, names)) < len(names) / 2


# Such as ECR takes, with something more or with none; and of any characters.
NAMES = st.text("a0._-/", max_size=300) | st.builds(
    lambda name, more: name + more,
    st.from_regex(ecrs_own()[0], fullmatch=True),
    st.sampled_from(["", "", "-", "_", "/", "\n", "A", "é", "٣", " ", "a" * 250]),
)


@hypothesis.given(NAMES)
@hypothesis.example("a" * 256)
@hypothesis.example("a" * 257)
def test_a_name_is_accepted_if_ecr_would_and_only_then(name: str) -> None:
    assert we_take(name) == ecr_takes(name)


@pytest.mark.parametrize("name", GOOD_NAMES, ids=shorten)
def test_repositories_of_ecrs_grammar_are_accepted(name: str) -> None:
    assert read_request(make_event({"repository-name": PREFIX + name}), REGISTRY).repository == name
    assert read_request({"repository": name, "imageTag": "1"}, REGISTRY).repository == name


@pytest.mark.parametrize("name", BAD_NAMES, ids=shorten)
def test_other_repositories_are_refused(name: str) -> None:
    assert refusal(make_event({"repository-name": PREFIX + name})).startswith(
        "detail.repository-name: given"
    )
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
            [
                "2026-01-31",
                "2026-01-31T23:30:00+01:00",
                "2026-99-99T09:30:00Z",
                "２０２６-01-31T09:30:00Z",
                1,
                GONE,
            ],
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
            [
                "sample-app",
                REPOSITORY_ARN.replace(":ecr:", ":ecs:"),
                REPOSITORY_ARN + ":latest",
                1,
                GONE,
            ],
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
        {
            "function-name": "arn:aws:lambda:eu-central-1:111122223333:function:f:1",
            "repository-name": None,
        },
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
        (
            {"HIGH": True, "MEDIUM": 1.5, "TOTAL": 3},
            {"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "TOTAL": 3},
        ),
        (
            {"CRITICAL": 1, "LOW": 5, "TOTAL": 9},
            {"CRITICAL": 1, "HIGH": 0, "MEDIUM": 0, "TOTAL": 9},
        ),
    ],
)
def test_an_absent_count_is_zero_but_the_total_is_not(
    given: object, read: dict[str, int] | None
) -> None:
    assert read_request(make_event({"finding-severity-counts": given}), REGISTRY).announced == read


@pytest.mark.parametrize("status", [None, 7, ["x"]])
def test_an_odd_status_is_none(status: object) -> None:
    assert read_request(make_event({"scan-status": status}), REGISTRY).status is None

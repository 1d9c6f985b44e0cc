"""request: what a scan event is, and what the refusal of anything else says."""

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
from scan_brief.scan.request import Registry, ScanRequest, is_automatic, read_event, read_request
from tests.unit.builders import (
    COUNTS,
    DIGEST,
    REGISTRY,
    REPOSITORY_ARN,
    SCANNED_AT,
    make_counts,
    make_event,
)

ABSENT = object()
PREFIX = "arn:aws:ecr:eu-central-1:111122223333:repository/"
NAMES = {
    True: (
        *(
            "ab",
            "sample-app",
            "team/sample-app",
            "a/b/c/d",
            "a.b_c-d/f0",
            "0a",
            "double__separator",
        ),
        *("double--separator", "a-----b/c__d--e.f", "a" * 256, "a" + "-" * 254 + "a"),
        "a-" * 127 + "aa",
    ),
    False: (
        *("", "a", "Sample", "-app", "app-", "a//b", "/app", "app/", "a..b", "a___b", "a_-b"),
        *("a-_b", "a.-b", "a-/b", "a/-b", "a__", "--a", "a b", "アプリ", "ab\n", "a" * 257),
        # A pattern that can match a name in more than one way would not refuse these in a lifetime.
        *("a" * 255 + "!", "a-" * 127 + "a!", "a" + "-" * 254 + "!", "a--a__a/" * 31 + "a!"),
        *("a-" * 100_000, "a" * 200_000 + "!"),
    ),
}


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
    event = make_event({"repository-name": arn}, account="444455556666", region=region)
    own = Registry(account="444455556666", region=region, partition=partition)
    for request in (read_event(event), read_request(event, own)):
        assert request.registry == own
        assert request.repository == "team/app"
        assert request.repository_arn == arn


OTHER_ARNS = {
    "arn:aws:ecr:us-east-1:111122223333:repository/app": "another Region",
    "arn:aws:ecr:eu-central-1:444455556666:repository/app": "another account",
    "arn:aws-cn:ecr:cn-north-1:111122223333:repository/app": "another partition and Region",
}


@pytest.mark.parametrize("arn", OTHER_ARNS)
def test_an_image_of_another_registry_is_refused_by_what_differs(arn: str) -> None:
    message = refusal(make_event({"repository-name": arn}))
    assert message.startswith(f'detail.repository-name: given "{arn}"; accepted: ')
    assert f"({OTHER_ARNS[arn]} than this stack's)" in message


@pytest.mark.parametrize(
    ("field", "given", "accepted"),
    [
        ("account", "444455556666", "111122223333, this stack's account"),
        ("region", "us-east-1", "eu-central-1, this stack's Region"),
    ],
)
def test_an_event_from_elsewhere_is_refused(field: str, given: str, accepted: str) -> None:
    assert (
        refusal({**make_event(), field: given}) == f'{field}: given "{given}"; accepted: {accepted}'
    )


@pytest.mark.parametrize(
    ("request_", "automatic"),
    [
        (make_event(), True),
        (make_event(time=None), True),
        ({**make_event(), "detail": 7}, True),
        (make_event(source="aws.ecr"), False),
        (make_event({}, **{"detail-type": "Inspector2 Finding"}), False),
        ({"repository": "sample-app", "imageTag": "latest"}, False),
        (None, False),
        ([make_event()], False),
    ],
)
def test_an_event_of_inspector_is_told_from_a_persons_request(
    request_: object, automatic: bool
) -> None:
    assert is_automatic(request_) == automatic


@cache
def ecr_pattern() -> tuple[re.Pattern[str], range]:
    """ECR's own pattern of a repository name, and how many characters it may have."""
    name = Loader().load_service_model("ecr", "service-2")["shapes"]["RepositoryName"]
    return re.compile(name["pattern"], re.ASCII), range(name["min"], name["max"] + 1)


def ecr_accepts(name: str) -> bool:
    pattern, lengths = ecr_pattern()
    return pattern.fullmatch(name) is not None and len(name) in lengths


def we_accept(name: str) -> bool:
    """In a scan event and in a request by hand."""
    event = make_event({"repository-name": PREFIX + name})
    answers = {reads(event, name), reads({"repository": name, "imageTag": "1"}, name)}
    assert len(answers) == 1
    return answers.pop()


def reads(request: object, name: str) -> bool:
    try:
        return read_request(request, REGISTRY).repository == name
    except InvalidRequest:
        return False


def test_short_names_are_accepted_exactly_if_ecr_accepts_them() -> None:
    names = ["".join(letters) for length in range(7) for letters in product("a_-./", repeat=length)]
    assert [name for name in names if we_accept(name) != ecr_accepts(name)] == []
    assert 100 < sum(map(ecr_accepts, names)) < len(names) / 2


@hypothesis.given(
    st.text("a0._-/", max_size=300)
    | st.builds(
        lambda name, more: name + more,
        st.from_regex(ecr_pattern()[0], fullmatch=True),
        st.sampled_from(["", "", "-", "_", "/", "\n", "A", "é", "٣", " ", "a" * 250]),
    )
)
@hypothesis.example("a" * 256)
@hypothesis.example("a" * 257)
def test_names_are_accepted_exactly_if_ecr_accepts_them(name: str) -> None:
    assert we_accept(name) == ecr_accepts(name)


@pytest.mark.parametrize(
    ("name", "accepted"),
    [(name, accepted) for accepted, names in NAMES.items() for name in names],
    ids=lambda value: f"{value[:20]} {len(value)}" if isinstance(value, str) else str(value),
)
def test_a_repository_name_follows_the_grammar_of_ecr(name: str, accepted: bool) -> None:
    assert we_accept(name) == accepted
    if not accepted:
        event = make_event({"repository-name": PREFIX + name})
        assert refusal(event).startswith("detail.repository-name: given")
        assert refusal({"repository": name, "imageTag": "1"}).startswith("repository: given")


TIMES = [
    *(
        "2026-01-31",
        "2026-01-31T23:30:00+01:00",
        "2026-99-99T09:30:00Z",
        "２０２６-01-31T09:30:00Z",
    ),
    *(1, ABSENT),
]


@pytest.mark.parametrize(
    ("field", "bad", "accepted"),
    [
        ("source", ["aws.ecr", "awsXinspector2", 7, ABSENT, "aws.inspector2\n"], "aws.inspector2"),
        ("detail-type", ["Inspector2 Finding", "inspector2 scan", ABSENT], "Inspector2 Scan"),
        ("account", ["11112222333", "1111222233334", 111122223333, ABSENT], "12 digits"),
        ("region", ["", "EU-1", None, ABSENT], "a region such as eu-central-1"),
        ("time", TIMES, "a UTC time such as 2026-01-31T09:30:00Z"),
        ("detail", ["text", [], None, ABSENT], "the object of a scan event"),
        (
            "detail.repository-name",
            [
                *("sample-app", REPOSITORY_ARN.replace(":ecr:", ":ecs:")),
                *(REPOSITORY_ARN + ":latest", 1, ABSENT),
            ],
            "the ARN of an ECR repository",
        ),
        (
            "detail.image-digest",
            [DIGEST[:-1], DIGEST + "0", DIGEST.upper(), "sha512:" + "0" * 64, None, ABSENT],
            "sha256: and 64 hexadecimal digits in lower case",
        ),
    ],
)
def test_a_bad_field_of_an_event_is_named(field: str, bad: list[Any], accepted: str) -> None:
    for given in bad:
        event = make_event()
        holder = event["detail"] if field.startswith("detail.") else event
        holder.pop(field.removeprefix("detail."))
        if given is not ABSENT:
            holder[field.removeprefix("detail.")] = given
        check_refusal(refusal(event), field, given, accepted)


def check_refusal(message: str, field: str, given: object, accepted: str) -> None:
    assert message.startswith(f"{field}: given ")
    assert message.endswith(f"; accepted: {accepted}")
    if given is ABSENT:
        assert message == f"{field}: given nothing; accepted: {accepted}"
    elif isinstance(given, str) and given.isascii() and given.isprintable():
        assert f'given "{given}";' in message


@pytest.mark.parametrize(
    ("request_", "named"),
    [({"detail": {}}, "source"), ({"detail-type": "x"}, "source"), ({"source": "x"}, "source")],
)
def test_any_key_of_an_event_makes_it_one(request_: dict[str, Any], named: str) -> None:
    assert refusal(request_).startswith(f"{named}: given ")
    assert "accepted: aws.inspector2" in refusal(request_)


@pytest.mark.parametrize(
    "detail",
    [
        {"instance-id": "i-0123456789abcdef0", "image-digest": None},
        {"machine-image-id": "ami-0123456789abcdef0"},
        {"function-name": "arn:aws:lambda:eu-central-1:111122223333:function:f:1"},
    ],
    ids=["EC2", "AMI", "Lambda"],
)
def test_scans_of_other_resources_are_refused(detail: dict[str, Any]) -> None:
    event = make_event({"repository-name": None, **detail})
    assert refusal(event).startswith("detail.repository-name: given nothing;")


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
def test_odd_tags_are_left_out(given: object, read: tuple[str, ...]) -> None:
    assert read_request(make_event({"image-tags": given}), REGISTRY).tags == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, None),
        ({}, None),
        ("many", None),
        ([1], None),
        ({"CRITICAL": "9"}, make_counts(9)),
        ({"CRITICAL": "nine", "TOTAL": 9}, None),
        ({"CRITICAL": None, "TOTAL": 9}, make_counts(TOTAL=9)),
        ({"CRITICAL": [1], "TOTAL": 9}, None),
        ({"LOW": 4}, None),
        ({"TOTAL": 0}, make_counts(TOTAL=0)),
        ({"CRITICAL": 0}, make_counts()),
        ({"HIGH": 2}, make_counts(high=2)),
        ({"HIGH": 2, "TOTAL": -1}, None),
        ({"HIGH": True, "TOTAL": 3}, None),
        ({"MEDIUM": 1.5, "TOTAL": 3}, None),
        ({"MEDIUM": 2.0, "TOTAL": "3"}, make_counts(medium=2, TOTAL=3)),
        ({"MEDIUM": float("nan"), "TOTAL": 3}, None),
        ({"MEDIUM": float("inf")}, None),
        ({"CRITICAL": 1, "LOW": 5, "TOTAL": 9}, make_counts(1, TOTAL=9)),
    ],
)
def test_an_absent_count_is_zero_but_not_an_absent_total_or_an_odd_count(
    given: object, read: object
) -> None:
    assert read_request(make_event({"finding-severity-counts": given}), REGISTRY).announced == read


@pytest.mark.parametrize("status", [None, 7, ["x"]])
def test_an_odd_status_is_none(status: object) -> None:
    assert read_request(make_event({"scan-status": status}), REGISTRY).status is None

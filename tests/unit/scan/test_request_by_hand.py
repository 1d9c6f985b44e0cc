"""request: a request by hand, and what is no request at all."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from scan_brief.model import ByHandKey, RequestByHand
from scan_brief.scan.errors import InvalidRequest
from scan_brief.scan.request import Registry, ScanRequest, read_request
from tests.shapes import assert_shape
from tests.unit.builders import DIGEST, REGISTRY

EITHER = 'an "Inspector2 Scan" event, or {"repository": …, "imageTag" or "imageDigest": …}'
A_TAG = "an image tag of 1 to 128 characters"
A_DIGEST = "sha256: and 64 hexadecimal digits in lower case"


def refusal(request: object) -> str:
    with pytest.raises(InvalidRequest) as raised:
        read_request(request, REGISTRY)
    return str(raised.value)


@pytest.mark.parametrize("tag", ["latest", "1.4.2", "_", "v1_a-b.c", "A" * 128])
def test_a_tag_waits_to_be_resolved(tag: str) -> None:
    request = {"repository": "team/app", "imageTag": tag}
    assert_shape(request, RequestByHand)
    assert read_request(request, REGISTRY) == ScanRequest(
        registry=REGISTRY, repository="team/app", by_hand=True, tag=tag, digest=""
    )


def test_a_digest_is_read() -> None:
    request = {"repository": "sample-app", "imageDigest": DIGEST}
    assert_shape(request, RequestByHand)
    assert read_request(request, REGISTRY) == ScanRequest(
        registry=REGISTRY, repository="sample-app", by_hand=True, tag=None, digest=DIGEST
    )


def test_the_keys_that_are_read_are_those_of_the_shape() -> None:
    assert set(get_args(ByHandKey)) == set(RequestByHand.__annotations__)


@pytest.mark.parametrize(
    ("key", "bad", "accepted"),
    [
        *(
            ("imageTag", tag, A_TAG)
            for tag in ("", ".a", "-a", "a b", "a/b", "タグ", "A" * 129, "a\n", 1, None)
        ),
        *(
            ("imageDigest", digest, A_DIGEST)
            for digest in ("", "latest", DIGEST[7:], DIGEST + "0", 1, None)
        ),
    ],
)
def test_a_bad_tag_or_digest_is_named(key: str, bad: object, accepted: str) -> None:
    message = refusal({"repository": "sample-app", key: bad})
    assert message.startswith(f"{key}: given ")
    assert message.endswith(f"; accepted: {accepted}")


@pytest.mark.parametrize("image", [{}, {"imageTag": "latest", "imageDigest": DIGEST}])
def test_exactly_one_of_tag_and_digest_is_required(image: dict[str, str]) -> None:
    message = refusal({"repository": "sample-app", **image})
    assert message.startswith('imageTag, imageDigest: given {"repository": "sample-app"')
    assert message.endswith("; accepted: exactly one of the two")


@pytest.mark.parametrize(
    ("request_by_hand", "message"),
    [
        (
            {"imageTag": "latest"},
            "repository: given nothing; accepted: the name of an ECR repository of this stack's"
            " account and Region, such as sample-app or team/sample-app",
        ),
        (
            {"repository": "sample-app", "tag": "latest"},
            'tag: given "latest"; accepted: only repository, imageTag, imageDigest',
        ),
        (None, f"request: given null; accepted: {EITHER}"),
        ("latest", f'request: given "latest"; accepted: {EITHER}'),
        ([1], f"request: given [1]; accepted: {EITHER}"),
        (7, f"request: given 7; accepted: {EITHER}"),
        (True, f"request: given true; accepted: {EITHER}"),
    ],
)
def test_a_refusal_names_what_was_given_and_what_is_accepted(
    request_by_hand: object, message: str
) -> None:
    assert refusal(request_by_hand) == message


def test_an_empty_request_lacks_its_repository() -> None:
    assert refusal({}).startswith("repository: given nothing;")


@pytest.mark.parametrize("key", ["detail", "detail-type", "source"])
@pytest.mark.parametrize("value", ["x", None])
def test_a_part_of_an_event_is_read_as_an_event(key: str, value: object) -> None:
    assert refusal({key: value, "repository": "sample-app"}).startswith("source: given ")


def test_a_refusal_quotes_no_more_than_a_line() -> None:
    message = refusal({"repository": "あ" * 5000, "imageTag": "latest"})
    assert len(message) < 400
    assert "ああ" in message
    assert "…;" in message


def test_a_function_knows_its_registry() -> None:
    arn = "arn:aws-us-gov:lambda:us-gov-west-1:444455556666:function:ScanBrief-Fetch:live"
    assert Registry.of_function(arn) == Registry(
        account="444455556666", region="us-gov-west-1", partition="aws-us-gov"
    )


@pytest.mark.parametrize(
    ("urgent", "field"),
    [
        (None, "urgent"),
        ("CVE-1", "urgent"),
        ({}, "urgent.id"),
        ({"id": "\x00", "knownExploited": True, "others": 0}, "urgent.id"),
        ({"id": "CVE-1", "others": 0}, "urgent.knownExploited"),
        ({"id": "CVE-1", "knownExploited": 1, "others": 0}, "urgent.knownExploited"),
        ({"id": "CVE-1", "knownExploited": True}, "urgent.others"),
        ({"id": "CVE-1", "knownExploited": True, "others": True}, "urgent.others"),
        ({"id": "CVE-1", "knownExploited": True, "others": -1}, "urgent.others"),
        ({"id": "CVE-1", "knownExploited": True, "others": 10**9}, "urgent.others"),
    ],
)
def test_what_the_urgent_path_says_is_read_or_refused_by_field(urgent: Any, field: str) -> None:
    request = {"repository": "sample-app", "imageDigest": DIGEST, "urgent": urgent}
    assert refusal(request).startswith(f"{field}: given ")

"""request: a few words by hand, and what is no request at all."""

from __future__ import annotations

import pytest

from scan_brief.scan.errors import InvalidRequest
from scan_brief.scan.request import Registry, ScanRequest, read_request
from tests.unit.builders import DIGEST, REGISTRY

EITHER = 'an "Inspector2 Scan" event, or {"repository": …, "imageTag" or "imageDigest": …}'


def refusal(request: object) -> str:
    with pytest.raises(InvalidRequest) as raised:
        read_request(request, REGISTRY)
    return str(raised.value)


@pytest.mark.parametrize("tag", ["latest", "1.4.2", "_", "v1_a-b.c", "A" * 128])
def test_a_tag_is_kept_to_be_resolved(tag: str) -> None:
    assert read_request({"repository": "team/app", "imageTag": tag}, REGISTRY) == ScanRequest(
        registry=REGISTRY, repository="team/app", by_hand=True, tag=tag
    )


def test_a_digest_is_kept() -> None:
    assert read_request(
        {"repository": "sample-app", "imageDigest": DIGEST}, REGISTRY
    ) == ScanRequest(registry=REGISTRY, repository="sample-app", by_hand=True, digest=DIGEST)


@pytest.mark.parametrize("tag", ["", ".a", "-a", "a b", "a/b", "タグ", "A" * 129, "a\n", 1, None])
def test_a_bad_tag_is_named(tag: object) -> None:
    message = refusal({"repository": "sample-app", "imageTag": tag})
    assert message.startswith("imageTag: given ")
    assert message.endswith("; accepted: an image tag of 1 to 128 characters")


@pytest.mark.parametrize("digest", ["", "latest", DIGEST[7:], DIGEST + "0", 1, None])
def test_a_bad_digest_is_named(digest: object) -> None:
    message = refusal({"repository": "sample-app", "imageDigest": digest})
    assert message.startswith("imageDigest: given ")
    assert message.endswith("; accepted: sha256: and 64 hexadecimal digits in lower case")


@pytest.mark.parametrize(
    "request_by_hand",
    [
        {"repository": "sample-app"},
        {"repository": "sample-app", "imageTag": "latest", "imageDigest": DIGEST},
    ],
)
def test_exactly_one_of_tag_and_digest_is_wanted(request_by_hand: dict[str, str]) -> None:
    message = refusal(request_by_hand)
    assert message.startswith('imageTag, imageDigest: given {"repository": "sample-app"')
    assert message.endswith("; accepted: exactly one of the two")


def test_a_missing_repository_is_named() -> None:
    assert (
        refusal({"imageTag": "latest"})
        == "repository: given nothing; accepted: the name of an ECR repository, such as sample-app"
        " or team/sample-app"
    )
    assert refusal({}).startswith("repository: given nothing;")


def test_an_unknown_field_is_named() -> None:
    assert (
        refusal({"repository": "sample-app", "tag": "latest"})
        == 'tag: given "latest"; accepted: only repository, imageTag, imageDigest'
    )


@pytest.mark.parametrize(
    ("given", "shown"),
    [(None, "null"), ("latest", '"latest"'), ([1], "[1]"), (7, "7"), (True, "true")],
)
def test_what_is_no_object_is_no_request(given: object, shown: str) -> None:
    assert refusal(given) == f"request: given {shown}; accepted: {EITHER}"


@pytest.mark.parametrize("key", ["detail", "detail-type", "source"])
def test_half_an_event_is_read_as_an_event(key: str) -> None:
    assert refusal({key: "x"}).startswith("source: given ")


def test_a_refusal_quotes_no_more_than_a_line() -> None:
    message = refusal({"repository": "あ" * 5000, "imageTag": "latest"})
    assert len(message) < 400
    assert "ああ" in message
    assert "…;" in message


def test_the_registry_of_a_function_is_beside_it() -> None:
    arn = "arn:aws-us-gov:lambda:us-gov-west-1:444455556666:function:ScanBrief-Fetch:live"
    assert Registry.of_function(arn) == Registry(
        account="444455556666", region="us-gov-west-1", partition="aws-us-gov"
    )

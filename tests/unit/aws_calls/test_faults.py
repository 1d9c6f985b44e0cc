"""faults: the kind of each fault of botocore, and its text."""

from __future__ import annotations

import pytest

from scan_brief.aws.faults import Kind, classify
from tests.unit.aws_calls.fault_cases import KINDS, answer


@pytest.mark.parametrize(("fault", "kind"), KINDS, ids=repr)
def test_each_fault_has_a_kind(fault: Exception, kind: Kind) -> None:
    assert classify(fault).kind is kind


def test_every_kind_has_a_case() -> None:
    assert {kind for _, kind in KINDS} == set(Kind)


def test_a_refusal_is_one_line_of_plain_text() -> None:
    found = classify(answer("ValidationException", message="a\nb\x1b[31m"))
    assert (found.code, found.said) == ("ValidationException", "ValidationException: a b")


def test_the_message_of_a_wrong_signature_is_not_shown() -> None:
    """AWS's text contains the signed request, with a session's token."""
    message = "The Canonical String should have been 'x-amz-security-token:IQoJb3JpZ2lu'"
    text = classify(answer("SignatureDoesNotMatch", 403, message)).said
    assert text == "no valid credentials: SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("code", "member", "header", "seconds"),
    [
        ("ThrottlingException", 7, None, 7),
        ("InternalServerException", 7, "9", 7),
        ("ServiceUnavailable", None, "9", 9),
        ("ServiceUnavailable", None, None, 0),
        *(("ServiceUnavailable", None, odd, 0) for odd in ("-1", "1.5", "", "٣", "soon", "1 h")),
        ("ThrottlingException", 10**30, None, 10**8),
    ],
)
def test_the_seconds_that_aws_asks_to_wait(
    code: str, member: int | None, header: str | None, seconds: int
) -> None:
    fault = answer(code)
    fault.response["retryAfterSeconds"] = member
    fault.response["ResponseMetadata"]["HTTPHeaders"] = {"retry-after": header}
    found = classify(fault)
    assert (found.retry_after, found.throttled) == (seconds, code == "ThrottlingException")

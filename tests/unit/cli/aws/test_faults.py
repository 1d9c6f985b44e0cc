"""Faults of botocore by kind, and what either command says of each."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from scan_brief_cli.aws.faults import Kind, classify
from scan_brief_cli.doctor.faults import PermissionMissing, Refused, Unanswered, explain
from scan_brief_cli.rerun.calls import AwsFault, NotAnswered, NotPermitted, permitted


def answer(
    code: str, status: int = 400, message: str = "said AWS", operation: str = "StartExecution"
) -> ClientError:
    response = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, operation)


DENIED = (
    *(
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
        "Client.UnauthorizedOperation",
    ),
    *(
        "AuthorizationError",
        "AuthorizationErrorException",
        "NotAuthorized",
        "UnauthorizedException",
    ),
    *("NotAuthorizedException", "accessDenied"),
)
NOT_ACCEPTED = (
    *(
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidToken",
    ),
    *(
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
        "InvalidSignatureException",
    ),
)
THROTTLED = (
    *("Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException"),
    *("RequestLimitExceeded", "RateExceeded", "KMSThrottlingException"),
)
KINDS: list[tuple[Exception, Kind]] = [
    *((answer(code, 403), Kind.DENIED) for code in DENIED),
    *((answer(code, 403), Kind.CREDENTIALS) for code in NOT_ACCEPTED),
    (answer("AccessDenied", 403, operation="AssumeRole"), Kind.CREDENTIALS),
    (answer("AccessDenied", 403, operation="AssumeRoleWithWebIdentity"), Kind.CREDENTIALS),
    (answer("ForbiddenException", 403, operation="GetRoleCredentials"), Kind.CREDENTIALS),
    (NoCredentialsError(), Kind.CREDENTIALS),
    (CredentialRetrievalError(provider="x", error_msg="y"), Kind.CREDENTIALS),
    (SSOTokenLoadError(error_msg="x"), Kind.CREDENTIALS),
    (UnauthorizedSSOTokenError(), Kind.CREDENTIALS),
    (TokenRetrievalError(provider="sso", error_msg="Token has expired"), Kind.CREDENTIALS),
    *((answer(code), Kind.UNAVAILABLE) for code in THROTTLED),
    (answer("Anything", 429), Kind.UNAVAILABLE),
    (answer("InternalFailure", 500), Kind.UNAVAILABLE),
    (answer("ServiceUnavailable", 503, operation="AssumeRole"), Kind.UNAVAILABLE),
    (EndpointConnectionError(endpoint_url="https://x"), Kind.NO_ANSWER),
    (ConnectTimeoutError(endpoint_url="https://x"), Kind.NO_ANSWER),
    (ReadTimeoutError(endpoint_url="https://x"), Kind.NO_ANSWER),
    (answer("ValidationError"), Kind.REFUSED),
    (
        answer("KmsAccessDeniedException"),
        Kind.REFUSED,
    ),  # about another permission than the one asked with
    (ParamValidationError(report="x"), Kind.NOT_ASKED),
]
OF_DOCTOR = {Kind.DENIED: PermissionMissing, Kind.REFUSED: Refused}
OF_RERUN = {Kind.DENIED: NotPermitted, Kind.UNAVAILABLE: NotAnswered, Kind.NO_ANSWER: NotAnswered}
WORDS = {
    Kind.CREDENTIALS: "no valid credentials: ",
    Kind.UNAVAILABLE: "AWS throttles or is unavailable: ",
    Kind.NO_ANSWER: "no answer from AWS: ",
    Kind.NOT_ASKED: "not asked: ",
}


def raised_by_rerun(fault: Exception) -> AwsFault:
    with pytest.raises(AwsFault) as raised, permitted("states:StartExecution", "the machine"):
        raise fault
    return raised.value


@pytest.mark.parametrize(
    ("fault", "kind"), KINDS, ids=lambda each: getattr(each, "name", repr(each))
)
def test_each_fault_is_of_one_kind_for_both_commands(fault: Exception, kind: Kind) -> None:
    assert classify(fault).kind is kind
    assert type(explain("states:StartExecution", fault)) is OF_DOCTOR.get(kind, Unanswered)
    assert type(raised_by_rerun(fault)) is OF_RERUN.get(kind, AwsFault)


@pytest.mark.parametrize(
    ("fault", "kind"), [pair for pair in KINDS if pair[1] is not Kind.DENIED], ids=repr
)
def test_doctor_and_rerun_say_the_same(fault: Exception, kind: Kind) -> None:
    said = classify(fault).said
    assert said.startswith(WORDS.get(kind, ""))
    assert explain("states:StartExecution", fault).text == f"states:StartExecution: {said}"
    ending = "; sign in again" if kind is Kind.CREDENTIALS else ""
    assert str(raised_by_rerun(fault)) == f"states:StartExecution: {said}{ending}"


def test_every_kind_is_here() -> None:
    assert {kind for _, kind in KINDS} == set(Kind)


def test_a_missing_permission_is_named_with_what_it_is_for() -> None:
    said = str(
        raised_by_rerun(answer("AccessDeniedException", message="User: x is not authorized"))
    )
    assert (
        said == "the permission states:StartExecution on the machine is missing; AWS says: "
        "AccessDeniedException: User: x is not authorized"
    )


def test_a_refusal_is_one_line_of_plain_text() -> None:
    found = classify(answer("ValidationException", message="a\nb\x1b[31m"))
    assert (found.code, found.said) == ("ValidationException", "ValidationException: a b")


def test_of_a_signature_only_the_error_is_said() -> None:
    """AWS's text repeats what was signed, a session's token included."""
    message = (
        "The Canonical String for this request should have been 'x-amz-security-token:IQoJb3JpZ2lu'"
    )
    assert (
        classify(answer("SignatureDoesNotMatch", 403, message)).said
        == "no valid credentials: SignatureDoesNotMatch"
    )


def test_the_kind_of_a_denying_policy_is_read_behind_long_names() -> None:
    role = "arn:aws:sts::111122223333:assumed-role/" + "r" * 64 + "/" + "s" * 64
    resource = "arn:aws:sqs:ap-northeast-1:111122223333:" + "q" * 80
    message = (
        f"User: {role} is not authorized to perform: sqs:GetQueueAttributes on resource: {resource}"
        " with an explicit deny in a service control policy"
    )
    said = explain("sqs:GetQueueAttributes", answer("AccessDenied", 403, message)).text
    assert (
        said == "not checked: a service control policy denies the caller the permission"
        " sqs:GetQueueAttributes"
    )


def test_a_rerun_asks_with_documented_permissions_only() -> None:
    with (
        pytest.raises(RuntimeError, match="states:StopExecution"),
        permitted("states:StopExecution", "x"),
    ):
        pass

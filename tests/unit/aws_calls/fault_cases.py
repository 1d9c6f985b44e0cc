"""Faults of botocore, each with its kind."""

from __future__ import annotations

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

from scan_brief.aws.faults import Kind


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
    *("RequestLimitExceeded", "RateExceeded", "KMSThrottlingException", "LimitExceededException"),
    *("EC2ThrottledException", "SlowDown", "BandwidthLimitExceeded"),
)
FAILED = (
    *("InternalError", "InternalFailure", "InternalServerError", "InternalServerException"),
    *("InternalServiceError", "ServiceUnavailable", "ServiceUnavailableException"),
    *("RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete"),
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
    *((answer(code), Kind.UNAVAILABLE) for code in FAILED),
    (answer("Anything", 408), Kind.UNAVAILABLE),
    (answer("ServiceUnavailable", 503, operation="AssumeRole"), Kind.UNAVAILABLE),
    (EndpointConnectionError(endpoint_url="https://x"), Kind.NO_ANSWER),
    (ConnectTimeoutError(endpoint_url="https://x"), Kind.NO_ANSWER),
    (ReadTimeoutError(endpoint_url="https://x"), Kind.NO_ANSWER),
    (answer("ValidationError"), Kind.REFUSED),
    (answer("A_NEW_ERROR", 499), Kind.REFUSED),
    # botocore itself makes some without an answer of a service.
    (ClientError({}, "ListFindings"), Kind.REFUSED),
    # About another permission than that of the call.
    (answer("KmsAccessDeniedException"), Kind.REFUSED),
    (ParamValidationError(report="x"), Kind.NOT_ASKED),
]

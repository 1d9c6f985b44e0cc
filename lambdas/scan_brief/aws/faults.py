"""Classifies what botocore raises when a call of AWS fails."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import ConnectionError as NoConnection

from scan_brief.text import clean
from scan_brief.untrusted import read_object

if TYPE_CHECKING:
    from scan_brief.model import AnswerHeaders, AnswerMetadata, ErrorDetail, ErrorResponse

FAULTS = (ClientError, BotoCoreError)  # what a call, or the making of its client, may raise

# Patterns are compiled when they are first used, not at cold start.
# AccessDenied, AccessDeniedException, UnauthorizedOperation, NotAuthorized, AuthorizationError, …
# but not KmsAccessDeniedException, which is about another permission than the call's own.
_DENIED = r"(?i)(?<!^Kms)(access.?denied|not.?authori[sz]ed|unauthori[sz]ed|authorizationerror)"
# An HTTP status of 408, 429 or 5xx means the same; some services send these codes with 400.
_THROTTLED = (
    r"(?i)throttl|throughputexceeded|toomanyrequests|requestlimitexceeded|rateexceeded|^limitexceededexception$"
    r"|^slowdown$|bandwidthlimit"
)
_UNAVAILABLE = (
    r"(?i)^internal(server|service)?(exception|error|failure|fault)$"
    r"|^service(temporarily)?unavailable|^requesttimeout|^priorrequestnotcomplete$"
)
# The codes of every service that are about the credentials themselves.
_NOT_ACCEPTED = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "InvalidToken",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
# boto3 calls these to get a profile's credentials before the first call. We never call them.
_SIGN_IN = ("AssumeRole", "AssumeRoleWithWebIdentity", "GetRoleCredentials")
_NO_CREDENTIALS = (
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
)
_NO_ANSWER = (HTTPClientError, NoConnection)
# A denial names the caller, the action, the resource and, last, the kind of the policy.
_MOST_CHARACTERS = 1_000
_MOST_DIGITS = 9  # of a number of seconds


class Kind(Enum):
    """Why a call failed.

    DENIED: a permission is missing, or a policy denies it. CREDENTIALS: there are none, or AWS does
    not accept them. UNAVAILABLE: throttled, or an error of the service, at every try. NO_ANSWER: no
    try got an answer. REFUSED: AWS refuses for another reason. NOT_ASKED: the call never left this
    machine.
    """

    DENIED = auto()
    CREDENTIALS = auto()
    UNAVAILABLE = auto()
    NO_ANSWER = auto()
    REFUSED = auto()
    NOT_ASKED = auto()


# The same call may succeed later. Whether AWS carried it out is not known.
PASSING = (Kind.UNAVAILABLE, Kind.NO_ANSWER)
_WORDS = {
    Kind.CREDENTIALS: "no valid credentials: ",
    Kind.UNAVAILABLE: "AWS throttles or is unavailable: ",
    Kind.NO_ANSWER: "no answer from AWS: ",
    Kind.NOT_ASKED: "not asked: ",
}


@dataclass(frozen=True)
class Fault:
    """code: the service's name of the error, "" without an answer. said: one line for people.

    retry_after: how many seconds AWS asks to wait before the next call, 0 if it does not say.
    throttled: the caller calls too often.
    """

    kind: Kind
    code: str
    said: str
    retry_after: int = 0
    throttled: bool = False


def classify(fault: Exception) -> Fault:
    """What one of FAULTS means."""
    if isinstance(fault, ClientError):
        return _classify_answer(fault)
    kind = _find_kind(fault)
    return Fault(kind, "", f"{_WORDS[kind]}{clean(str(fault), _MOST_CHARACTERS)}")


def _find_kind(fault: Exception) -> Kind:
    if isinstance(fault, _NO_CREDENTIALS):
        return Kind.CREDENTIALS
    return Kind.NO_ANSWER if isinstance(fault, _NO_ANSWER) else Kind.NOT_ASKED


def _classify_answer(fault: ClientError) -> Fault:
    response: ErrorResponse = fault.response
    error: ErrorDetail = read_object(response.get("Error"))
    metadata: AnswerMetadata = read_object(response.get("ResponseMetadata"))
    code, status = clean(error.get("Code")), metadata.get("HTTPStatusCode")
    throttled = status == 429 or bool(re.search(_THROTTLED, code))
    kind = Kind.UNAVAILABLE
    if not throttled:
        kind = _find_kind_of_answer(code, status, str(fault.operation_name))
    # AWS answers a wrong signature with the signed request, which includes a session's token.
    said = code if kind is Kind.CREDENTIALS else f"{code}: {error.get('Message', '')}"
    said = f"{_WORDS.get(kind, '')}{clean(said, _MOST_CHARACTERS)}"
    return Fault(kind, code, said, _read_retry_after(response), throttled)


def _read_retry_after(response: ErrorResponse) -> int:
    """From the error's own member or, where the model has none, from the header."""
    metadata: AnswerMetadata = read_object(response.get("ResponseMetadata"))
    headers: AnswerHeaders = read_object(metadata.get("HTTPHeaders"))
    for stated in (response.get("retryAfterSeconds"), headers.get("retry-after")):
        text = str(stated)
        if text.isascii() and text.isdigit():
            return int(text[:_MOST_DIGITS])
    return 0


def _find_kind_of_answer(code: str, status: object, operation: str) -> Kind:
    failed = isinstance(status, int) and (status == 408 or status >= 500)
    if failed or re.search(_UNAVAILABLE, code):
        return Kind.UNAVAILABLE
    if code in _NOT_ACCEPTED or operation in _SIGN_IN:
        return Kind.CREDENTIALS
    return Kind.DENIED if re.search(_DENIED, code) else Kind.REFUSED

"""Pure: why AWS did not do what it was asked for. Each command says the rest of the sentence
itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

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

FAULTS = (ClientError, BotoCoreError)  # what a call may raise, the making of its client included

# AccessDenied, AccessDeniedException, UnauthorizedOperation, NotAuthorized, AuthorizationError, …
# but not KmsAccessDeniedException, which is about another permission than the one that was asked
# with.
_DENIED = re.compile(
    r"(?<!^Kms)(access.?denied|not.?authori[sz]ed|unauthori[sz]ed|authorizationerror)",
    re.IGNORECASE,
)
_THROTTLED = re.compile(r"throttl|toomanyrequests|requestlimitexceeded|rateexceeded", re.IGNORECASE)
# Of every service's codes those that mean the credentials themselves.
_NOT_ACCEPTED = frozenset(
    (
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
)
# boto3 makes credentials of a profile with these before the first call. No command asks for one of
# them itself.
_SIGN_IN = ("AssumeRole", "AssumeRoleWithWebIdentity", "GetRoleCredentials")
_NO_CREDENTIALS = (
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
)
_NO_ANSWER = (HTTPClientError, NoConnection)
_MOST_CHARACTERS = 1000  # a denial names caller, action, resource and, last, the kind of the policy


class Kind(Enum):
    """DENIED: a permission is missing, or a policy denies it. CREDENTIALS: there are none, or AWS
    takes them no more.

    UNAVAILABLE: throttled, or a fault of the service's own, at every try. NO_ANSWER: at no try did
    one come. REFUSED: AWS says no for another reason. NOT_ASKED: the question never left this
    machine.
    """

    DENIED = auto()
    CREDENTIALS = auto()
    UNAVAILABLE = auto()
    NO_ANSWER = auto()
    REFUSED = auto()
    NOT_ASKED = auto()


# After these the same call may succeed, and whether it was done already is not known.
PASSING = (Kind.UNAVAILABLE, Kind.NO_ANSWER)
_WORDS = {
    Kind.CREDENTIALS: "no valid credentials: ",
    Kind.UNAVAILABLE: "AWS throttles or is unavailable: ",
    Kind.NO_ANSWER: "no answer from AWS: ",
    Kind.NOT_ASKED: "not asked: ",
}


@dataclass(frozen=True)
class Fault:
    """Its kind, the error's name as the service has it ("" where AWS did not answer), and all of it
    on one line.
    """

    kind: Kind
    code: str
    said: str


def classify(fault: Exception) -> Fault:
    """Of one of FAULTS."""
    if isinstance(fault, ClientError):
        return _classify_answer(fault)
    kind = _find_kind(fault)
    return Fault(kind, "", f"{_WORDS[kind]}{clean(str(fault), _MOST_CHARACTERS)}")


def _classify_answer(fault: ClientError) -> Fault:
    error = fault.response.get("Error", {})
    code, kind = str(error.get("Code", "")), _find_kind_of_answer(fault)
    # To a wrong signature AWS answers with the request that was signed, a session's token included.
    said = code if kind is Kind.CREDENTIALS else f"{code}: {error.get('Message', '')}"
    return Fault(kind, code, f"{_WORDS.get(kind, '')}{clean(said, _MOST_CHARACTERS)}")


def _find_kind(fault: Exception) -> Kind:
    if isinstance(fault, _NO_CREDENTIALS):
        return Kind.CREDENTIALS
    return Kind.NO_ANSWER if isinstance(fault, _NO_ANSWER) else Kind.NOT_ASKED


def _find_kind_of_answer(fault: ClientError) -> Kind:
    code = str(fault.response.get("Error", {}).get("Code", ""))
    status = fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if _THROTTLED.search(code) or status == 429 or status >= 500:
        return Kind.UNAVAILABLE
    if code in _NOT_ACCEPTED or fault.operation_name in _SIGN_IN:
        return Kind.CREDENTIALS
    return Kind.DENIED if _DENIED.search(code) else Kind.REFUSED

"""Pure: why a call had no answer, in words, and what to do about it."""

from __future__ import annotations

import re

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection

from scan_brief.text import clean

# AccessDenied, AccessDeniedException, UnauthorizedOperation, NotAuthorized, AuthorizationError, … but not
# KmsAccessDeniedException, which is about another permission than the one that was asked with.
_DENIED = re.compile(
    r"(?<!^Kms)(access.?denied|not.?authori[sz]ed|unauthori[sz]ed|authorizationerror)", re.IGNORECASE
)
_THROTTLED = re.compile(r"throttl|toomanyrequests|requestlimitexceeded|rateexceeded", re.IGNORECASE)
# Without these nobody is asking: of every service's codes, those that mean the credentials themselves.
_NOT_ACCEPTED = frozenset(
    (
        *("ExpiredToken", "ExpiredTokenException", "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidToken"),
        *("RequestExpired", "SignatureDoesNotMatch", "UnrecognizedClientException", "InvalidSignatureException"),
    )
)
_NO_ANSWER = (HTTPClientError, NoConnection)
_DENYING_POLICY = re.compile(r"explicit deny in (an? [a-z -]+ policy)")


class Unanswered(Exception):
    """A question had no answer: what to say of it, and what to do."""

    def __init__(self, said: str, advice: str) -> None:
        super().__init__(said)
        self.said = said
        self.advice = advice


class PermissionMissing(Unanswered):
    """The caller may not ask this."""


class Refused(Unanswered):
    """AWS says no: `code` is the error's name, as the service has it."""

    def __init__(self, code: str, said: str, advice: str) -> None:
        super().__init__(said, advice)
        self.code = code


def explain(permission: str, fault: Exception) -> Unanswered:
    """Why a call of `permission` had no answer."""
    if isinstance(fault, ClientError):
        return _explain_refusal(permission, fault)
    if isinstance(fault, _NO_ANSWER):
        said = f"{permission}: no answer from AWS: {tell(fault)}"
        return Unanswered(said, "check the network, proxy and VPC endpoints here, then run it again")
    return Unanswered(f"{permission}: not asked: {tell(fault)}", "check the credentials and the AWS configuration")


def _explain_refusal(permission: str, fault: ClientError) -> Unanswered:
    code = _code(fault)
    if is_denial(fault):
        return _explain_denial(permission, tell(fault))
    if code in _NOT_ACCEPTED:
        return Unanswered(f"{permission}: AWS does not take the credentials: {code}", "renew them, then run it again")
    if is_passing(fault):
        return Unanswered(f"{permission}: AWS throttles or is unavailable: {tell(fault)}", "run it again later")
    return Refused(code, f"{permission}: {tell(fault)}", "repair what it says, then run it again")


def _explain_denial(permission: str, told: str) -> PermissionMissing:
    denying = _DENYING_POLICY.search(told)
    if denying and permission.startswith("ecr:") and denying[1] == "a resource-based policy":
        return PermissionMissing(
            f"the lock is on: a policy of the repository or registry denies this caller {permission}",
            "run it from an allowed network or endpoint, or as an exempt role, to see this too",
        )
    if denying:
        said = f"not seen: {denying[1]} denies the caller the permission {permission}"
        return PermissionMissing(said, f"run it as somebody whom it does not deny {permission}")
    return PermissionMissing(
        f"not seen: the permission {permission} is missing",
        f"allow the caller {permission}; docs/doctor.md has the whole policy",
    )


def is_denial(fault: Exception) -> bool:
    """A permission is missing, or a policy denies it."""
    return isinstance(fault, ClientError) and bool(_DENIED.search(_code(fault)))


def is_passing(fault: Exception) -> bool:
    """No answer, too many questions, or a fault of the service's own."""
    if not isinstance(fault, ClientError):
        return isinstance(fault, _NO_ANSWER)
    status = fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return bool(_THROTTLED.search(_code(fault))) or status == 429 or status >= 500


def _code(fault: ClientError) -> str:
    return str(fault.response.get("Error", {}).get("Code", ""))


def tell(fault: Exception) -> str:
    """The fault on one line."""
    if isinstance(fault, ClientError):
        return clean(f"{_code(fault)}: {fault.response.get('Error', {}).get('Message', '')}", 300)
    return clean(str(fault), 300)

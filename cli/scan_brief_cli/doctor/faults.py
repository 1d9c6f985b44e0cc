"""Why a call of the doctor failed, in words, and what to do about it. Pure."""

from __future__ import annotations

import re

from scan_brief.aws.faults import Kind, classify

_DENYING_POLICY = re.compile(r"explicit deny in (an? [a-z -]+ policy)")
_ADVICE = {
    Kind.CREDENTIALS: "sign in again",
    Kind.UNAVAILABLE: "run it again later",
    Kind.NO_ANSWER: "check the network, proxy and VPC endpoints here, then run it again",
    Kind.REFUSED: "fix what the message says, then run it again",
    Kind.NOT_ASKED: "check the credentials and the AWS configuration",
}


class Unanswered(Exception):
    """A call failed. The text says why; advice: what to do."""

    def __init__(self, text: str, advice: str) -> None:
        super().__init__(text)
        self.text = text
        self.advice = advice


class PermissionMissing(Unanswered):
    """The caller lacks the permission."""


class Refused(Unanswered):
    """AWS rejected the call. code: the error's name in the service's API."""

    def __init__(self, code: str, text: str, advice: str) -> None:
        super().__init__(text, advice)
        self.code = code


def explain(permission: str, fault: Exception) -> Unanswered:
    """Why a call that needs the permission failed. fault: one of aws.faults.FAULTS."""
    found = classify(fault)
    if found.kind is Kind.DENIED:
        return _explain_denial(permission, found.said)
    text, advice = f"{permission}: {found.said}", _ADVICE[found.kind]
    return (
        Refused(found.code, text, advice)
        if found.kind is Kind.REFUSED
        else Unanswered(text, advice)
    )


def _explain_denial(permission: str, message: str) -> PermissionMissing:
    denying = _DENYING_POLICY.search(message)
    if denying and permission.startswith("ecr:") and denying[1] == "a resource-based policy":
        return PermissionMissing(
            "the lock works: a policy of the repository or registry denies this caller"
            f" {permission}",
            "run it from an allowed network or endpoint, or as an exempt role, to check this too",
        )
    if denying:
        text = f"not checked: {denying[1]} denies the caller the permission {permission}"
        return PermissionMissing(text, f"run it as a principal that it does not deny {permission}")
    return PermissionMissing(
        f"not checked: the permission {permission} is missing",
        f"allow the caller {permission}; docs/doctor.md has the whole policy",
    )

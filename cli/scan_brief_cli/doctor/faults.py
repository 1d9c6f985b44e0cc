"""Pure: why a question of the doctor's had no answer, in words, and what to do about it."""

from __future__ import annotations

import re

from scan_brief.aws.faults import Kind, classify

_DENYING_POLICY = re.compile(r"explicit deny in (an? [a-z -]+ policy)")
_ADVICE = {
    Kind.CREDENTIALS: "sign in again",
    Kind.UNAVAILABLE: "run it again later",
    Kind.NO_ANSWER: "check the network, proxy and VPC endpoints here, then run it again",
    Kind.REFUSED: "repair what it says, then run it again",
    Kind.NOT_ASKED: "check the credentials and the AWS configuration",
}


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
    """Why a call of `permission` had no answer; `fault`: one of faults.FAULTS."""
    found = classify(fault)
    if found.kind is Kind.DENIED:
        return _explain_denial(permission, found.said)
    said, advice = f"{permission}: {found.said}", _ADVICE[found.kind]
    return (
        Refused(found.code, said, advice)
        if found.kind is Kind.REFUSED
        else Unanswered(said, advice)
    )


def _explain_denial(permission: str, told: str) -> PermissionMissing:
    denying = _DENYING_POLICY.search(told)
    if denying and permission.startswith("ecr:") and denying[1] == "a resource-based policy":
        return PermissionMissing(
            "the lock is on: a policy of the repository or registry denies this caller"
            f" {permission}",
            "run it from an allowed network or endpoint, or as an exempt role, to see this too",
        )
    if denying:
        said = f"not seen: {denying[1]} denies the caller the permission {permission}"
        return PermissionMissing(said, f"run it as somebody whom it does not deny {permission}")
    return PermissionMissing(
        f"not seen: the permission {permission} is missing",
        f"allow the caller {permission}; docs/doctor.md has the whole policy",
    )

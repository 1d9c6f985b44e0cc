"""A row of the table: a caller, what it tries, and the expected verdicts. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.policy.callers import (
    CHANGE_POLICY,
    READ,
    WRITE,
    Caller,
    Request,
    Verdict,
    session,
)

OTHER_ACCOUNT = "444455556666"

ALLOWED: tuple[Verdict, Verdict, Verdict] = ("allowed", "allowed", "allowed")
DENIED: tuple[Verdict, Verdict, Verdict] = ("denied", "denied", "denied")
NOT_GRANTED: tuple[Verdict, Verdict, Verdict] = ("not granted", "not granted", "not granted")


@dataclass(frozen=True, kw_only=True)
class Case:
    """words: describes the caller. expected: for reading, writing and changing the policy."""

    words: str
    caller: Caller
    expected: tuple[Verdict, Verdict, Verdict]
    reason: str
    policy: str = "settings"
    read: tuple[str, ...] = field(default=READ)
    write: tuple[str, ...] = field(default=WRITE)

    def expectations(self) -> list[tuple[Request, Verdict]]:
        """Each action as a request, with its expected verdict."""
        kinds = zip((self.read, self.write, CHANGE_POLICY), self.expected, strict=True)
        return [
            (Request(self.policy, self.caller, action), verdict)
            for actions, verdict in kinds
            for action in actions
        ]


DEVELOPER = session("developer")
STRANGER = session("developer", account=OTHER_ACCOUNT)

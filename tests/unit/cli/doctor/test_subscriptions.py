"""The stack's missing subscriptions; a pending one neither counts as missing nor hides one."""

from __future__ import annotations

import pytest

from scan_brief_cli.doctor.subscriptions import find_gone

TOPIC = "arn:aws:sns:eu-central-1:111122223333:Topic"
# As the stack's template has them, by address, and for addresses that are parameters, by number.
A, AB, B = (f"NotifierBriefTopic{left}examplecom6AC1C673" for left in ("a", "ab", "b"))
FIRST, SECOND = "NotifierBriefTopicEmail16AC1C673", "NotifierBriefTopicEmail26AC1C673"


def created(*logical_ids: str) -> dict[str, str]:
    return {logical_id: f"{TOPIC}:{logical_id}" for logical_id in logical_ids}


def entry(arn: str, name: str, protocol: str = "email") -> dict[str, str]:
    return {"SubscriptionArn": arn, "Protocol": protocol, "Endpoint": f"{name}@example.com"}


def confirmed(logical_id: str) -> dict[str, str]:
    return entry(f"{TOPIC}:{logical_id}", "x")


def pending(name: str, protocol: str = "email") -> dict[str, str]:
    return entry("PendingConfirmation", name, protocol)


CASES = {
    "nothing was made": ([], [confirmed(A)], []),
    "all are there": ([A, FIRST], [confirmed(A), confirmed(FIRST)], []),
    "one is missing": ([A, B], [confirmed(B)], [A]),
    "none is": ([A, B, FIRST, SECOND], [], [A, B, FIRST, SECOND]),
    "SNS still shows its address": (
        [A, B],
        [confirmed(B), entry("Deleted", "a")],
        ["a@example.com"],
    ),
    "two of them": (
        [A, B],
        [entry("Deleted", "b"), entry("Deleted", "a")],
        ["a@example.com", "b@example.com"],
    ),
    "twice the same": ([AB, B], [entry("Deleted", "b")] * 2, [AB, "b@example.com"]),
    "another's was deleted": ([A], [confirmed(A), entry("Deleted", "x")], []),
    "the address of a chat": ([A], [entry("Deleted", "a", "https")], [A]),
    "pending": ([A], [pending("a")], []),
    "pending, in other letters": ([A], [pending("A")], []),
    "one is pending, the other missing": ([A, B], [pending("b")], [A]),
    "one is pending, one confirmed, one missing": (
        [A, B, FIRST],
        [pending("b"), confirmed(FIRST)],
        [A],
    ),
    "the longer address is gone": ([AB, B], [pending("b")], [AB]),
    "the shorter address is gone": ([AB, B], [pending("ab")], [B]),
    "another's is pending": ([A], [pending("x")], [A]),
    "a chat that the stack made is pending": ([A], [pending("a", "https")], []),
    "by number, pending": ([FIRST], [pending("a")], []),
    "by number, one is pending": ([FIRST, SECOND], [pending("a")], [f"1 of {FIRST} and {SECOND}"]),
    "by number, all are pending": ([FIRST, SECOND], [pending("a"), pending("b")], []),
    "by number, more are pending": ([FIRST], [pending("a"), pending("b")], []),
    "by number, a chat is pending": ([FIRST], [pending("a", "https")], [FIRST]),
    "a pending one counts once": ([A, FIRST], [pending("a")], [FIRST]),
    "an entry without an address": ([A], [{**pending("a"), "Endpoint": ""}], [A]),
}


@pytest.mark.parametrize("case", CASES)
def test_missing_subscriptions(case: str) -> None:
    made, listed, gone = CASES[case]
    assert find_gone(created(*made), listed) == gone

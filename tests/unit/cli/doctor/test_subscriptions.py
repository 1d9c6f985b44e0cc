"""Which of the stack's subscriptions are gone, and that a pending one neither counts as gone nor
hides one.
"""

from __future__ import annotations

import pytest

from scan_brief_cli.doctor.subscriptions import find_gone

TOPIC = "arn:aws:sns:eu-central-1:111122223333:Topic"
# As the stack's template has them, by address, and for addresses that are parameters, by number.
A, AB, B = (f"NotifierBriefTopic{left}examplecom6AC1C673" for left in ("a", "ab", "b"))
FIRST, SECOND = "NotifierBriefTopicEmail16AC1C673", "NotifierBriefTopicEmail26AC1C673"


def make(*logical_ids: str) -> dict[str, str]:
    return {each: f"{TOPIC}:{each}" for each in logical_ids}


def entry(arn: str, name: str, protocol: str = "email") -> dict[str, str]:
    return {"SubscriptionArn": arn, "Protocol": protocol, "Endpoint": f"{name}@example.com"}


def there(logical_id: str) -> dict[str, str]:
    return entry(f"{TOPIC}:{logical_id}", "x")


def pending(name: str, protocol: str = "email") -> dict[str, str]:
    return entry("PendingConfirmation", name, protocol)


CASES = {
    "nothing was made": ([], [there(A)], []),
    "all are there": ([A, FIRST], [there(A), there(FIRST)], []),
    "one is not": ([A, B], [there(B)], [A]),
    "none is": ([A, B, FIRST, SECOND], [], [A, B, FIRST, SECOND]),
    "SNS still shows its address": ([A, B], [there(B), entry("Deleted", "a")], ["a@example.com"]),
    "two of them": (
        [A, B],
        [entry("Deleted", "b"), entry("Deleted", "a")],
        ["a@example.com", "b@example.com"],
    ),
    "twice the same": ([AB, B], [entry("Deleted", "b")] * 2, [AB, "b@example.com"]),
    "somebody else's was deleted": ([A], [there(A), entry("Deleted", "x")], []),
    "the address of a chat": ([A], [entry("Deleted", "a", "https")], [A]),
    "pending": ([A], [pending("a")], []),
    "pending, in other letters": ([A], [pending("A")], []),
    "one is pending, the other one gone": ([A, B], [pending("b")], [A]),
    "one is pending, one confirmed, one gone": ([A, B, FIRST], [pending("b"), there(FIRST)], [A]),
    "the longer address is gone": ([AB, B], [pending("b")], [AB]),
    "the shorter address is gone": ([AB, B], [pending("ab")], [B]),
    "somebody else is pending": ([A], [pending("x")], [A]),
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
def test_what_is_gone(case: str) -> None:
    made, listed, gone = CASES[case]
    assert find_gone(make(*made), listed) == gone

"""Which of the stack's subscriptions its topic no longer has. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from scan_brief_cli.json_object import Json

PENDING = "PendingConfirmation"  # in ListSubscriptionsByTopic, instead of an ARN
_DELETED = "Deleted"
_MAIL = "email"
# A logical id of the CDK ends with 8 hexadecimal digits. An address that is a token has a number
# instead of its text (scan_brief_cdk/notifier/topic.py).
_NUMBERED = re.compile(r"Email[0-9]+[0-9A-F]{8}\Z")
_HASH = 8


def find_gone(made: Mapping[str, str], listed: Sequence[Json]) -> list[str]:
    """The missing subscriptions: the address if SNS still lists it, else the logical id.

    made: logical id to ARN; CloudFormation also has the ARN of a pending subscription. listed: of
    ListSubscriptionsByTopic, which has no ARN of a pending subscription. So each pending one is
    matched with at most one of `made`.
    """
    present = {subscription["SubscriptionArn"] for subscription in listed}
    missing = [logical_id for logical_id, arn in made.items() if arn not in present]
    named = [logical_id for logical_id in missing if not _NUMBERED.search(logical_id)]
    numbered = [logical_id for logical_id in missing if _NUMBERED.search(logical_id)]
    unmatched = 0
    for pending in _select(listed, PENDING):
        own = _find(pending["Endpoint"], named)
        if own:
            named.remove(own)
        elif pending["Protocol"] == _MAIL:
            unmatched += 1
    return [*_name(named, listed), *_count(numbered, len(numbered) - unmatched)]


def _select(listed: Iterable[Json], state: str) -> list[Json]:
    return [subscription for subscription in listed if subscription["SubscriptionArn"] == state]


def _find(address: str, logical_ids: Iterable[str]) -> str | None:
    """The logical id of an address, of which the CDK keeps letters and digits.

    The shortest match: the id of ab@example.com also ends like that of b@example.com.
    """
    left = re.sub(r"[^A-Za-z0-9]", "", address).lower()
    found = [
        logical_id
        for logical_id in logical_ids
        if left and logical_id[:-_HASH].lower().endswith(left)
    ]
    return min(found, key=len, default=None)


def _name(logical_ids: Iterable[str], listed: Sequence[Json]) -> list[str]:
    names = {logical_id: logical_id for logical_id in logical_ids}
    for deleted in _select(listed, _DELETED):
        address = deleted["Endpoint"]
        own = _find(address, names) if deleted["Protocol"] == _MAIL else None
        names.update({own: address} if own else {})
    return list(names.values())


def _count(numbered: Sequence[str], gone: int) -> list[str]:
    """Numbered subscriptions look alike, so they are counted."""
    if gone <= 0:
        return []
    return list(numbered) if gone == len(numbered) else [f"{gone} of {' and '.join(numbered)}"]

"""Pure: which of the subscriptions that the stack made are gone from their topic."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

PENDING = "PendingConfirmation"  # as ListSubscriptionsByTopic has them in the place of an ARN
_DELETED = "Deleted"
_MAIL = "email"
# The end of a logical id of CDK's: 8 hexadecimal digits, and of an address that CDK does not know
# its number (scan_brief_cdk/notifier/topic.py).
_NUMBERED = re.compile(r"Email[0-9]+[0-9A-F]{8}\Z")
_HASH = 8
Json = Mapping[str, Any]


def find_gone(made: Mapping[str, str], listed: Sequence[Json]) -> list[str]:
    """What to call those that are gone: by address where SNS still shows it, or else by logical id.

    `made`: ARNs by logical ids, as CloudFormation has them, which knows the ARN of a pending one
    too. `listed`: of ListSubscriptionsByTopic, which has no ARN of a pending one. Each of these
    accounts for one that was made, at the most, so that neither is taken for the other.
    """
    there = {one["SubscriptionArn"] for one in listed}
    missing = [logical_id for logical_id, arn in made.items() if arn not in there]
    named = [one for one in missing if not _NUMBERED.search(one)]
    numbered = [one for one in missing if _NUMBERED.search(one)]
    unmatched = 0
    for one in _select(listed, PENDING):
        own = _find(one["Endpoint"], named)
        if own:
            named.remove(own)
        elif one["Protocol"] == _MAIL:
            unmatched += 1
    return [*_name(named, listed), *_count(numbered, len(numbered) - unmatched)]


def _select(listed: Iterable[Json], state: str) -> list[Json]:
    return [one for one in listed if one["SubscriptionArn"] == state]


def _find(address: str, logical_ids: Iterable[str]) -> str | None:
    """CDK leaves letters and digits of an address. The shortest: ab@example.com ends with
    b@example.com.
    """
    left = re.sub(r"[^A-Za-z0-9]", "", address).lower()
    found = [one for one in logical_ids if left and one[:-_HASH].lower().endswith(left)]
    return min(found, key=len, default=None)


def _name(logical_ids: Iterable[str], listed: Sequence[Json]) -> list[str]:
    names = {one: one for one in logical_ids}
    for address in [
        one["Endpoint"] for one in _select(listed, _DELETED) if one["Protocol"] == _MAIL
    ]:
        own = _find(address, names)
        names.update({own: address} if own else {})
    return list(names.values())


def _count(numbered: Sequence[str], gone: int) -> list[str]:
    """Which of them are pending cannot be told."""
    if gone <= 0:
        return []
    return list(numbered) if gone == len(numbered) else [f"{gone} of {' and '.join(numbered)}"]

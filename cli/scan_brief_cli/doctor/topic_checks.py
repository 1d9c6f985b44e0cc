"""Checks of a topic's subscriptions. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scan_brief_cli.doctor.check import Check, failure, ok, warning
from scan_brief_cli.doctor.subscriptions import PENDING, find_gone
from scan_brief_cli.json_object import Json

TOPIC = "topic"

_CONFIRM = (
    "follow the link in the confirmation email within 48 hours, or request it again: SNS console,"
    " Subscriptions"
)
_WHY_GONE = (
    "it was not confirmed within 48 hours, or a person, or a mail scanner that follows links,"
    " unsubscribed it"
)
# CloudFormation deploys nothing while the template stays the same.
_MAKE_AGAIN = (
    "remove the address from the settings, deploy, add it again, deploy, and confirm within 48"
    ' hours ("A subscription is gone" in docs/runbook.md)'
)


@dataclass(frozen=True)
class Words:
    """What is said of a topic: without subscriptions, and of a subscription that is gone."""

    what: str
    nobody: str
    subscribe: str
    gone: str
    make_again: str


BRIEFS = Words(
    what="topic",
    nobody="has no subscriptions",
    subscribe=(
        'add addresses to the setting "emails" and deploy, or subscribe in the SNS console with the'
        ' filter policy {"repositoryArn": ["ARN of the repository"]}; without it, the briefs of'
        " other teams arrive too"
    ),
    # CloudFormation sets the filter with SetSubscriptionAttributes, which then answers NotFound.
    gone=f"{_WHY_GONE}; a deployment that changes its filter will fail and be rolled back",
    make_again=f"before any other deployment, {_MAKE_AGAIN}",
)
OPERATIONS = Words(
    what="operations topic",
    nobody="has no subscriptions: alarms reach nobody",
    subscribe=(
        'add addresses to the setting "operationsEmails" and deploy; to the topic in'
        ' "alarmTopicArn", subscribe in the SNS console'
    ),
    gone=f"{_WHY_GONE}; alarms do not reach it",
    make_again=_MAKE_AGAIN,
)


def check_topic(
    arn: str, subscriptions: Sequence[Json], made: Mapping[str, str], words: Words = BRIEFS
) -> list[Check]:
    """subscriptions: of ListSubscriptionsByTopic. made: the stack's own, logical id to ARN.

    Endpoints are not shown, because a chat's can be a secret. Email addresses without a
    subscription are.
    """
    name = f"{words.what} {arn.rpartition(':')[2]}"
    present = [
        subscription
        for subscription in subscriptions
        if subscription["SubscriptionArn"] == PENDING or _is_confirmed(subscription)
    ]
    gone = find_gone(made, subscriptions)
    if not gone:
        return [_check_subscriptions(name, present, words)]
    text = f"the {name} has lost the subscription of {', '.join(gone)}: {words.gone}"
    return [
        failure(TOPIC, text, words.make_again),
        *([_check_subscriptions(name, present, words)] if present else []),
    ]


def _check_subscriptions(name: str, subscriptions: Sequence[Json], words: Words) -> Check:
    confirmed = [subscription for subscription in subscriptions if _is_confirmed(subscription)]
    pending = [subscription for subscription in subscriptions if not _is_confirmed(subscription)]
    if pending:
        text = (
            f"subscriptions of the {name}: not confirmed: {_count(pending)};"
            f" confirmed: {_count(confirmed)}"
        )
        return warning(TOPIC, text, _CONFIRM) if confirmed else failure(TOPIC, text, _CONFIRM)
    if not confirmed:
        return warning(TOPIC, f"the {name} {words.nobody}", words.subscribe)
    return ok(TOPIC, f"the {name} has confirmed subscriptions: {_count(confirmed)}")


def _is_confirmed(subscription: Json) -> bool:
    return str(subscription["SubscriptionArn"]).startswith("arn:")


def _count(subscriptions: Sequence[Json]) -> str:
    counts = Counter(str(subscription["Protocol"]) for subscription in subscriptions)
    return ", ".join(f"{count} {protocol}" for protocol, count in sorted(counts.items())) or "none"

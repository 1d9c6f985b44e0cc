"""Pure: from AWS's answers to checks, for the deployed stack: rule, dead-letter queue, workflow and
topic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from scan_brief.scan.request import Registry, ScanRequest
from scan_brief.text import clean
from scan_brief_cli.aws.console import locate_execution
from scan_brief_cli.doctor.check import Check, failure, ok, warning
from scan_brief_cli.doctor.moment import format_time
from scan_brief_cli.doctor.stack import RuleName, Stack
from scan_brief_cli.doctor.subscriptions import PENDING, find_gone

STACK = "stack"
RULE = "rule"
WATCHED = "watched"
QUEUE = "dead-letter-queue"
WORKFLOW = "workflow"
TOPIC = "topic"
Json = Mapping[str, Any]

_ENABLED = ("ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
_DEPLOY = "deploy the stack again (npx cdk deploy)"
_CONFIRM = (
    "follow the link in the confirmation mail within 48 hours, or request it again: SNS console,"
    " Subscriptions"
)
_SUBSCRIBE = (
    'put addresses into the setting "emails" and deploy, or subscribe by hand, with the filter'
    ' policy {"repositoryArn": ["ARN of the repository"]}, without which the briefs of other teams'
    " come too"
)
_WHY_GONE = (
    "it was not confirmed within 48 hours, or somebody, or a mail scanner that follows links,"
    " unsubscribed it"
)
# CloudFormation deploys nothing while the template stays the same.
_MAKE_AGAIN = (
    "take the address out of the settings, deploy, put it in again, deploy, and confirm within 48"
    ' hours ("Nothing arrived" in docs/runbook.md)'
)
# By the error's name; docs/runbook.md says more of each.
_RESTART = "repair what the cause says, then start it again from the console"
_ERRORS = {
    "InvalidRequest": "start it again with the input that the cause accepts",
    "ImageNotScanned": (
        "see what Inspector says of it (scan-brief doctor --repository), then ask again"
    ),
    "DetailsUnavailable": f'see "An alarm rang" in docs/runbook.md; {_RESTART}',
}


def check_stack(stack: Stack | None, name: str, registry: Registry) -> Check:
    """Is there a stack, and is it as CloudFormation wants it?"""
    if stack is None:
        said = f"there is no stack {name} in {registry.account} {registry.region}"
        return failure(
            STACK,
            said,
            "deploy it (npx cdk deploy), or give --stack-name, or another region or profile",
        )
    if stack.status.endswith("_IN_PROGRESS"):
        return warning(
            STACK, f"the stack {name} is changing: {stack.status}", "wait, then run it again"
        )
    if stack.status.endswith("_FAILED") or stack.status in ("ROLLBACK_COMPLETE", "DELETE_COMPLETE"):
        return failure(
            STACK, f"the stack {name} is not deployed: {stack.status}", f"see its events; {_DEPLOY}"
        )
    return ok(STACK, f"the stack {name} is deployed ({stack.status})")


def check_missing(name: str, what: str, stack: Stack) -> Check:
    """The stack has none of something that a Scan Brief consists of."""
    return failure(
        name,
        f"the stack {stack.name} has no {what}",
        "give the Scan Brief's own stack with --stack-name",
    )


def check_rule(
    rule: RuleName, described: Json, targets: Sequence[Json], state_machines: Collection[str]
) -> Check:
    """`described`: DescribeRule. `targets`: of ListTargetsByRule."""
    started = [str(one["Arn"]) for one in targets if one.get("Arn") in state_machines]
    if described.get("State") not in _ENABLED:
        said = f"the rule {rule.name} is {described.get('State')}: no scan starts the workflow"
        return failure(
            RULE, said, f"aws events enable-rule --name '{rule.name}' --event-bus-name '{rule.bus}'"
        )
    if not started:
        return failure(
            RULE, f"the rule {rule.name} does not start the stack's state machine", _DEPLOY
        )
    if rule.bus != "default":
        return failure(
            RULE,
            f"the rule {rule.name} is on the bus {rule.bus}; Inspector's events are not",
            _DEPLOY,
        )
    names = ", ".join(arn.rpartition(":")[2] for arn in started)
    return ok(RULE, f"the rule {rule.name} is enabled and starts {names}")


def check_watched(repository: str, watching: Sequence[str]) -> Check:
    """`watching`: names of the rules that take a scan event of this repository."""
    if watching:
        return ok(WATCHED, f"scans of {repository} are taken by the rule {', '.join(watching)}")
    said = f"no rule of the stack takes scans of {repository}"
    return failure(
        WATCHED, said, "name a repository that it watches, or deploy with this one in the settings"
    )


def note_described(described: Sequence[str]) -> Check:
    """`described`: what the repositories are called that the rules take beside those that they
    name.
    """
    return ok(
        WATCHED,
        f"scans of {', '.join(described)} are taken too; --repository NAME looks at one of these",
    )


def describe_scan(registry: Registry, repository: str) -> dict[str, Any]:
    """A scan event of this repository as EventBridge would get it, for TestEventPattern."""
    arn = ScanRequest(registry=registry, repository=repository).repository_arn
    return {
        "version": "0",
        "id": "00000000-0000-0000-0000-000000000000",
        "detail-type": "Inspector2 Scan",
        "source": "aws.inspector2",
        "account": registry.account,
        "time": "2026-01-31T09:30:00Z",
        "region": registry.region,
        "resources": [arn],
        "detail": {
            "scan-status": "INITIAL_SCAN_COMPLETE",
            "repository-name": arn,
            "finding-severity-counts": {"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "TOTAL": 0},
            "image-digest": f"sha256:{'0' * 64}",
            "image-tags": ["latest"],
        },
    }


def check_queue(url: str, attributes: Mapping[str, str]) -> Check:
    """`attributes`: of GetQueueAttributes, the counts of messages that wait and that are being
    looked at.
    """
    name, count = url.rpartition("/")[2], sum(int(value) for value in attributes.values())
    if not count:
        return ok(QUEUE, f"the dead-letter queue {name} is empty")
    said = f"the dead-letter queue {name} holds about {count} scan events that started nothing"
    return failure(
        QUEUE, said, 'repair the target, then "Replay the dead-letter queue" in docs/runbook.md'
    )


def check_execution(state_machine: str, newest: Json | None, described: Json) -> Check:
    """`newest`: the first of ListExecutions. `described`: DescribeExecution, of one that has ended
    badly.
    """
    name = state_machine.rpartition(":")[2]
    if newest is None:
        return warning(
            WORKFLOW,
            f"{name} was never started",
            "push an image, or ask for a brief by hand (README)",
        )
    status, since = newest["status"], format_time(newest["startDate"])
    if status == "RUNNING":
        return ok(WORKFLOW, f"the last execution of {name}, of {since}, is running")
    if status == "SUCCEEDED":
        return ok(WORKFLOW, f"the last execution of {name}, of {since}, succeeded")
    if status == "PENDING_REDRIVE":
        return warning(
            WORKFLOW, f"the last execution of {name}, of {since}, waits for its redrive", "wait"
        )
    said = f"the last execution of {name}, of {since}, ended as {status}{_tell_cause(described)}"
    error = str(described.get("error"))
    advice = f"{_ERRORS.get(error, _RESTART)}: {locate_execution(newest['executionArn'])}"
    return (warning if _is_answer(newest, error) else failure)(WORKFLOW, said, advice)


def _is_answer(newest: Json, error: str) -> bool:
    """Whether a person who asked was told no, about any image: it says nothing of the briefs of
    scans.
    """
    return error == "ImageNotScanned" or (
        error == "InvalidRequest" and str(newest.get("name")).startswith("rerun-")
    )


def _tell_cause(described: Json) -> str:
    """Error, and the cause's first line: both hold text of others."""
    lines = str(described.get("cause") or "").strip().splitlines()
    told = [clean(described.get("error"), 80), clean(lines[0] if lines else "", 500)]
    return "".join(f": {one}" for one in told if one)


def check_topic(arn: str, subscriptions: Sequence[Json], made: Mapping[str, str]) -> list[Check]:
    """`subscriptions`: of ListSubscriptionsByTopic. `made`: the ARNs of those that the stack made,
    by logical ids.

    Addresses are not shown, since one of a chat can be a secret; but those of gone mails are.
    """
    name = arn.rpartition(":")[2]
    there = [
        one for one in subscriptions if one["SubscriptionArn"] == PENDING or _is_confirmed(one)
    ]
    gone = find_gone(made, subscriptions)
    if not gone:
        return [_check_subscriptions(name, there)]
    said = f"gone from the topic {name}: the subscription of {', '.join(gone)}; {_WHY_GONE}"
    return [
        failure(TOPIC, said, _MAKE_AGAIN),
        *([_check_subscriptions(name, there)] if there else []),
    ]


def _check_subscriptions(name: str, subscriptions: Sequence[Json]) -> Check:
    confirmed = [one for one in subscriptions if _is_confirmed(one)]
    pending = [one for one in subscriptions if not _is_confirmed(one)]
    if pending:
        said = (
            f"of the topic {name}, not confirmed: {_count(pending)}; confirmed: {_count(confirmed)}"
        )
        return warning(TOPIC, said, _CONFIRM) if confirmed else failure(TOPIC, said, _CONFIRM)
    if not confirmed:
        return warning(TOPIC, f"nobody is subscribed to the topic {name}", _SUBSCRIBE)
    return ok(TOPIC, f"the topic {name} has confirmed subscriptions: {_count(confirmed)}")


def _is_confirmed(subscription: Json) -> bool:
    return str(subscription["SubscriptionArn"]).startswith("arn:")


def _count(subscriptions: Sequence[Json]) -> str:
    counts = Counter(str(one["Protocol"]) for one in subscriptions)
    return ", ".join(f"{count} {protocol}" for protocol, count in sorted(counts.items())) or "none"

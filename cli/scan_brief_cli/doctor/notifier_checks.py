"""Checks of the stack's rules, dead-letter queues and state machines. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from scan_brief.scan.request import Registry, ScanRequest
from scan_brief.text import clean
from scan_brief_cli.aws.console import locate_execution
from scan_brief_cli.doctor.check import Check, failure, ok, warning
from scan_brief_cli.doctor.moment import format_time
from scan_brief_cli.doctor.stack import RuleName, Stack
from scan_brief_cli.json_object import Json

STACK = "stack"
RULE = "rule"
WATCHED = "watched"
QUEUE = "dead-letter-queue"
WORKFLOW = "workflow"

_ENABLED = ("ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
_DEPLOY = "deploy the stack again (npx cdk deploy)"
# By the error's name; docs/runbook.md explains each.
_RESTART = "fix what the cause says, then start it again from the console"
_ERRORS = {
    "InvalidRequest": "start it again with the input that the cause accepts",
    "ImageNotScanned": (
        "check the image (scan-brief doctor --repository), then request the brief again"
    ),
    "NotStarted": f'see "An alarm rang" in docs/runbook.md; {_RESTART}',
    "SummaryNotSent": f'see "An alarm rang" in docs/runbook.md; {_RESTART}',
    "DigestNotSent": f'see "An alarm rang" in docs/runbook.md; {_RESTART}',
    "NotWatched": f'see "An alarm rang" in docs/runbook.md; {_RESTART}',
    "DetailsUnavailable": f'see "An alarm rang" in docs/runbook.md; {_RESTART}',
}

# A person's request was refused, which says nothing of the briefs of scans: a scan event that
# cannot be read ends as DetailsUnavailable.
_ANSWERS = ("InvalidRequest", "ImageNotScanned")


def check_stack(stack: Stack | None, name: str, registry: Registry) -> Check:
    """Whether the stack exists and is deployed."""
    if stack is None:
        text = f"there is no stack {name} in {registry.account} {registry.region}"
        return failure(
            STACK,
            text,
            "deploy it (npx cdk deploy), or set --stack-name, or another region or profile",
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
    """The stack lacks a resource that Scan Brief has."""
    return failure(
        name,
        f"the stack {stack.name} has no {what}",
        "set --stack-name to the stack of Scan Brief",
    )


def check_rule(
    rule: RuleName, described: Json, targets: Sequence[Json], destinations: Collection[str]
) -> Check:
    """described: of DescribeRule. targets: of ListTargetsByRule. destinations: the ARNs of the
    stack's state machines, and of the urgent path's queue.
    """
    started = [str(target["Arn"]) for target in targets if target.get("Arn") in destinations]
    if described.get("State") not in _ENABLED:
        text = f"the rule {rule.name} is {described.get('State')}: its events start nothing"
        return failure(
            RULE, text, f"aws events enable-rule --name '{rule.name}' --event-bus-name '{rule.bus}'"
        )
    if not started:
        return failure(
            RULE, f"the rule {rule.name} does not start the stack's state machine", _DEPLOY
        )
    if rule.bus != "default":
        return failure(
            RULE,
            f"the rule {rule.name} is on the bus {rule.bus}, but Inspector's events are on the"
            " default bus",
            _DEPLOY,
        )
    names = ", ".join(arn.rpartition(":")[2] for arn in started)
    verb = "fills" if ":sqs:" in started[0] else "starts"
    return ok(RULE, f"the rule {rule.name} is enabled and {verb} {names}")


def check_watched(repository: str, watching: Sequence[str]) -> Check:
    """watching: the names of the rules that match a scan event of the repository."""
    if watching:
        return ok(WATCHED, f"scans of {repository} match the rule {', '.join(watching)}")
    text = f"no rule of the stack matches scans of {repository}"
    return failure(
        WATCHED,
        text,
        "name a repository that the stack watches, or add this one to the settings and deploy",
    )


def note_described(described: Sequence[str]) -> Check:
    """described: patterns, such as team/*, that the rules match besides the names in them."""
    return ok(
        WATCHED,
        f"scans of {', '.join(described)} match too; --repository NAME checks one of them",
    )


def describe_scan(registry: Registry, repository: str) -> dict[str, Any]:
    """A scan event of the repository, for TestEventPattern."""
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


def check_queue(url: str, attributes: Mapping[str, str], *, replayed: bool = True) -> Check:
    """attributes: of GetQueueAttributes, the counts of messages by state. replayed: whether
    `scan-brief replay-dlq` reads the queue.
    """
    name, count = url.rpartition("/")[2], sum(int(value) for value in attributes.values())
    if not count:
        return ok(QUEUE, f"the dead-letter queue {name} is empty")
    text = f"the dead-letter queue {name} has about {count} events that started no execution"
    replay = "scan-brief replay-dlq --dry-run says why; fix it, then run scan-brief replay-dlq"
    return failure(QUEUE, text, replay if replayed else 'see "An alarm rang" in docs/runbook.md')


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
    text = f"the last execution of {name}, of {since}, ended as {status}{_format_cause(described)}"
    error = str(described.get("error"))
    advice = f"{_ERRORS.get(error, _RESTART)}: {locate_execution(newest['executionArn'])}"
    return (warning if error in _ANSWERS else failure)(WORKFLOW, text, advice)


def note_unused(state_machine: str, what: str) -> Check:
    """Of a machine that starts only when it is needed, so "never started" is ok."""
    return ok(WORKFLOW, f"{state_machine.rpartition(':')[2]}, {what}")


def _format_cause(described: Json) -> str:
    """The error and the first line of its cause. Both may have text from outside."""
    lines = str(described.get("cause") or "").strip().splitlines()
    parts = [clean(described.get("error"), 80), clean(lines[0] if lines else "", 500)]
    return "".join(f": {part}" for part in parts if part)

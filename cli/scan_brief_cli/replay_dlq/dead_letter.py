"""What a message of the dead-letter queue would have started, and of which image it is. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from scan_brief.text import clean
from scan_brief_cli.json_object import Json
from scan_brief_common.limits import REPOSITORY_ARN_CHARACTERS

_SCANS = ("Inspector2 Scan",)
_PUSHES = ("ECR Image Action", "Inspector2 Coverage")
_ID = re.compile(r"[0-9A-Za-z-]{1,50}", re.ASCII)  # EventBridge's are UUIDs
_HASH_DIGITS = 12
_SHOWN_CHARACTERS = 100
_SHOWN_DIGITS = len("sha256:") + 12


class Unreadable(Exception):
    """The message is no event that a state machine of the stack takes; the text says why."""


@dataclass(frozen=True)
class Machines:
    """The state machines that the stack's rules start, by ARN; pushes: "" if there is none."""

    scans: str
    pushes: str = ""


@dataclass(frozen=True)
class DeadLetter:
    """machine: to start, an ARN. name: of its execution. title: image and time, in one line."""

    machine: str
    name: str
    event: str
    title: str


def read_machines(outputs: Mapping[str, str]) -> Machines:
    """outputs: of the stack. One without DoorStateMachineArn starts the brief itself."""
    return Machines(
        outputs.get("DoorStateMachineArn") or outputs["StateMachineArn"],
        outputs.get("WatchdogStateMachineArn", ""),
    )


def read_dead_letter(body: str, attributes: Mapping[str, str], machines: Machines) -> DeadLetter:
    """body: the event. attributes: those that EventBridge gives the message. Raises Unreadable."""
    event = _read_event(body)
    return DeadLetter(
        _choose_machine(event, attributes.get("TARGET_ARN", ""), machines),
        _name_execution(event, body),
        body,
        _describe(event, attributes.get("ERROR_CODE", "")),
    )


def _read_event(body: str) -> Json:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("its body is not JSON") from None
    if not isinstance(event, dict):
        raise Unreadable("its body is not a JSON object")
    for name, kind, words in (
        *(("source", str, "a string"), ("detail-type", str, "a string")),
        ("detail", dict, "an object"),
    ):
        if not isinstance(event.get(name), kind):
            raise Unreadable(f"its body is no event of EventBridge: {name} is not {words}")
    return event


def _choose_machine(event: Json, target: str, machines: Machines) -> str:
    """The rule's target if the stack still has it, or else the one for events of this type."""
    known = {machine for machine in (machines.scans, machines.pushes) if machine}
    if target in known:
        return target
    kind = event["detail-type"]
    if kind in _SCANS:
        return machines.scans
    if kind in _PUSHES and machines.pushes:
        return machines.pushes
    said = clean(kind, _SHOWN_CHARACTERS)
    raise Unreadable(f'no state machine of the stack takes events of the type "{said}"')


def _name_execution(event: Json, body: str) -> str:
    """The same for the same event, so that Step Functions starts it once in 90 days.

    With a hash of the whole body, because another event under this name would count as started.
    """
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
    name = event.get("id")
    if isinstance(name, str) and _ID.fullmatch(name):
        return f"replay-{name}-{digest[:_HASH_DIGITS]}"
    return f"replay-{digest}"


def _describe(event: Json, error: str) -> str:
    parts = [_name_image(event["detail"]), clean(event.get("time"), _SHOWN_CHARACTERS)]
    why = clean(error, _SHOWN_CHARACTERS)
    return "  ".join([part for part in parts if part] + ([f"({why})"] if why else []))


def _name_image(detail: Json) -> str:
    """REPOSITORY:TAG, or REPOSITORY@ with the beginning of the digest."""
    repository = clean(detail.get("repository-name"), REPOSITORY_ARN_CHARACTERS)
    repository = repository.rpartition(":repository/")[2] or "an image"
    tags = detail.get("image-tags")
    tag = detail.get("image-tag") or (tags[0] if isinstance(tags, list) and tags else None)
    if isinstance(tag, str) and tag:
        return f"{repository}:{clean(tag, _SHOWN_CHARACTERS)}"
    digest = clean(detail.get("image-digest"), _SHOWN_CHARACTERS)
    return f"{repository}@{digest[:_SHOWN_DIGITS]}" if digest else repository

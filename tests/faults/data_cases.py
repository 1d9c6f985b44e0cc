"""The table of what Inspector lists otherwise than announced, and of unreadable requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.inspector2_double import AppearAt
from tests.faults.cases import LONG, Brief, Case, Event, Fallback, Nothing

ELSEWHERE = "arn:aws:ecr:eu-central-1:111122223333:repository/sample-app"
STRANGERS = "arn:aws:ecr:ap-northeast-1:444455556666:repository/sample-app"


def without_critical(findings: list[Event]) -> list[Event]:
    return [finding for finding in findings if finding["severity"] != "CRITICAL"]


def with_suppressed(findings: list[Event]) -> list[Event]:
    """Every critical finding is hidden by a suppression rule."""
    return [
        {**finding, "status": "SUPPRESSED"} if finding["severity"] == "CRITICAL" else finding
        for finding in findings
    ]


def with_repetition(findings: list[Event]) -> list[Event]:
    """The last finding of the first page is the first one of the second page, too."""
    in_order = sorted(findings, key=lambda finding: str(finding["findingArn"]))
    return [*in_order[:100], dict(in_order[99]), *in_order[100:]]


DATA_CASES = [
    Case(
        name="late",
        faults=(AppearAt(call=3, before=20),),
        end=Brief(),
    ),
    Case(
        name="severity-never-reached",
        findings=without_critical,
        end=Brief(
            attributes={"kind": "FINDINGS", "severity": "CRITICAL", "total": "47"},
            subject="CRITICAL",
            says="High 18",
        ),
    ),
    Case(
        name="suppressed",
        findings=with_suppressed,
        end=Brief(
            attributes={"kind": "FINDINGS", "severity": "HIGH", "total": "47"},
            subject="HIGH 18 · sample-app",
            says="13",
        ),
    ),
    Case(name="listed-twice", copies=5, findings=with_repetition, end=LONG),
]


def put(field: str, value: object) -> Callable[[Event], object]:
    """Another value of a field of the event, or of its detail."""

    def change(event: Event) -> None:
        part, _, name = field.rpartition(".")
        (event[part] if part else event)[name] = value

    return change


def drop(field: str) -> Callable[[Event], object]:
    """The event without a field."""

    def change(event: Event) -> None:
        part, _, name = field.rpartition(".")
        del (event[part] if part else event)[name]

    return change


UNREADABLE: dict[str, tuple[Callable[[Event], object], str]] = {
    "no-digest": (drop("detail.image-digest"), "detail.image-digest"),
    "odd-digest": (put("detail.image-digest", "sha256:XYZ"), "detail.image-digest"),
    "digest-null": (put("detail.image-digest", None), "detail.image-digest"),
    "no-time": (drop("time"), "time"),
    "odd-time": (put("time", "yesterday"), "time"),
    "no-account": (drop("account"), "account"),
    "odd-account": (put("account", 111122223333), "account"),
    "no-region": (drop("region"), "region"),
    "detail-text": (put("detail", "none"), "detail"),
    "no-repository": (drop("detail.repository-name"), "detail.repository-name"),
    "odd-repository": (put("detail.repository-name", ["sample-app"]), "detail.repository-name"),
    "another-account": (put("account", "444455556666"), "account"),
    "another-region": (put("region", "eu-central-1"), "region"),
    "another-regions-repository": (
        put("detail.repository-name", ELSEWHERE),
        "detail.repository-name",
    ),
    "another-accounts-repository": (
        put("detail.repository-name", STRANGERS),
        "detail.repository-name",
    ),
}
UNREADABLE_CASES = [
    Case(
        name=f"event-{name}",
        change=change,
        end=Fallback(reason=f"UnreadableEvent: {named}: given ", cause=f"{named}: given "),
    )
    for name, (change, named) in UNREADABLE.items()
]


def ask(request: Any) -> Callable[[Event], object]:
    """Replace the event by a request of a person."""

    def change(event: Event) -> None:
        event.clear()
        event.update(request)

    return change


BY_HAND: dict[str, tuple[Event, str]] = {
    "empty": ({}, "repository: given nothing"),
    "unknown-field": ({"Comment": "Insert your JSON here"}, "Comment: given"),
    "no-image": ({"repository": "sample-app"}, "imageTag, imageDigest: given"),
    "odd-digest": ({"repository": "sample-app", "imageDigest": "latest"}, "imageDigest: given"),
    "large": ({"repository": "x" * 64_000, "imageTag": "latest"}, "repository: given"),
    "other-event": ({"source": "aws.ec2", "detail": {}}, 'source: given "aws.ec2"'),
}
BY_HAND_CASES = [
    Case(
        name=f"by-hand-{name}",
        change=ask(request),
        end=Nothing(error="InvalidRequest", cause=cause),
    )
    for name, (request, cause) in BY_HAND.items()
]

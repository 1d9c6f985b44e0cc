"""What digests are made of in tests: findings of many images, and an audience's windows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from scan_brief.findings.digest import Gathered, Span, build_digest
from scan_brief.findings.digest_images import LastPushed
from scan_brief.findings.digest_news import News
from scan_brief.findings.digest_windows import Windows
from scan_brief.findings.selection import Lookup
from scan_brief.model import Digest, DigestWindow, Intelligence, Mark
from tests.shapes import assert_shape
from tests.unit.builders import REGISTRY, make_finding, make_image

UNTIL = datetime(2026, 2, 2, 8, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=1)
MIDDLE = UNTIL - timedelta(hours=12)


def digest_of(character: str) -> str:
    return "sha256:" + character * 64


def new_finding(
    number: int,
    repository: str = "sample-app",
    image: str = "a",
    *,
    at: datetime = MIDDLE,
    of_image: dict[str, Any] | None = None,
    **members: Any,
) -> dict[str, Any]:
    """A finding as botocore parses it. image: a hexadecimal digit, of its digest."""
    resource = make_image()
    details = resource["details"]["awsEcrContainerImage"]
    details |= {"repositoryName": repository, "imageHash": digest_of(image), **(of_image or {})}
    arn = f"arn:aws:inspector2:eu-central-1:111122223333:finding/{number:031x}{image}"
    own = {"firstObservedAt": at, "findingArn": arn, **members}
    return make_finding(number, resources=[resource], **own)


def window(until: datetime, routes: Sequence[str], others: Sequence[str] = ()) -> DigestWindow:
    return {"until": f"{until:%Y-%m-%dT%H:%M:%SZ}", "routes": [*routes], "others": [*others]}


def mark_of(repository: str, image: str, line: str = "DEBIAN_12/arm64") -> Mark:
    return {
        "repository": repository,
        "line": line,
        "digest": digest_of(image),
        "scannedAt": "2026-01-31T23:30:00Z",
        "findings": "findings#1",
        "parts": 1,
    }


def gather(
    findings: Iterable[dict[str, Any]],
    *,
    routes: Sequence[str] = ("*",),
    others: Sequence[str] = (),
    reported: Iterable[DigestWindow] = (),
    marks: Sequence[Mark] = (),
    most_lookups: int = 2_000,
) -> News:
    windows = Windows(reported, SINCE, routes, others)

    def list_marks(repository: str) -> Sequence[Mark]:
        return [mark for mark in marks if mark["repository"] == repository]

    news = News(windows, UNTIL, LastPushed(list_marks), most_lookups)
    news.add(findings)
    return news


def make_digest(
    news: News,
    known: dict[str, Intelligence] | None = None,
    more: Gathered | None = None,
    *,
    all_quiet: bool = False,
) -> Digest | None:
    lookup = None if known is None else Lookup(known, {*known})
    span = Span(
        audience="0123456789ab",
        arns=["arn:aws:ecr:eu-central-1:111122223333:repository/*"],
        registry=REGISTRY,
        since=SINCE,
        until=UNTIL,
        lost="",
        complete=True,
    )
    digest = build_digest(span, news, lookup, more or Gathered(), all_quiet=all_quiet)
    if digest:
        assert_shape(digest, Digest)
    return digest

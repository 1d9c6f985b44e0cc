"""Summaries and digests, made up, whose messages are in goldens/."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import scan_brief_cli
from scan_brief.brief.digest import DigestFormatter
from scan_brief.brief.summary import SummaryFormatter
from scan_brief.model import Brief, Digest, GatheredImage, Summary
from scan_brief.settings import FormatSettings

SAMPLES = Path(scan_brief_cli.__file__).parent / "sample"

ARN = "arn:aws:ecr:eu-central-1:111122223333:repository"
COUNTS: Any = {
    "CRITICAL": 0,
    "HIGH": 0,
    "MEDIUM": 0,
    "LOW": 0,
    "INFORMATIONAL": 0,
    "UNTRIAGED": 0,
}


def make_summary(**members: Any) -> Summary:
    """Of no image, but for what is given."""
    summary: Summary = {
        "summary": "20260131T233000Z-0123456789ab",
        "startedAt": "2026-01-31T23:30:00Z",
        "endedAt": "2026-01-31T23:35:00Z",
        "limit": 20,
        "account": "111122223333",
        "region": "eu-central-1",
        "partition": "aws",
        "arns": [f"{ARN}/team-a/*"],
        "images": [],
        "imagesOmitted": [],
        "total": 0,
        "findings": 0,
        "counts": COUNTS,
        "knownExploited": 0,
        "attacked": 0,
        "notScanned": 0,
        "upgrades": [],
        "upgradesOmitted": 0,
    }
    return summary | members  # type: ignore[return-value]


def make_digest(**members: Any) -> Digest:
    """With nothing new, but for what is given."""
    digest: Digest = {
        "digest": "2026-01-31-0123456789ab",
        "since": "2026-01-29T23:00:00Z",
        "until": "2026-01-30T23:00:00Z",
        "memoryLost": None,
        "account": "111122223333",
        "region": "eu-central-1",
        "partition": "aws",
        "arns": [f"{ARN}/team-a/*"],
        "repositories": 6,
        "images": 41,
        "counts": COUNTS,
        "total": 0,
        "knownExploited": 0,
        "lookedUp": None,
        "complete": True,
        "allQuiet": False,
        "groups": [],
        "groupsOmitted": 0,
        "findingsOmitted": 0,
        "fixes": [],
        "fixesOmitted": 0,
        "overdue": [],
        "overdueOmitted": 0,
        "fellOut": [],
        "fellOutOmitted": 0,
        "unscanned": [],
        "unscannedOmitted": 0,
        "heldBack": [],
        "heldBackOmitted": 0,
        "remember": None,
    }
    return digest | members  # type: ignore[return-value]


def read_sample(name: str) -> Any:
    """summary or digest, as `scan-brief preview` shows it."""
    return json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))


def make_image(number: int, repository: str = "team-a/app", **members: Any) -> GatheredImage:
    """With one HIGH finding, but for what is given."""
    image: GatheredImage = {
        "repository": repository,
        "digest": f"sha256:{number:064x}",
        "tag": f"1.4.{number}",
        "tagsOmitted": 0,
        "architecture": "amd64",
        "kind": "FINDINGS",
        "severity": "HIGH",
        "counts": COUNTS | {"HIGH": 1},
        "total": 1,
        "knownExploited": 0,
        "notScanned": None,
    }
    return image | members  # type: ignore[return-value]


def sum_up(images: list[GatheredImage], **members: Any) -> Summary:
    """The summary of these images and of `imagesOmitted`, whose numbers add up."""
    omitted = sum(row["images"] for row in members.get("imagesOmitted", []))
    counts: Any = {name: sum(image["counts"].get(name, 0) for image in images) for name in COUNTS}
    return make_summary(
        images=images,
        total=len(images) + omitted,
        findings=sum(counts.values()),
        counts=counts,
        knownExploited=sum(image["knownExploited"] for image in images),
        attacked=sum(image["knownExploited"] > 0 for image in images),
        notScanned=sum(image["notScanned"] is not None for image in images),
        **members,
    )


def settings_of(language: str) -> FormatSettings:
    zone = {"en": "UTC", "ja": "Asia/Tokyo"}[language]
    return FormatSettings(language=language, time_zone=ZoneInfo(zone))


def format_summary(summary: Summary, language: str) -> Brief:
    return SummaryFormatter(settings_of(language)).format(summary)


def format_digest(digest: Digest, language: str) -> Brief:
    return DigestFormatter(settings_of(language)).format(digest)


def _summary(summary: Summary) -> Callable[[str], Brief]:
    return lambda language: format_summary(summary, language)


def _digest(**members: Any) -> Callable[[str], Brief]:
    return lambda language: format_digest(make_digest(**members), language)


SEVERAL_CASES: dict[str, Callable[[str], Brief]] = {
    "summary": _summary(read_sample("summary")),
    "summary_of_one_image": _summary(sum_up([make_image(1)])),
    "summary_of_clear_images": _summary(
        sum_up(
            [
                make_image(n, kind="CLEAR", severity="NONE", counts=COUNTS, total=0)
                for n in range(21)
            ]
        )
    ),
    "digest": lambda language: format_digest(read_sample("digest"), language),
    "digest_all_quiet": _digest(allQuiet=True),
    "digest_incomplete": _digest(
        complete=False,
        memoryLost="UNREADABLE",
        total=3,
        counts=COUNTS | {"HIGH": 3},
        findingsOmitted=3,
        lookedUp={"findings": 1, "left": 2, "failure": "THROTTLED"},
    ),
    "digest_without_new_findings": _digest(
        overdue=[
            {
                "id": "CVE-2021-44228",
                "dueDate": "2026-01-30",
                "repositories": ["team-a/app"],
                "repositoriesOmitted": 0,
                "images": 1,
            }
        ],
        overdueOmitted=1,
    ),
}

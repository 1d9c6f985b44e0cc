"""Pure: writes the document of a summary for queues and functions. See document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scan_brief.brief.document import SCHEMA_VERSION, add_total, dump_known, write_cloud
from scan_brief.brief.image_sections import decide_worst

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scan_brief.model import (
        BriefedImage,
        GatheredImage,
        GatheredResource,
        NamedResource,
        Summary,
        SummaryDocument,
    )

_UPGRADES = 10


def write_summary(summary: Summary, images: Sequence[GatheredImage]) -> str:
    """make_summary_document as JSON."""
    return dump_known(make_summary_document(summary, images))


def make_summary_document(summary: Summary, images: Sequence[GatheredImage]) -> SummaryDocument:
    """With these of the summary's images; the others are counted."""
    upgrades = summary["upgrades"]
    return {
        "schemaVersion": SCHEMA_VERSION,
        "kind": "SUMMARY",
        "id": summary["summary"],
        "severity": decide_worst(summary),
        "total": summary["findings"],
        "cloud": write_cloud(summary),
        "startTime": summary["startedAt"],
        "endTime": summary["endedAt"],
        "briefLimit": summary["limit"],
        "imageCount": summary["total"],
        "knownExploitedImages": summary["attacked"],
        "notScanned": summary["notScanned"],
        "counts": add_total(summary["counts"]),
        "knownExploited": summary["knownExploited"],
        "upgrades": upgrades[:_UPGRADES],
        "upgradesOmitted": summary["upgradesOmitted"] + len(upgrades[_UPGRADES:]),
        "resources": [_write_gathered(image) for image in images],
        "resourcesOmitted": summary["total"] - len(images),
    }


def write_resource(image: BriefedImage) -> NamedResource:
    """What tells an image."""
    return {
        "name": image["repository"],
        "imageDigest": image["digest"],
        "imageTag": image["tag"],
        "imageTagsOmitted": image["tagsOmitted"],
        "architecture": image["architecture"],
    }


def _write_gathered(image: GatheredImage) -> GatheredResource:
    return {
        **write_resource(image),
        "kind": image["kind"],
        "severity": image["severity"],
        "total": image["total"],
        "knownExploited": image["knownExploited"],
        "reason": image["notScanned"],
    }
